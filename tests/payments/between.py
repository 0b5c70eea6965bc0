"""Words of the tests about money between people."""

import itertools

from chat import actions as chat
from payments import actions, ledger
from payments.actions import Means
from payments.actions.authorising import set_password
from superapp.kernel.money import Money
from tests.payments.wallets import PASSWORD, give_money, verify

_ids = itertools.count(1)


def rich(account, minor=100_000, currency="CNY"):
    """Somebody verified, with a payment password and money."""
    verify(account)
    if not account.wallet.password_hash:
        set_password(account=account, password=PASSWORD)
    give_money(account, minor, currency)
    return account


def means(**more):
    return Means(password=PASSWORD, session="s1", **more)


def key():
    return f"press-{next(_ids)}"


def send(sender, room, minor=5000, **more):
    more.setdefault("client_id", key())
    more.setdefault("means", means())
    amount = Money(minor, more.pop("currency", "CNY"))
    return actions.send_transfer(
        sender=sender, conversation_id=room.public_id, amount=amount, **more
    )


def pack(sender, room, minor=1000, **more):
    more.setdefault("client_id", key())
    more.setdefault("means", means())
    return actions.send_packet(
        sender=sender, conversation_id=room.public_id, amount=Money(minor, "CNY"), **more
    )


def waits(kind, ref, currency="CNY"):
    """What lies in a thing's own account."""
    return ledger.balance(ledger.escrow(kind, ref, currency)).minor


def lines(room):
    """Codes of the grey lines in a chat, in order."""
    said = room.messages.filter(kind="system").order_by("seq")
    return [message.body["code"] for message in said]


def cards(room):
    said = room.messages.filter(kind="card").order_by("seq")
    return [(message.body["card"], message.body["ref"]) for message in said]


def filled_between(alice, finn, bob, group):
    """Ids of one of each, all Alice's."""
    pair = chat.open_direct(viewer=alice, other=finn)
    yuan = Money(100, "CNY")
    pay = {"means": Means(), "amount": yuan}
    place = {"conversation_id": pair.public_id}
    transfer = actions.send_transfer(sender=alice, client_id="t", **place, **pay)
    request = actions.request_money(asker=alice, amount=yuan, client_id="r", **place)
    crowd = {"conversation_id": group.public_id}
    packet = actions.send_packet(sender=alice, client_id="p", kind="lucky", count=2, **crowd, **pay)
    split = actions.split_equally(
        maker=alice, amount=yuan, people=[bob.public_id], client_id="s", **crowd
    )
    code = actions.set_receive_amount(owner=alice, amount=yuan)
    found = {
        "transfer_id": transfer.public_id,
        "packet_id": packet.public_id,
        "split_id": split.public_id,
        "code_id": code.public_id,
        "payments:pay-to:token": code.token,
        "receive_token": code.token,
        "pair_id": pair.public_id,
    }
    for name in ("transfer-send", "request-send"):
        found[f"payments:{name}:conversation_id"] = pair.public_id
    # Names that other things have too.
    for name in ("payments:request", "payments-api:money-request"):
        found[f"{name}:request_id"] = request.public_id
    for name in ("pay", "answer"):
        found[f"payments-api:money-request-{name}:request_id"] = request.public_id
    return found
