"""What integrators send (…In) and get (…Out) about pots and standing payments."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from payments import queries
from payments.api.between_shapes import PartyOut, money, person
from payments.api.serializers import AmountIn, MinorField, MoneyOut, Plain
from payments.models import Pot, PotMove, Standing, StandingRun
from payments.models.ledger import AMOUNT_MAX
from payments.states import Every, PotStatus, RunStatus, StandingStatus

_ID = 40


class PotIn(Plain):
    """`goal` 0 is none."""

    name = serializers.CharField(max_length=settings.POT_NAME_MAX)
    goal = MinorField(min_value=0, max_value=AMOUNT_MAX, default=0)
    currency = serializers.ChoiceField(choices=settings.WALLET_CURRENCIES)


class PotMoveIn(AmountIn):
    way = serializers.ChoiceField(choices=["in", "out"])


class PotOut(Plain):
    id = serializers.CharField(max_length=_ID)
    name = serializers.CharField(max_length=30)
    saved = MoneyOut()
    goal = MoneyOut(allow_null=True)
    status = serializers.ChoiceField(choices=PotStatus.choices)
    created_at = serializers.DateTimeField()


class PotMoveOut(Plain):
    """`amount` is signed: plus went into the pot."""

    id = serializers.CharField(max_length=_ID)
    amount = MoneyOut()
    at = serializers.DateTimeField()


class StandingIn(AmountIn):
    """`receiver` is a friend's id, or `pot` one of the caller's own.

    `day` is 1 to 31 of the month, or 1 (Monday) to 7 of the week.
    """

    receiver = serializers.CharField(max_length=_ID, required=False, allow_blank=True, default="")
    pot = serializers.CharField(max_length=_ID, required=False, allow_blank=True, default="")
    every = serializers.ChoiceField(choices=Every.choices)
    day = serializers.IntegerField(min_value=1, max_value=31)
    starts_on = serializers.DateField(required=False, allow_null=True, default=None)
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    count = serializers.IntegerField(
        min_value=1,
        max_value=settings.STANDING_COUNT_MAX,
        required=False,
        allow_null=True,
        default=None,
    )
    note = serializers.CharField(
        max_length=settings.TRANSFER_NOTE_MAX, required=False, allow_blank=True, default=""
    )
    auth = serializers.CharField(max_length=64)


class StandingAnswerIn(Plain):
    answer = serializers.ChoiceField(choices=["pause", "resume", "cancel"])


class StandingOut(Plain):
    """`next_on` is the day that is next, `due_at` when it is tried."""

    id = serializers.CharField(max_length=_ID)
    receiver = PartyOut(allow_null=True)
    pot = serializers.CharField(max_length=_ID, allow_blank=True)
    amount = MoneyOut()
    note = serializers.CharField(max_length=60, allow_blank=True)
    every = serializers.ChoiceField(choices=Every.choices)
    day = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    count = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=StandingStatus.choices)
    next_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class StandingRunOut(Plain):
    """`transfer` or `move` is what it made; `reason` the code of what was in the way."""

    on = serializers.DateField()
    status = serializers.ChoiceField(choices=RunStatus.choices)
    tries = serializers.IntegerField()
    reason = serializers.CharField(max_length=60, allow_blank=True)
    transfer = serializers.CharField(max_length=_ID, allow_blank=True)
    move = serializers.CharField(max_length=_ID, allow_blank=True)


class StandingDetailsOut(StandingOut):
    upcoming = serializers.ListField(child=serializers.DateField(), max_length=10)
    runs = StandingRunOut(many=True)


def pot(one: Pot) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "name": one.name,
        "saved": money(one.saved),
        "goal": money(one.target) if one.goal else None,
        "status": one.status,
        "created_at": one.created_at,
    }


def move(one: PotMove) -> dict[str, Any]:
    return {"id": one.public_id, "amount": money(one.money), "at": one.at}


def standing(one: Standing) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "receiver": person(one.receiver) if one.receiver else None,
        "pot": one.pot.public_id if one.pot else "",
        "amount": money(one.total),
        "note": one.note,
        "every": one.every,
        "day": one.day,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "count": one.count,
        "status": one.status,
        "next_on": one.on,
        "due_at": one.due_at,
    }


def run(one: StandingRun) -> dict[str, Any]:
    return {
        "on": one.on,
        "status": one.status,
        "tries": one.tries,
        "reason": one.reason,
        "transfer": one.transfer.public_id if one.transfer else "",
        "move": one.move.public_id if one.move else "",
    }


def standing_details(one: Standing) -> dict[str, Any]:
    return {
        **standing(one),
        "upcoming": queries.upcoming(one),
        "runs": [run(found) for found in queries.runs_of(one)],
    }
