"""One scenario for each action of money between people."""

from datetime import timedelta

import time_machine

from chat import actions as chat
from payments import actions
from payments.actions import Means
from superapp.kernel import time
from superapp.kernel.money import Money
from tests.payments.between import pack, rich, send

SCENARIOS = {}
YUAN = Money(100, "CNY")


def scenario(make):
    def steps(w):
        rich(w.alice), rich(w.bob)
        yield from make(w)

    SCENARIOS[make.__name__] = steps
    return make


def _later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


def _ask(w):
    place = {"conversation_id": w.room.public_id, "client_id": "ask"}
    return actions.request_money(asker=w.alice, amount=YUAN, **place)


def _split(w, **more):
    people = [w.bob.public_id, w.dora.public_id]
    place = {"conversation_id": w.group.public_id, "client_id": "split", "amount": YUAN}
    return actions.split_equally(maker=w.alice, people=people, **place)


def _pack(w, count=2):
    return pack(w.alice, w.group, 100, kind="lucky", count=count)


@scenario
def send_transfer(w):
    yield
    send(w.alice, w.room, 100)


@scenario
def accept_transfer(w):
    sent = send(w.alice, w.room, 100)
    yield
    actions.accept_transfer(receiver=w.bob, transfer_id=sent.public_id)


@scenario
def accept_transfer_that_arrives_later(w):
    sent = send(w.alice, w.room, 100, delay=7200)
    yield
    actions.accept_transfer(receiver=w.bob, transfer_id=sent.public_id)


@scenario
def return_transfer(w):
    sent = send(w.alice, w.room, 100)
    yield
    actions.return_transfer(receiver=w.bob, transfer_id=sent.public_id)


@scenario
def end_transfer(w):
    sent = send(w.alice, w.room, 100, delay=7200)
    actions.accept_transfer(receiver=w.bob, transfer_id=sent.public_id)
    with _later(hours=3):
        yield
        actions.end_transfer(transfer_id=sent.public_id)


@scenario
def request_money(w):
    yield
    _ask(w)


@scenario
def pay_request(w):
    asked = _ask(w)
    yield
    actions.pay_request(payer=w.bob, request_id=asked.public_id, means=Means())


@scenario
def decline_request(w):
    asked = _ask(w)
    yield
    actions.decline_request(payer=w.bob, request_id=asked.public_id)


@scenario
def cancel_request(w):
    asked = _ask(w)
    yield
    actions.cancel_request(asker=w.alice, request_id=asked.public_id)


@scenario
def remind_request(w):
    asked = _ask(w)
    yield
    actions.remind_request(asker=w.alice, request_id=asked.public_id)


@scenario
def split_equally(w):
    yield
    _split(w)


@scenario
def split_by_parts(w):
    yield
    actions.split_by_parts(
        maker=w.alice,
        conversation_id=w.group.public_id,
        client_id="parts",
        amount=YUAN,
        parts={w.bob.public_id: 60, w.alice.public_id: 40},
    )


@scenario
def pay_share(w):
    made = _split(w)
    yield
    actions.pay_share(payer=w.bob, split_id=made.public_id, means=Means())


@scenario
def remind_split(w):
    made = _split(w)
    yield
    actions.remind_split(maker=w.alice, split_id=made.public_id)


@scenario
def close_split(w):
    made = _split(w)
    yield
    actions.close_split(maker=w.alice, split_id=made.public_id)


@scenario
def send_packet(w):
    yield
    _pack(w)


@scenario
def open_packet(w):
    packet = _pack(w)
    yield
    actions.open_packet(opener=w.bob, packet_id=packet.public_id)


@scenario
def open_packet_that_is_empty_then(w):
    packet = _pack(w, count=1)
    yield
    actions.open_packet(opener=w.bob, packet_id=packet.public_id)


@scenario
def thank_for_packet(w):
    packet = _pack(w)
    actions.open_packet(opener=w.bob, packet_id=packet.public_id)
    yield
    actions.thank_for_packet(opener=w.bob, packet_id=packet.public_id, text="thanks")


@scenario
def end_packet(w):
    """Of a group that is no more, before its time."""
    packet = _pack(w)
    chat.disband_group(**w.lead())
    yield
    actions.end_packet(packet_id=packet.public_id)


@scenario
def pay_by_code(w):
    code = actions.own_receive_code(owner=w.carol)
    yield
    actions.pay_by_code(
        payer=w.alice, token=code.token, amount=YUAN, client_id="pay", means=Means()
    )
