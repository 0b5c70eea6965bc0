"""What integrators send (…In) and get (…Out) about wallets. Amounts are whole minor units."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from payments.models import Bill, BillDoubt, Card, Hold, KYCCase, Operation
from payments.models.ledger import AMOUNT_MAX
from payments.queries import Balance, Limit, Statement
from payments.states import (
    BillKind,
    BillStatus,
    CardKind,
    DoubtStatus,
    HoldStatus,
    KYCStatus,
    OperationStatus,
)
from superapp.kernel.money import Money

Plain = serializers.Serializer[Any]
_ID = 40


def given(shape: type[Plain], request: Request) -> dict[str, Any]:
    """What the caller sent, read by its shape; DRF's own error otherwise."""
    data = shape(data=request.data)
    data.is_valid(raise_exception=True)
    return dict(data.validated_data)


class MoneyOut(Plain):
    """12.50 yuan is {"amount": 1250, "currency": "CNY"}."""

    amount = serializers.IntegerField(source="minor")
    currency = serializers.CharField(max_length=3)

    def __init__(self, *args: Money | list[Money], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MinorField(serializers.IntegerField):
    """A JSON number without a fraction: "100", １００ and 1e3 are not amounts."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class AmountIn(Plain):
    amount = MinorField(min_value=1, max_value=AMOUNT_MAX)
    currency = serializers.ChoiceField(choices=settings.WALLET_CURRENCIES)

    @staticmethod
    def money(found: dict[str, Any]) -> Money:
        """Takes amount and currency out of what was sent."""
        return Money(found.pop("amount"), found.pop("currency"))


class BalanceOut(Plain):
    available = MoneyOut()
    held = MoneyOut()
    owed = MoneyOut()
    is_frozen = serializers.BooleanField()

    def __init__(self, *args: Balance | list[Balance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class LimitOut(Plain):
    rule = serializers.CharField(max_length=20)
    used = MoneyOut()
    cap = MoneyOut()

    def __init__(self, *args: Limit | list[Limit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class WalletOut(Plain):
    """`level` is 0 to 3: how far the person has shown who they are."""

    level = serializers.IntegerField()
    has_password = serializers.BooleanField()
    balances = serializers.ListField(child=BalanceOut(), max_length=50)
    limits = serializers.ListField(child=LimitOut(), max_length=20)


class CardOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    kind = serializers.ChoiceField(choices=CardKind.choices)
    brand = serializers.CharField(max_length=30)
    last4 = serializers.CharField(max_length=4)
    holder = serializers.CharField(max_length=80)
    exp_month = serializers.IntegerField(allow_null=True)
    exp_year = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()

    def __init__(self, *args: Card | list[Card], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CardsOut(Plain):
    """In the order in which they are tried."""

    items = serializers.ListField(child=CardOut(), max_length=settings.CARDS_MAX)


class CardIn(Plain):
    kind = serializers.ChoiceField(choices=CardKind.choices)


class CardMoveIn(Plain):
    way = serializers.ChoiceField(choices=["up", "down"])


class OperationOut(Plain):
    """Something asked of the payment service. `action_url`: where the person has to go on."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    purpose = serializers.CharField(max_length=20)
    status = serializers.ChoiceField(choices=OperationStatus.choices)
    reason = serializers.CharField(max_length=60)
    amount = MoneyOut(source="money")
    fee = MoneyOut(source="fee_money")
    card = serializers.SerializerMethodField()
    action_url = serializers.CharField(max_length=500)
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def __init__(self, *args: Operation | list[Operation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @extend_schema_field({"type": ["string", "null"], "maxLength": _ID})
    def get_card(self, operation: Operation) -> str | None:
        return operation.card.public_id if operation.card else None


class TopUpIn(AmountIn):
    card = serializers.CharField(max_length=_ID)


class WithdrawalIn(TopUpIn):
    """`fee` is the one that /withdrawals/fee/ said; `auth` comes from /pay-auths/."""

    fee = MinorField(min_value=0, max_value=AMOUNT_MAX)
    auth = serializers.CharField(max_length=60)


class FeeOut(Plain):
    amount = MoneyOut()
    fee = MoneyOut()


class PayAuthIn(AmountIn):
    """For a withdrawal `purpose` is "withdrawal" and `payee` the account's id."""

    purpose = serializers.CharField(max_length=20)
    payee = serializers.CharField(max_length=_ID, allow_blank=True, default="")
    password = serializers.CharField(min_length=6, max_length=6, trim_whitespace=False)


class PayAuthOut(Plain):
    """Good once, for just this payment."""

    auth = serializers.CharField(max_length=60)
    seconds = serializers.IntegerField()


class BillOut(Plain):
    """`amount` is signed: plus came in, minus went out."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    kind = serializers.ChoiceField(choices=BillKind.choices)
    status = serializers.ChoiceField(choices=BillStatus.choices)
    order = serializers.CharField(source="ref", max_length=_ID)
    amount = MoneyOut(source="money")
    fee = MoneyOut(source="fee_money")
    counterparty = serializers.SerializerMethodField()
    method = serializers.CharField(max_length=60)
    note = serializers.CharField(max_length=200)
    at = serializers.DateTimeField()

    def __init__(self, *args: Bill | list[Bill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @extend_schema_field({"type": ["string", "null"], "maxLength": _ID})
    def get_counterparty(self, bill: Bill) -> str | None:
        return bill.counterparty.public_id if bill.counterparty else None


class DoubtIn(Plain):
    text = serializers.CharField(max_length=500)


class DoubtOut(Plain):
    """What somebody doubted about a bill; `answer` is empty until staff gave one."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    status = serializers.ChoiceField(choices=DoubtStatus.choices)
    text = serializers.CharField(max_length=500)
    answer = serializers.CharField(max_length=500)
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)

    def __init__(self, *args: BillDoubt | list[BillDoubt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class DoubtsOut(Plain):
    items = serializers.ListField(child=DoubtOut(), max_length=settings.DOUBTS_SHOWN)


class HoldOut(Plain):
    """Money kept for a service. `captured` is what it took of it in the end."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    status = serializers.ChoiceField(choices=HoldStatus.choices)
    payee = serializers.CharField(source="payee.public_id", max_length=_ID)
    amount = MoneyOut(source="total")
    captured = MoneyOut(source="taken")
    method = serializers.CharField(max_length=60)
    note = serializers.CharField(max_length=60)
    created_at = serializers.DateTimeField()
    until = serializers.DateTimeField(source="due_at")
    ended_at = serializers.DateTimeField(allow_null=True)

    def __init__(self, *args: Hold | list[Hold], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CategoryOut(Plain):
    kind = serializers.CharField(max_length=40)
    count = serializers.IntegerField()
    came_in = MoneyOut()
    went_out = MoneyOut()


class StatementOut(Plain):
    """`opening` plus what came in minus what went out is `closing`."""

    month = serializers.DateTimeField()
    opening = MoneyOut()
    closing = MoneyOut()
    came_in = MoneyOut()
    went_out = MoneyOut()
    categories = serializers.ListField(child=CategoryOut(), max_length=100)

    def __init__(self, *args: Statement | list[Statement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class StatementMailIn(Plain):
    """Months like 2026-11, both included."""

    first = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}$", max_length=7)
    last = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}$", max_length=7)
    currency = serializers.CharField(max_length=3)
    kind = serializers.ChoiceField(choices=["pdf", "csv", "ofx"])


class StatementMailOut(Plain):
    to = serializers.EmailField(max_length=254)


class IdentityIn(Plain):
    """Name and document for level 1; nothing more for 2 and 3."""

    level = serializers.IntegerField(min_value=1, max_value=3)
    legal_name = serializers.CharField(max_length=80, allow_blank=True, default="")
    document = serializers.CharField(max_length=40, allow_blank=True, default="")


class IdentityOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    level = serializers.IntegerField()
    status = serializers.ChoiceField(choices=KYCStatus.choices)
    reason = serializers.CharField(max_length=200)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)

    def __init__(self, *args: KYCCase | list[KYCCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
