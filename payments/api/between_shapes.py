"""What integrators send (…In) and get (…Out) about money between people."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.models import Account
from payments import queries
from payments.api.serializers import AmountIn, MinorField, MoneyOut, Plain, given
from payments.models import (
    MoneyRequest,
    PacketClaim,
    ReceiveCode,
    RedPacket,
    Split,
    SplitShare,
    Transfer,
)
from payments.models.ledger import AMOUNT_MAX
from payments.states import (
    Cover,
    PacketKind,
    PacketStatus,
    RequestStatus,
    ShareStatus,
    SplitStatus,
    TransferStatus,
)
from superapp.kernel import time
from superapp.kernel.money import Money

__all__ = ["AmountIn", "given"]
_ID = 40
_NOTE: dict[str, Any] = {
    "max_length": settings.TRANSFER_NOTE_MAX,
    "required": False,
    "allow_blank": True,
    "default": "",
}


class PartyOut(Plain):
    id = serializers.CharField(max_length=_ID)
    name = serializers.CharField(max_length=60)


def person(account: Account) -> dict[str, str]:
    return {"id": account.public_id, "name": account.name}


def money(amount: Money) -> dict[str, Any]:
    return {"amount": amount.minor, "currency": amount.currency}


class MeansIn(Plain):
    """`source`: "" for the caller's own order, "balance", or a card's id."""

    source = serializers.CharField(max_length=_ID, required=False, allow_blank=True, default="")  # type: ignore[assignment]
    auth = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")


# ---- transfers


class TransferIn(AmountIn, MeansIn):
    conversation = serializers.CharField(max_length=_ID)
    note = serializers.CharField(**_NOTE)
    delay = serializers.ChoiceField(choices=settings.TRANSFER_DELAYS, default=0)


class TransferAnswerIn(Plain):
    answer = serializers.ChoiceField(choices=["accept", "return"])


class TransferOut(Plain):
    id = serializers.CharField(max_length=_ID)
    conversation = serializers.CharField(max_length=_ID, allow_blank=True)
    sender = PartyOut()
    receiver = PartyOut()
    amount = MoneyOut()
    note = serializers.CharField(max_length=60, allow_blank=True)
    delay = serializers.IntegerField()
    status = serializers.ChoiceField(choices=TransferStatus.choices)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    arrives_at = serializers.DateTimeField(allow_null=True)


def transfer(one: Transfer) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "conversation": one.conversation.public_id if one.conversation else "",
        "sender": person(one.sender),
        "receiver": person(one.receiver),
        "amount": money(one.total),
        "note": one.note,
        "delay": one.delay,
        "status": queries.status_of(one, time.now()),
        "created_at": one.created_at,
        "due_at": one.due_at,
        "arrives_at": one.arrives_at,
    }


# ---- requests


class MoneyRequestIn(AmountIn):
    conversation = serializers.CharField(max_length=_ID)
    note = serializers.CharField(**_NOTE)


class RequestAnswerIn(Plain):
    answer = serializers.ChoiceField(choices=["decline", "cancel", "remind"])


class MoneyRequestOut(Plain):
    id = serializers.CharField(max_length=_ID)
    conversation = serializers.CharField(max_length=_ID)
    asker = PartyOut()
    payer = PartyOut()
    amount = MoneyOut()
    note = serializers.CharField(max_length=60, allow_blank=True)
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()


def money_request(one: MoneyRequest) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "conversation": one.conversation.public_id if one.conversation else "",
        "asker": person(one.asker),
        "payer": person(one.payer),
        "amount": money(one.total),
        "note": one.note,
        "status": queries.request_status_of(one, time.now()),
        "created_at": one.created_at,
        "due_at": one.due_at,
    }


# ---- split bills


class SplitShareIn(Plain):
    account = serializers.CharField(max_length=_ID)
    amount = MinorField(min_value=1, max_value=AMOUNT_MAX, required=False)


class SplitIn(AmountIn):
    """Without amounts in the shares all pay the same."""

    conversation = serializers.CharField(max_length=_ID)
    note = serializers.CharField(**_NOTE)
    shares = serializers.ListField(
        child=SplitShareIn(), min_length=1, max_length=settings.SPLIT_PEOPLE_MAX
    )


class SplitAnswerIn(Plain):
    answer = serializers.ChoiceField(choices=["remind", "close"])


class SplitShareOut(Plain):
    account = PartyOut()
    amount = MoneyOut()
    status = serializers.ChoiceField(choices=ShareStatus.choices)


class SplitOut(Plain):
    id = serializers.CharField(max_length=_ID)
    conversation = serializers.CharField(max_length=_ID)
    maker = PartyOut()
    amount = MoneyOut()
    own_part = MoneyOut()
    note = serializers.CharField(max_length=60, allow_blank=True)
    status = serializers.ChoiceField(choices=SplitStatus.choices)
    people = serializers.IntegerField()
    paid = serializers.IntegerField()
    shares = SplitShareOut(many=True)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()


def split(one: Split, shares: list[SplitShare]) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "conversation": one.conversation.public_id if one.conversation else "",
        "maker": person(one.maker),
        "amount": money(one.total),
        "own_part": money(one.money(one.own_part)),
        "note": one.note,
        "status": queries.split_status_of(one, time.now()),
        "people": one.people,
        "paid": one.paid,
        "shares": [
            {
                "account": person(share.account),
                "amount": money(one.money(share.amount)),
                "status": share.status,
            }
            for share in shares
        ],
        "created_at": one.created_at,
        "due_at": one.due_at,
    }


# ---- red packets


class PacketIn(AmountIn, MeansIn):
    conversation = serializers.CharField(max_length=_ID)
    kind = serializers.ChoiceField(
        choices=["", *(kind for kind in PacketKind.values if kind != PacketKind.SINGLE)],
        default="",
        allow_blank=True,
    )
    count = serializers.IntegerField(min_value=1, max_value=settings.PACKET_COUNT_MAX, default=1)
    receiver = serializers.CharField(max_length=_ID, required=False, allow_blank=True, default="")
    greeting = serializers.CharField(
        max_length=settings.PACKET_GREETING_MAX, required=False, allow_blank=True, default=""
    )
    cover = serializers.ChoiceField(choices=["", *Cover.values], default="", allow_blank=True)


class FestivalOut(Plain):
    """What campaigns offer now; words in a greeting or a message let confetti rain."""

    names = serializers.ListField(child=serializers.CharField(max_length=60), max_length=100)
    covers = serializers.ListField(child=serializers.CharField(max_length=20), max_length=100)
    greetings = serializers.ListField(child=serializers.CharField(max_length=60), max_length=1200)
    words = serializers.ListField(child=serializers.CharField(max_length=30), max_length=2000)


class ThanksIn(Plain):
    text = serializers.CharField(max_length=settings.PACKET_THANKS_MAX, allow_blank=True)


class PacketOut(Plain):
    """`commitment` binds the order of the shares; with `proof`, given at the end, it is checked."""

    id = serializers.CharField(max_length=_ID)
    conversation = serializers.CharField(max_length=_ID)
    sender = PartyOut()
    receiver = PartyOut(allow_null=True)
    kind = serializers.ChoiceField(choices=PacketKind.choices)
    amount = MoneyOut()
    count = serializers.IntegerField()
    opened = serializers.IntegerField()
    greeting = serializers.CharField(max_length=25, allow_blank=True)
    cover = serializers.CharField(max_length=20, allow_blank=True)
    status = serializers.ChoiceField(choices=PacketStatus.choices)
    commitment = serializers.CharField(max_length=64)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()


class ClaimOut(Plain):
    account = PartyOut()
    amount = MoneyOut()
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    thanks = serializers.CharField(max_length=60, allow_blank=True)


class TapOut(Plain):
    state = serializers.ChoiceField(choices=["opened", "ready", "taken", "expired", "not_for_you"])
    claim = ClaimOut(allow_null=True)


class PacketDetailsOut(PacketOut):
    """`luckiest` is an account's id, known once all is taken; `seconds` how long that took."""

    claims = ClaimOut(many=True)
    tap = TapOut()
    luckiest = serializers.CharField(max_length=_ID, allow_blank=True)
    seconds = serializers.IntegerField()
    refunded = MoneyOut()
    proof = serializers.CharField(max_length=2000, allow_blank=True)


def packet(one: RedPacket) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "conversation": one.conversation.public_id if one.conversation else "",
        "sender": person(one.sender),
        "receiver": person(one.receiver) if one.receiver else None,
        "kind": one.kind,
        "amount": money(one.total),
        "count": one.count,
        "opened": one.claimed,
        "greeting": one.note,
        "cover": one.cover,
        "status": queries.packet_status_of(one, time.now()),
        "commitment": one.commitment,
        "created_at": one.created_at,
        "due_at": one.due_at,
    }


def festival() -> dict[str, Any]:
    now = queries.festival()
    return {
        "names": now.names,
        "covers": now.covers,
        "greetings": now.greetings,
        "words": now.words,
    }


def claim(one: PacketClaim, currency: str) -> dict[str, Any]:
    return {
        "account": person(one.account),
        "amount": money(Money(one.amount, currency)),
        "number": one.number,
        "at": one.at,
        "thanks": one.thanks,
    }


def tap(viewer: Account, one: RedPacket) -> dict[str, Any]:
    found = queries.tap(viewer, one, time.now())
    return {
        "state": found.state,
        "claim": claim(found.claim, one.currency) if found.claim else None,
    }


def packet_details(viewer: Account, one: RedPacket) -> dict[str, Any]:
    luckiest = queries.luckiest_of(one)
    is_over = one.status in {PacketStatus.EXHAUSTED, PacketStatus.REFUNDED}
    return {
        **packet(one),
        "claims": [claim(got, one.currency) for got in queries.claims_of(one)],
        "tap": tap(viewer, one),
        "luckiest": luckiest.account.public_id if luckiest else "",
        "seconds": queries.seconds_taken(one) if one.status == PacketStatus.EXHAUSTED else 0,
        "refunded": money(one.money(one.refunded)),
        "proof": queries.proof_of(one) if is_over else "",
    }


# ---- receive codes


class ReceiveCodeIn(AmountIn):
    note = serializers.CharField(**_NOTE)


class CodePaymentIn(AmountIn, MeansIn):
    token = serializers.CharField(max_length=60)
    note = serializers.CharField(**_NOTE)


class ReceiveCodeOut(Plain):
    """`token` stands at the end of the address in its picture: /pay/<token>/. Amount 0: any."""

    id = serializers.CharField(max_length=_ID)
    token = serializers.CharField(max_length=60)
    amount = MoneyOut()
    note = serializers.CharField(max_length=60, allow_blank=True)
    created_at = serializers.DateTimeField()


class ReceivedOut(Plain):
    code = ReceiveCodeOut()
    payments = TransferOut(many=True)


def receive_code(one: ReceiveCode) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "token": one.token,
        "amount": money(one.total),
        "note": one.note,
        "created_at": one.created_at,
    }
