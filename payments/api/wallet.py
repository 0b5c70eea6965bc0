"""Wallet, cards, top-ups, withdrawals, bills and statements over the API."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.guards import MemberAPI
from payments import actions, queries
from payments.actions import Payment
from payments.api import serializers as shapes
from payments.errors import CurrencyNotHeld
from payments.queries import BillFilter
from payments.states import BillKind
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.errors import Invalid
from superapp.kernel.money import Money

_CURRENCY = OpenApiParameter("currency", {"type": "string", "maxLength": 3})
_AMOUNT = OpenApiParameter(
    "amount", {"type": "integer", "minimum": 1, "maximum": 10**15}, required=True
)


class MoneyAPI(MemberAPI):
    """Where money moves a repeat must never move it again: the key is not optional."""

    idempotency_required = True


class Wallet(MemberAPI):
    @extend_schema(operation_id="wallet", responses=shapes.WalletOut)
    def get(self, request: Request) -> Response:
        """What is there, and what may be moved."""
        wallet = queries.wallet_for(self.account)
        found = {
            "level": wallet.level,
            "has_password": bool(wallet.password_hash),
            "balances": shapes.BalanceOut(queries.balances_of(self.account), many=True).data,
            "limits": shapes.LimitOut(queries.limits_of(self.account), many=True).data,
        }
        return Response(found)


class Cards(MemberAPI):
    @extend_schema(operation_id="cards_list", responses=shapes.CardsOut)
    def get(self, request: Request) -> Response:
        found = queries.cards_of(self.account)
        return Response({"items": shapes.CardOut(found, many=True).data})

    @extend_schema(
        operation_id="cards_bind",
        request=shapes.CardIn,
        responses={201: shapes.OperationOut},
    )
    def post(self, request: Request) -> Response:
        """Open a page of the payment service that takes the number: see the operation."""
        made = actions.start_binding(account=self.account, **shapes.given(shapes.CardIn, request))
        return Response(shapes.OperationOut(made).data, status=201)


class OneCard(MemberAPI):
    @extend_schema(operation_id="cards_remove", responses={204: None})
    def delete(self, request: Request, card_id: str) -> Response:
        actions.remove_card(account=self.account, card_id=card_id)
        return Response(status=204)


class DefaultCard(MemberAPI):
    @extend_schema(operation_id="cards_default", request=None, responses=shapes.CardOut)
    def put(self, request: Request, card_id: str) -> Response:
        """Let this card be tried first."""
        return Response(
            shapes.CardOut(actions.make_default(account=self.account, card_id=card_id)).data
        )


class MoveCard(MemberAPI):
    @extend_schema(operation_id="cards_move", request=shapes.CardMoveIn, responses=shapes.CardOut)
    def post(self, request: Request, card_id: str) -> Response:
        """One place up or down in the order in which cards are tried."""
        way = shapes.given(shapes.CardMoveIn, request)["way"]
        act = actions.move_card_up if way == "up" else actions.move_card_down
        return Response(shapes.CardOut(act(account=self.account, card_id=card_id)).data)


class OneOperation(MemberAPI):
    @extend_schema(operation_id="operation", responses=shapes.OperationOut)
    def get(self, request: Request, operation_id: str) -> Response:
        """How a top-up, a withdrawal or a binding stands."""
        return Response(shapes.OperationOut(queries.operation_of(self.account, operation_id)).data)


class TopUps(MoneyAPI):
    @extend_schema(
        operation_id="topups_list", parameters=PAGING, responses=page_of(shapes.OperationOut)
    )
    def get(self, request: Request) -> Response:
        return _operations(self, request, "topup")

    @extend_schema(
        operation_id="topups_make",
        request=shapes.TopUpIn,
        responses={201: shapes.OperationOut},
    )
    def post(self, request: Request) -> Response:
        """Charge a card for the balance. It is settled later: ask for the operation."""
        given = shapes.given(shapes.TopUpIn, request)
        amount = shapes.AmountIn.money(given)
        made = actions.top_up(account=self.account, card_id=given["card"], amount=amount)
        return Response(shapes.OperationOut(made).data, status=201)


class Withdrawals(MoneyAPI):
    @extend_schema(
        operation_id="withdrawals_list", parameters=PAGING, responses=page_of(shapes.OperationOut)
    )
    def get(self, request: Request) -> Response:
        return _operations(self, request, "withdrawal")

    @extend_schema(
        operation_id="withdrawals_make",
        request=shapes.WithdrawalIn,
        responses={201: shapes.OperationOut},
    )
    def post(self, request: Request) -> Response:
        """Send money to one's own account."""
        given = shapes.given(shapes.WithdrawalIn, request)
        amount = shapes.AmountIn.money(given)
        made = actions.withdraw(
            account=self.account,
            card_id=given["card"],
            amount=amount,
            fee=Money(given["fee"], amount.currency),
            auth=given["auth"],
        )
        return Response(shapes.OperationOut(made).data, status=201)


class WithdrawalFee(MemberAPI):
    @extend_schema(
        operation_id="withdrawals_fee", parameters=[_AMOUNT, _CURRENCY], responses=shapes.FeeOut
    )
    def get(self, request: Request) -> Response:
        """What a withdrawal would cost now."""
        raw = request.query_params.get("amount", "")
        if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:17]) <= 10**15:
            raise Invalid
        amount = Money(int(raw), _currency(request))
        fee = queries.withdrawal_fee_for(self.account, amount)
        return Response(shapes.FeeOut({"amount": amount, "fee": fee}).data)


class PayAuths(MemberAPI):
    # A wrong password stays counted, which the one transaction of a key would undo.
    idempotency_offered = False

    @extend_schema(
        operation_id="pay_auths_make",
        request=shapes.PayAuthIn,
        responses={201: shapes.PayAuthOut},
    )
    def post(self, request: Request) -> Response:
        """Confirm a payment with the payment password."""
        given = shapes.given(shapes.PayAuthIn, request)
        amount, password = shapes.AmountIn.money(given), given.pop("password")
        auth = actions.authorise(
            account=self.account,
            password=password,
            payment=Payment(amount=amount, **given),
            session="",
        )
        return Response({"auth": auth, "seconds": settings.PAY_AUTH_SECONDS}, status=201)


class Bills(MemberAPI):
    @extend_schema(
        operation_id="bills_list",
        parameters=[
            *PAGING,
            OpenApiParameter("way", {"type": "string", "enum": ["in", "out"]}),
            OpenApiParameter("kind", {"type": "string", "enum": list(BillKind.values)}),
            OpenApiParameter("q", {"type": "string", "maxLength": 60}),
        ],
        responses=page_of(shapes.BillOut),
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        way, kind = asked.get("way", ""), asked.get("kind", "")
        if way not in {"", *queries.WAYS} or kind not in {"", *BillKind.values}:
            raise Invalid
        words = asked.get("q", "")
        if len(words) > 60:
            raise Invalid
        rows = queries.bills.bills(self.account, BillFilter(way=way, kind=kind, words=words))
        found, cursor = page_by_pk(request, rows)
        return Response({"items": shapes.BillOut(found, many=True).data, "next_cursor": cursor})


class OneBill(MemberAPI):
    @extend_schema(operation_id="bill", responses=shapes.BillOut)
    def get(self, request: Request, bill_id: str) -> Response:
        return Response(shapes.BillOut(queries.bill_of(self.account, bill_id)).data)


class BillDoubts(MemberAPI):
    @extend_schema(operation_id="bill_doubts", responses=shapes.DoubtsOut)
    def get(self, request: Request, bill_id: str) -> Response:
        """What its owner doubted about a bill, and the answers."""
        found = queries.doubts_of(queries.bill_of(self.account, bill_id))
        return Response({"items": shapes.DoubtOut(found, many=True).data})

    @extend_schema(
        operation_id="bill_doubts_make",
        request=shapes.DoubtIn,
        responses={201: shapes.DoubtOut},
    )
    def post(self, request: Request, bill_id: str) -> Response:
        """Say what is not right with a bill: staff look at it and answer."""
        given = shapes.given(shapes.DoubtIn, request)
        made = actions.doubt_bill(account=self.account, bill_id=bill_id, **given)
        return Response(shapes.DoubtOut(made).data, status=201)


class Holds(MemberAPI):
    @extend_schema(operation_id="holds_list", parameters=PAGING, responses=page_of(shapes.HoldOut))
    def get(self, request: Request) -> Response:
        """Money kept for services: for whom, how much, until when."""
        found, cursor = page_by_pk(request, queries.holds_of(self.account))
        return Response({"items": shapes.HoldOut(found, many=True).data, "next_cursor": cursor})


class OneHold(MemberAPI):
    @extend_schema(operation_id="hold", responses=shapes.HoldOut)
    def get(self, request: Request, hold_id: str) -> Response:
        return Response(shapes.HoldOut(queries.hold_of(self.account, hold_id)).data)


class Statements(MemberAPI):
    @extend_schema(
        operation_id="statement",
        parameters=[
            OpenApiParameter(
                "month",
                {"type": "string", "maxLength": 7, "pattern": r"^[0-9]{4}-[0-9]{2}$"},
                description="Like 2026-11; this month without it.",
            ),
            _CURRENCY,
        ],
        responses=shapes.StatementOut,
    )
    def get(self, request: Request) -> Response:
        """A month of one currency, by category."""
        month = queries.month_of(request.query_params.get("month", ""))
        shown = queries.statement(self.account, _currency(request), month)
        return Response(shapes.StatementOut(shown).data)


class StatementMails(MemberAPI):
    @extend_schema(
        operation_id="statement_mail",
        request=shapes.StatementMailIn,
        responses={202: shapes.StatementMailOut},
    )
    def post(self, request: Request) -> Response:
        """Send a statement as a file to the address that was confirmed."""
        given = shapes.given(shapes.StatementMailIn, request)
        return Response({"to": actions.mail_statement(account=self.account, **given)}, status=202)


class IdentityChecks(MemberAPI):
    @extend_schema(
        operation_id="identity_checks_list",
        parameters=PAGING,
        responses=page_of(shapes.IdentityOut),
    )
    def get(self, request: Request) -> Response:
        found, cursor = page_by_pk(request, queries.cases_of(self.account))
        return Response({"items": shapes.IdentityOut(found, many=True).data, "next_cursor": cursor})

    @extend_schema(
        operation_id="identity_checks_ask",
        request=shapes.IdentityIn,
        responses={201: shapes.IdentityOut},
    )
    def post(self, request: Request) -> Response:
        """Ask for the next level."""
        given = shapes.given(shapes.IdentityIn, request)
        made = actions.ask_level(account=self.account, **given)
        return Response(shapes.IdentityOut(made).data, status=201)


def _operations(view: MemberAPI, request: Request, purpose: str) -> Response:
    found, cursor = page_by_pk(request, queries.operations_of(view.account, purpose))
    items: Any = shapes.OperationOut(found, many=True).data
    return Response({"items": items, "next_cursor": cursor})


def _currency(request: Request) -> str:
    currency = request.query_params.get("currency", settings.HOME_CURRENCY)
    if currency not in settings.WALLET_CURRENCIES:
        raise CurrencyNotHeld
    return currency
