"""Many at once, on connections that see each other's commits: one of them wins, the sums hold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from chat import actions as chat
from chat.models import Conversation, Membership
from chat.states import ConversationKind
from payments import actions
from payments.actions import Means
from payments.errors import PacketEmpty, TransferOver
from payments.models import Journal, PacketClaim, RedPacket, Transfer
from superapp.kernel import outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money
from tests import cast
from tests.accounts.test_races import at_once
from tests.chat.conftest import group, room
from tests.payments.between import means, pack, rich, send, waits
from tests.payments.wallets import has

__all__ = ["group", "room"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def payer(alice):
    return rich(alice)


def crowd(owner, size):
    """A group of the owner and `size` others."""
    members = [owner, *(cast.make_person(f"P{number}") for number in range(size))]
    group = Conversation.objects.create(
        kind=ConversationKind.GROUP, title="Crowd", members_count=len(members)
    )
    Membership.objects.bulk_create(
        [Membership(conversation=group, account=account) for account in members]
    )
    return group, members[1:]


@pytest.mark.slow
def test_five_hundred_open_ten_shares(payer):
    group, members = crowd(payer, 125)
    packet = pack(payer, group, 8800, kind="lucky", count=10)
    start = Barrier(20)

    def knocks(number):
        """Each of 25 callers knocks 20 times: everybody four times, from four places."""
        if number < 20:
            start.wait()
        found = []
        for turn in range(20):
            member = members[(number * 20 + turn) % len(members)]
            try:
                claim = actions.open_packet(opener=member, packet_id=packet.public_id)
                found.append((member.pk, claim.number, claim.amount))
            except Refusal as refusal:
                found.append(refusal)
        connection.close()
        return found

    with ThreadPoolExecutor(25) as pool:
        answers = [one for found in pool.map(knocks, range(25)) for one in found]
    won = {answer for answer in answers if isinstance(answer, tuple)}
    lost = [answer for answer in answers if not isinstance(answer, tuple)]
    packet.refresh_from_db()
    assert len(answers) == 500
    assert {type(answer) for answer in lost} == {PacketEmpty}
    assert sorted(number for _pk, number, _amount in won) == list(range(1, 11))
    assert len({pk for pk, _number, _amount in won}) == 10
    assert sum(amount for _pk, _number, amount in won) == 8800
    assert (packet.status, packet.taken, waits("rp", packet.public_id)) == ("exhausted", 8800, 0)
    assert PacketClaim.objects.count() == 10
    by_pk = {member.pk: member for member in members}
    assert all(has(by_pk[pk]) == amount for pk, _number, amount in won)


@pytest.mark.parametrize("turn", range(3))
def test_accept_return_and_the_end_at_once_have_one_outcome(payer, bob, room, turn):
    transfer = send(payer, room)
    end = transfer.due_at + timedelta(microseconds=turn - 1)
    name = {"receiver": bob, "transfer_id": transfer.public_id}

    def step(number):
        if number == 2:
            return actions.end_transfer(transfer_id=transfer.public_id)
        return (actions.accept_transfer, actions.return_transfer)[number](**name)

    with time_machine.travel(end, tick=False):
        answers = at_once(3, step)
    transfer.refresh_from_db()
    moved = Journal.objects.filter(ref=transfer.public_id).exclude(kind="transfer.sent")
    assert moved.count() == 1
    assert waits("tr", transfer.public_id) == 0
    if transfer.status == "accepted":
        assert (has(payer), has(bob)) == (95_000, 5000)
    else:
        assert transfer.status in {"returned", "expired"}
        assert (has(payer), has(bob)) == (100_000, 0)
    assert sum(isinstance(answer, TransferOver) for answer in answers[:2]) >= 1


@pytest.mark.parametrize("turn", range(3))
def test_open_and_the_end_at_once_share_it_out_exactly(payer, bob, group, turn):
    packet = pack(payer, group, 1000, kind="identical", count=2)
    dora = group.memberships.get(account__name="Dora").account

    def step(number):
        if number == 2:
            return outbox.run_due(outbox.DEFAULT, limit=10)
        opener = (bob, dora)[number]
        return actions.open_packet(opener=opener, packet_id=packet.public_id)

    with time_machine.travel(packet.due_at + timedelta(microseconds=turn - 1), tick=False):
        at_once(3, step)
    with time_machine.travel(packet.due_at + timedelta(seconds=1)):
        actions.end_packet(packet_id=packet.public_id)
    packet.refresh_from_db()
    assert packet.taken + packet.refunded == 1000
    assert has(bob) + has(dora) == packet.taken == 500 * packet.claimed
    assert has(payer) == 100_000 - packet.taken
    assert waits("rp", packet.public_id) == 0


def test_a_group_that_ends_while_its_packet_is_opened(payer, bob, group):
    packet = pack(payer, group, 1000, kind="identical", count=2)

    def step(number):
        if number == 1:
            return chat.disband_group(actor=payer, conversation_id=group.public_id)
        return actions.open_packet(opener=bob, packet_id=packet.public_id)

    at_once(2, step)
    outbox.run_due(outbox.DEFAULT, limit=10)
    packet.refresh_from_db()
    assert (packet.status, packet.taken + packet.refunded) == ("refunded", 1000)
    assert (has(bob), has(payer)) == (packet.taken, 100_000 - packet.taken)


def test_one_press_sent_thirty_times_sends_once(payer, bob, room):
    answers = at_once(30, lambda _n: send(payer, room, 100, client_id="same", means=Means()))
    assert len({answer.public_id for answer in answers}) == 1
    assert (Transfer.objects.count(), has(payer)) == (1, 99_900)


def test_one_press_packs_once(payer, bob, room):
    answers = at_once(10, lambda _n: pack(payer, room, 100, client_id="same", means=Means()))
    assert len({answer.public_id for answer in answers}) == 1
    assert (RedPacket.objects.count(), has(payer)) == (1, 99_900)


def test_a_request_paid_twice_at_once_is_paid_once(alice, bob, room):

    rich(bob)
    request = actions.request_money(
        asker=alice, conversation_id=room.public_id, amount=Money(1200, "CNY"), client_id="ask"
    )
    at_once(
        6,
        lambda _n: actions.pay_request(
            payer=bob, request_id=request.public_id, means=means(source="balance")
        ),
    )
    assert (has(alice), has(bob)) == (1200, 98_800)
    assert time.now() < request.due_at


def test_people_who_pay_in_a_circle_at_once_are_all_paid(alice, bob, carol):
    people = [rich(account) for account in (alice, bob, carol)]
    codes = [actions.own_receive_code(owner=account) for account in people]

    def step(number):
        """Each pays the next one, and half of them the one before."""
        payer = number % 3
        payee = (payer + (1 if number % 2 else 2)) % 3
        return actions.pay_by_code(
            payer=people[payer],
            token=codes[payee].token,
            amount=Money(100, "CNY"),
            client_id=f"circle-{number}",
            means=Means(),
        )

    answers = at_once(12, step)
    assert [answer.status for answer in answers] == ["accepted"] * 12
    assert sum(has(account) for account in people) == 300_000
    assert all(has(account) == 100_000 for account in people)
