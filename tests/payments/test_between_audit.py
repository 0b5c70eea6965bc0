"""The checks of money between people: quiet while all is right, loud when rows are wrong."""

import pytest

from payments import actions
from payments.models import PacketClaim, RedPacket, Split, Transfer
from payments.queries.people_audit import AUDITS
from superapp.kernel.money import Money
from tests.chat.conftest import group, room
from tests.payments.between import key, pack, rich, send

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


def faults(number):
    return list(AUDITS[number].faults())


@pytest.fixture
def busy(alice, bob, room, group):
    """One of everything, at different points of its life."""
    rich(alice), rich(bob)
    waiting, accepted, returned = (send(alice, room, 100) for _number in range(3))
    actions.accept_transfer(receiver=bob, transfer_id=accepted.public_id)
    actions.return_transfer(receiver=bob, transfer_id=returned.public_id)
    packet = pack(alice, group, 1000, kind="lucky", count=3)
    actions.open_packet(opener=bob, packet_id=packet.public_id)
    gone = pack(alice, room, 50)
    actions.open_packet(opener=bob, packet_id=gone.public_id)
    split = actions.split_equally(
        maker=alice,
        conversation_id=group.public_id,
        amount=Money(1001, "CNY"),
        people=[alice.public_id, bob.public_id],
        client_id=key(),
    )
    actions.pay_share(payer=bob, split_id=split.public_id, means=actions.Means())
    return waiting, packet, split


def test_right_books_are_quiet(busy):
    assert {number: faults(number) for number in AUDITS} == {"I9": [], "I10": []}


def test_a_thing_and_its_account_that_differ_are_found(busy):
    waiting, packet, _split = busy
    Transfer.objects.filter(pk=waiting.pk).update(amount=99)
    RedPacket.objects.filter(pk=packet.pk).update(taken=0)
    assert [fault.split()[0] for fault in sorted(faults("I9"))] == [
        f"escrow:rp:{packet.public_id}",
        f"escrow:tr:{waiting.public_id}",
    ]
    assert [fault.split(":")[0] for fault in faults("I10")] == [packet.public_id]


def test_a_thing_that_ended_with_money_in_it_is_found(busy):
    waiting = busy[0]
    Transfer.objects.filter(pk=waiting.pk).update(status="accepted")
    assert faults("I9") == [f"escrow:tr:{waiting.public_id} should hold 0 and holds 100"]


def test_a_claim_of_another_share_and_a_lost_payment_are_found(busy):
    _waiting, packet, split = busy
    PacketClaim.objects.filter(packet=packet).update(number=2)
    Split.objects.filter(pk=split.pk).update(own_part=400)
    assert {fault.split(":")[0] for fault in faults("I10")} == {packet.public_id, split.public_id}
