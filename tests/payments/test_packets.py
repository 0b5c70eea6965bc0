"""Red packets: what is put in is what comes out, to whoever is in the chat and opens it in time."""

import random
from datetime import timedelta
from math import sqrt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from chat import actions as chat
from payments import actions, queries
from payments.actions import Means
from payments.errors import (
    BadPacket,
    KeyReused,
    LimitReached,
    NotOpened,
    PacketEmpty,
    PacketExpired,
    PacketNotFound,
    PacketNotYours,
    ShareOutOfRange,
    TooManyShares,
)
from payments.models import Bill, LedgerAccount, RedPacket
from superapp.kernel import outbox, time
from superapp.kernel.errors import TooMany
from tests import cast
from tests.chat.conftest import group, room
from tests.payments.between import cards, lines, pack, rich, waits
from tests.payments.wallets import DECLINED, bind, has, run_gateway, verify

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(alice):
    return rich(alice)


@pytest.fixture
def dora(group):
    return group.memberships.get(account__name="Dora").account


def later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


def run_jobs():
    return outbox.run_due(outbox.DEFAULT, limit=100)


def opens(account, packet):
    return actions.open_packet(opener=account, packet_id=packet.public_id)


# ---- drawing


@given(st.data())
def test_shares_add_up_and_stay_in_their_bounds(data):
    most = data.draw(st.integers(1, 60_000))
    count = data.draw(st.integers(1, 100))
    total = data.draw(st.integers(count, count * most))
    shares = queries.draw_shares(total, count, most, random.Random(total))
    assert len(shares) == count
    assert sum(shares) == total
    assert min(shares) >= 1
    assert max(shares) <= most


def test_nobodys_place_decides_what_they_get():
    """Each place's mean lies within four standard errors of the mean of all, and so does its chance
    to be the luckiest: without the shuffle the last place is luckiest in one packet of four."""
    luck, packets, count, total = random.Random(8), 4000, 8, 8800
    sums, squares, luckiest = [0] * count, [0] * count, [0] * count
    for _packet in range(packets):
        shares = queries.draw_shares(total, count, 20_000, luck)
        for place, share in enumerate(shares):
            sums[place] += share
            squares[place] += share * share
        luckiest[shares.index(max(shares))] += 1
    for place in range(count):
        mean = sums[place] / packets
        spread = sqrt((squares[place] / packets - mean**2) / packets)
        assert abs(mean - total / count) < 4 * spread
        chance = 1 / count
        assert abs(luckiest[place] / packets - chance) < 4 * sqrt(chance * (1 - chance) / packets)


def test_the_commitment_binds_the_order(payer, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    said = queries.commitment_of(packet.public_id, packet.salt, packet.shares)
    assert said == packet.commitment
    other = queries.commitment_of(packet.public_id, packet.salt, [*packet.shares[::-1], 1])
    assert other != said


# ---- sending


def test_the_money_leaves_and_waits_in_the_packet(payer, bob, room):
    packet = pack(payer, room, 888, greeting="Best wishes")
    assert (has(payer), waits("rp", packet.public_id)) == (99_112, 888)
    assert (packet.kind, packet.receiver, packet.status) == ("single", bob, "open")
    assert cards(room) == [("packet", packet.public_id)]


def test_a_second_press_sends_one_packet(payer, bob, group):
    first = pack(payer, group, 1000, kind="lucky", count=2, client_id="same")
    again = pack(payer, group, 1000, kind="lucky", count=2, client_id="same")
    assert first.public_id == again.public_id
    assert (has(payer), len(cards(group))) == (99_000, 1)
    with pytest.raises(KeyReused):
        pack(payer, group, 1000, kind="lucky", count=3, client_id="same")


def test_what_does_not_make_a_packet(payer, bob, carol, room, group, settings):
    for why, minor, more, where in (
        (ShareOutOfRange, 20_001, {}, room),
        (ShareOutOfRange, 1, {"kind": "lucky", "count": 2}, group),
        (ShareOutOfRange, 60_001, {"kind": "lucky", "count": 3}, group),
        (TooManyShares, 1000, {"kind": "lucky", "count": 4}, group),
        (TooManyShares, 1000, {"count": 2}, room),
        (BadPacket, 1000, {"kind": "lucky", "count": 0}, group),
        (BadPacket, 1001, {"kind": "identical", "count": 2}, group),
        (BadPacket, 1000, {"kind": "", "count": 2}, group),
        (BadPacket, 100, {"kind": "exclusive", "receiver_id": payer.public_id}, group),
    ):
        with pytest.raises(why):
            pack(payer, where, minor, **more)
    settings.PACKET_DAY_CAPS = [9, 9, 9, 9]
    with pytest.raises(LimitReached):
        pack(payer, room, 1000)
    assert (RedPacket.objects.count(), has(payer), cards(room), cards(group)) == (
        0,
        100_000,
        [],
        [],
    )


def test_on_festive_days_more_fits_in(payer, bob, room, settings):
    settings.PACKET_FESTIVE_DAYS = [f"{time.now():%m-%d}"]
    assert pack(payer, room, 52_000).amount == 52_000


def test_packets_do_not_come_by_the_hundred(payer, bob, room, settings):
    settings.PACKET_BURST, settings.PACKET_BURST_SECONDS = 2, 100_000
    pack(payer, room, 100)
    pack(payer, room, 100)
    with pytest.raises(TooMany):
        pack(payer, room, 100)
    assert len(cards(room)) == 2


def test_the_database_refuses_shares_that_do_not_add_up(payer, bob, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    for shares in ([500, 499, 2], [500, 500], [1001, 0, -1]):
        with pytest.raises(IntegrityError, match="packet_shares_add_up"), transaction.atomic():
            RedPacket.objects.filter(pk=packet.pk).update(shares=shares)


def test_a_card_that_says_no_brings_no_packet(alice, bob, room):
    verify(alice)
    bind(alice, DECLINED)
    packet = pack(alice, room, 1000, means=Means())
    run_gateway()
    packet.refresh_from_db()
    assert (packet.status, cards(room)) == ("failed", [])
    with pytest.raises(PacketNotFound):
        opens(bob, packet)


def test_a_card_that_paid_brings_it(alice, bob, room):
    verify(alice)
    bind(alice)
    packet = pack(alice, room, 1000, means=Means())
    with pytest.raises(PacketNotFound):
        queries.packet_for(bob, packet.public_id)
    run_gateway()
    assert cards(room) == [("packet", packet.public_id)]
    assert opens(bob, packet).amount == 1000


# ---- opening


def test_a_tap_reserves_nothing(payer, bob, dora, group):
    packet = pack(payer, group, 100, kind="lucky", count=1)
    assert queries.tap(bob, packet, time.now()).state == "ready"
    assert queries.tap(dora, packet, time.now()).state == "ready"
    opens(dora, packet)
    packet.refresh_from_db()
    assert queries.tap(bob, packet, time.now()).state == "taken"
    assert queries.tap(dora, packet, time.now()).state == "opened"
    with pytest.raises(PacketEmpty):
        opens(bob, packet)
    assert (has(dora), has(bob)) == (100, 0)


def test_opening_again_gives_the_same_share(payer, bob, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    first = opens(bob, packet)
    assert opens(bob, packet).pk == first.pk
    assert has(bob) == first.amount
    packet.refresh_from_db()
    assert (packet.claimed, packet.taken) == (1, first.amount)


def test_all_shares_are_opened_in_their_order_and_the_luckiest_is_known_then(
    payer, bob, dora, group
):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    drawn = list(packet.shares)
    got = [opens(account, packet).amount for account in (bob, dora)]
    packet.refresh_from_db()
    assert queries.luckiest_of(packet) is None
    got.append(opens(payer, packet).amount)
    packet.refresh_from_db()
    assert got == drawn
    assert (packet.status, waits("rp", packet.public_id)) == ("exhausted", 0)
    assert LedgerAccount.objects.get(code=f"escrow:rp:{packet.public_id}").status == "closed"
    best = queries.luckiest_of(packet)
    assert best.number == drawn.index(max(drawn)) + 1
    assert lines(group)[-1] == "payments.packet_taken"
    assert has(payer) == 99_000 + got[2]
    assert sorted(b.amount for b in Bill.objects.filter(account=payer)) == [-1000, got[2]]


def test_of_equally_lucky_ones_the_earliest_is_named(payer, bob, dora, group):
    packet = pack(payer, group, 300, kind="lucky", count=3)
    RedPacket.objects.filter(pk=packet.pk).update(shares=[100, 100, 100])
    for account in (dora, bob, payer):
        opens(account, packet)
    packet.refresh_from_db()
    assert queries.luckiest_of(packet).account == dora


def test_who_may_not_open(payer, bob, carol, dora, room, group):
    mine = pack(payer, room, 100)
    with pytest.raises(PacketNotYours):
        opens(payer, mine)
    with pytest.raises(PacketNotFound):
        opens(carol, mine)
    exclusive = pack(payer, group, 100, kind="exclusive", receiver_id=dora.public_id)
    for somebody in (bob, payer):
        with pytest.raises(PacketNotYours):
            opens(somebody, exclusive)
    assert opens(dora, exclusive).amount == 100
    assert (has(bob), has(carol)) == (0, 0)


def test_who_left_between_tap_and_open_gets_nothing(payer, bob, dora, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    opens(dora, packet)
    for gone in (bob, dora):
        assert queries.tap(gone, packet, time.now()).state in {"ready", "opened"}
        chat.remove_member(actor=payer, conversation_id=group.public_id, member=gone)
    with pytest.raises(PacketNotFound):
        opens(bob, packet)
    with pytest.raises(PacketNotFound):
        queries.packet_for(bob, packet.public_id)
    assert opens(dora, packet).number == 1  # what they got before stays theirs to see


def test_what_is_opened_counts_as_received(payer, bob, room, settings):
    settings.RECEIVE_CAPS = [5, 5, 5, 5]
    packet = pack(payer, room, 501)
    with pytest.raises(LimitReached):
        opens(bob, packet)
    packet.refresh_from_db()
    assert (packet.claimed, waits("rp", packet.public_id), has(bob)) == (0, 501, 0)


def test_a_thank_you_is_left_by_who_got_something(payer, bob, dora, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    with pytest.raises(NotOpened):
        actions.thank_for_packet(opener=bob, packet_id=packet.public_id, text="thanks")
    opens(bob, packet)
    claim = actions.thank_for_packet(opener=bob, packet_id=packet.public_id, text="thanks \n a lot")
    assert claim.thanks == "thanks a lot"


# ---- what nobody opened


def test_after_a_day_exactly_the_rest_goes_back(payer, bob, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    share = opens(bob, packet).amount
    with later(hours=24, seconds=1):
        with pytest.raises(PacketExpired):
            opens(payer, packet)
        run_jobs()
        actions.end_packet(packet_id=packet.public_id)
    packet.refresh_from_db()
    assert (packet.status, packet.taken, packet.refunded) == ("refunded", share, 1000 - share)
    assert (has(payer), has(bob), waits("rp", packet.public_id)) == (100_000 - share, share, 0)
    assert lines(group)[-1] == "payments.packet_expired"


def test_what_nobody_opened_frees_the_limits_of_the_day(payer, bob, room):
    packet = pack(payer, room, 1000)
    with later(hours=24, seconds=1):
        run_jobs()
    assert has(payer) == 100_000
    assert not payer.limit_uses.exclude(rule="free_day").filter(used__gt=0).exists()
    packet.refresh_from_db()
    assert packet.status == "refunded"


def test_a_disbanded_group_gives_everything_back_at_once(payer, bob, group):
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    share = opens(bob, packet).amount
    chat.disband_group(actor=payer, conversation_id=group.public_id)
    with pytest.raises(PacketNotYours):
        opens(payer, packet)
    run_jobs()
    packet.refresh_from_db()
    assert (packet.status, has(payer)) == ("refunded", 100_000 - share)


def test_frozen_money_waits_for_its_owner(payer, bob, room):
    packet = pack(payer, room, 1000)
    LedgerAccount.objects.filter(owner=payer, kind="available").update(status="frozen")
    with later(hours=25):
        run_jobs()
        assert waits("rp", packet.public_id) == 1000
        LedgerAccount.objects.filter(owner=payer, kind="available").update(status="open")
    with later(hours=27):
        run_jobs()
    assert (has(payer), waits("rp", packet.public_id)) == (100_000, 0)


def test_members_are_told_and_strangers_are_not(payer, bob, dora, group, heard):
    cast.make_person("Eve")
    packet = pack(payer, group, 1000, kind="lucky", count=3)
    heard.clear()
    with heard.during():
        opens(bob, packet)
    told = {(ids, event["kind"]) for ids, event in heard}
    assert (tuple(sorted((payer.pk, bob.pk, dora.pk))), "chat.messages_changed") in told
    assert ((bob.pk,), "payments.wallet_changed") in told
