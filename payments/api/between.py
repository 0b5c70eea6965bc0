"""Transfers, requests, split bills, red packets and receive codes over the API.

What moves money needs an Idempotency-Key; above the free limit it needs `auth`, which
POST /pay-auths/ gives for the payment password (purpose "transfer", "request", "split" or
"red_packet"; payee: who gets it, empty for packets of a group).
"""

from hashlib import sha256
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.guards import MemberAPI
from payments import actions, queries
from payments.actions import Means
from payments.api import between_shapes as shapes
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.money import Money


class KeyedAPI(MemberAPI):
    """Where money moves a repeat must never move it again: the key is not optional."""

    idempotency_required = True


def once(request: Request) -> str:
    """The key outlives the record of requests: it also names what is made."""
    key = request.headers.get("Idempotency-Key", "")
    return f"api-{sha256(key.encode()).hexdigest()[:40]}"


def _means(given: dict[str, Any]) -> Means:
    return Means(source=given.pop("source"), auth=given.pop("auth"))


class Transfers(KeyedAPI):
    @extend_schema(
        operation_id="transfers_list", parameters=PAGING, responses=page_of(shapes.TransferOut)
    )
    def get(self, request: Request) -> Response:
        """What the caller sent and received, newest first."""
        found, cursor = page_by_pk(request, queries.transfers_seen_by(self.account))
        items = [shapes.transfer(one) for one in found]
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="transfers_send",
        request=shapes.TransferIn,
        responses={201: shapes.TransferOut},
    )
    def post(self, request: Request) -> Response:
        """Send money to the other one of a chat of two; it waits for their yes."""
        given = shapes.given(shapes.TransferIn, request)
        made = actions.send_transfer(
            sender=self.account,
            conversation_id=given.pop("conversation"),
            amount=shapes.AmountIn.money(given),
            means=_means(given),
            client_id=once(request),
            **given,
        )
        return Response(shapes.transfer(made), status=201)


class OneTransfer(MemberAPI):
    @extend_schema(operation_id="transfers_get", responses=shapes.TransferOut)
    def get(self, request: Request, transfer_id: str) -> Response:
        return Response(shapes.transfer(queries.transfer_for(self.account, transfer_id)))


class TransferAnswer(KeyedAPI):
    @extend_schema(
        operation_id="transfers_answer",
        request=shapes.TransferAnswerIn,
        responses=shapes.TransferOut,
    )
    def post(self, request: Request, transfer_id: str) -> Response:
        """Its receiver accepts or returns it."""
        answer = shapes.given(shapes.TransferAnswerIn, request)["answer"]
        act = actions.accept_transfer if answer == "accept" else actions.return_transfer
        done = act(receiver=self.account, transfer_id=transfer_id)
        return Response(shapes.transfer(done))


class MoneyRequests(KeyedAPI):
    @extend_schema(
        operation_id="money_requests_list",
        parameters=PAGING,
        responses=page_of(shapes.MoneyRequestOut),
    )
    def get(self, request: Request) -> Response:
        """What the caller asks for and is asked for, newest first."""
        found, cursor = page_by_pk(request, queries.requests_seen_by(self.account))
        items = [shapes.money_request(one) for one in found]
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="money_requests_make",
        request=shapes.MoneyRequestIn,
        responses={201: shapes.MoneyRequestOut},
    )
    def post(self, request: Request) -> Response:
        given = shapes.given(shapes.MoneyRequestIn, request)
        made = actions.request_money(
            asker=self.account,
            conversation_id=given.pop("conversation"),
            amount=shapes.AmountIn.money(given),
            client_id=once(request),
            **given,
        )
        return Response(shapes.money_request(made), status=201)


class OneMoneyRequest(MemberAPI):
    @extend_schema(operation_id="money_requests_get", responses=shapes.MoneyRequestOut)
    def get(self, request: Request, request_id: str) -> Response:
        return Response(shapes.money_request(queries.request_for(self.account, request_id)))


class PayMoneyRequest(KeyedAPI):
    @extend_schema(
        operation_id="money_requests_pay",
        request=shapes.MeansIn,
        responses=shapes.MoneyRequestOut,
    )
    def post(self, request: Request, request_id: str) -> Response:
        means = _means(shapes.given(shapes.MeansIn, request))
        paid = actions.pay_request(payer=self.account, request_id=request_id, means=means)
        return Response(shapes.money_request(paid))


class MoneyRequestAnswer(MemberAPI):
    @extend_schema(
        operation_id="money_requests_answer",
        request=shapes.RequestAnswerIn,
        responses=shapes.MoneyRequestOut,
    )
    def post(self, request: Request, request_id: str) -> Response:
        """Who is asked declines; who asks reminds or cancels."""
        answer = shapes.given(shapes.RequestAnswerIn, request)["answer"]
        if answer == "decline":
            done = actions.decline_request(payer=self.account, request_id=request_id)
        elif answer == "cancel":
            done = actions.cancel_request(asker=self.account, request_id=request_id)
        else:
            done = actions.remind_request(asker=self.account, request_id=request_id)
        return Response(shapes.money_request(done))


class Splits(KeyedAPI):
    @extend_schema(
        operation_id="splits_list", parameters=PAGING, responses=page_of(shapes.SplitOut)
    )
    def get(self, request: Request) -> Response:
        """Split bills of the caller's chats, newest first; the shares stand in each one."""
        found, cursor = page_by_pk(request, queries.splits_seen_by(self.account))
        items = [shapes.split(one, []) for one in found]
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="splits_make", request=shapes.SplitIn, responses={201: shapes.SplitOut}
    )
    def post(self, request: Request) -> Response:
        """Share a bill among members: equally, or in the parts given for each."""
        given = shapes.given(shapes.SplitIn, request)
        shares = given.pop("shares")
        common: dict[str, Any] = {
            "maker": self.account,
            "conversation_id": given.pop("conversation"),
            "amount": shapes.AmountIn.money(given),
            "client_id": once(request),
            "note": given["note"],
        }
        if any("amount" in share for share in shares):
            parts = {share["account"]: share.get("amount", 0) for share in shares}
            made = actions.split_by_parts(parts=parts, **common)
        else:
            people = [share["account"] for share in shares]
            made = actions.split_equally(people=people, **common)
        return Response(shapes.split(made, queries.shares_of(made)), status=201)


class OneSplit(MemberAPI):
    @extend_schema(operation_id="splits_get", responses=shapes.SplitOut)
    def get(self, request: Request, split_id: str) -> Response:
        found = queries.split_for(self.account, split_id)
        return Response(shapes.split(found, queries.shares_of(found)))


class PayShare(KeyedAPI):
    @extend_schema(operation_id="splits_pay", request=shapes.MeansIn, responses=shapes.SplitOut)
    def post(self, request: Request, split_id: str) -> Response:
        """Pay the caller's own share."""
        means = _means(shapes.given(shapes.MeansIn, request))
        paid = actions.pay_share(payer=self.account, split_id=split_id, means=means)
        return Response(shapes.split(paid, queries.shares_of(paid)))


class SplitAnswer(MemberAPI):
    @extend_schema(
        operation_id="splits_answer", request=shapes.SplitAnswerIn, responses=shapes.SplitOut
    )
    def post(self, request: Request, split_id: str) -> Response:
        """Its maker reminds, or collects no more."""
        answer = shapes.given(shapes.SplitAnswerIn, request)["answer"]
        act = actions.remind_split if answer == "remind" else actions.close_split
        done = act(maker=self.account, split_id=split_id)
        return Response(shapes.split(done, queries.shares_of(done)))


class Packets(KeyedAPI):
    @extend_schema(
        operation_id="packets_list", parameters=PAGING, responses=page_of(shapes.PacketOut)
    )
    def get(self, request: Request) -> Response:
        """Red packets of the caller's chats, newest first; who opened one stands in it."""
        found, cursor = page_by_pk(request, queries.packets_seen_by(self.account))
        items = [shapes.packet(one) for one in found]
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="packets_send", request=shapes.PacketIn, responses={201: shapes.PacketOut}
    )
    def post(self, request: Request) -> Response:
        """`amount` is all of it. In a chat of two there is one share and no kind."""
        given = shapes.given(shapes.PacketIn, request)
        made = actions.send_packet(
            sender=self.account,
            conversation_id=given.pop("conversation"),
            amount=shapes.AmountIn.money(given),
            receiver_id=given.pop("receiver"),
            means=_means(given),
            client_id=once(request),
            **given,
        )
        return Response(shapes.packet(made), status=201)


class Festival(MemberAPI):
    @extend_schema(operation_id="festival", responses=shapes.FestivalOut)
    def get(self, request: Request) -> Response:
        """Covers and greetings that are offered for red packets now; empty on other days."""
        return Response(shapes.festival())


class OnePacket(MemberAPI):
    @extend_schema(operation_id="packets_get", responses=shapes.PacketDetailsOut)
    def get(self, request: Request, packet_id: str) -> Response:
        """With who opened it, and who was luckiest once all is taken."""
        found = queries.packet_for(self.account, packet_id)
        return Response(shapes.packet_details(self.account, found))


class TapPacket(MemberAPI):
    @extend_schema(operation_id="packets_tap", responses=shapes.TapOut)
    def get(self, request: Request, packet_id: str) -> Response:
        """Whether there is something to open; reserves nothing."""
        found = queries.packet_for(self.account, packet_id)
        return Response(shapes.tap(self.account, found))


class OpenPacket(KeyedAPI):
    @extend_schema(operation_id="packets_open", request=None, responses=shapes.ClaimOut)
    def post(self, request: Request, packet_id: str) -> Response:
        """Take the next share; again gives the same one."""
        claim = actions.open_packet(opener=self.account, packet_id=packet_id)
        return Response(shapes.claim(claim, claim.packet.currency))


class ThankForPacket(MemberAPI):
    @extend_schema(operation_id="packets_thank", request=shapes.ThanksIn, responses=shapes.ClaimOut)
    def post(self, request: Request, packet_id: str) -> Response:
        """Leave a line beside what the caller got."""
        text = shapes.given(shapes.ThanksIn, request)["text"]
        claim = actions.thank_for_packet(opener=self.account, packet_id=packet_id, text=text)
        return Response(shapes.claim(claim, claim.packet.currency))


class ReceiveCodes(MemberAPI):
    @extend_schema(operation_id="receive_codes_own", request=None, responses=shapes.ReceiveCodeOut)
    def put(self, request: Request) -> Response:
        """The caller's code without an amount; made when there is none."""
        return Response(shapes.receive_code(actions.own_receive_code(owner=self.account)))

    @extend_schema(
        operation_id="receive_codes_make",
        request=shapes.ReceiveCodeIn,
        responses={201: shapes.ReceiveCodeOut},
    )
    def post(self, request: Request) -> Response:
        """A code for one amount."""
        given = shapes.given(shapes.ReceiveCodeIn, request)
        amount = shapes.AmountIn.money(given)
        made = actions.set_receive_amount(owner=self.account, amount=amount, **given)
        return Response(shapes.receive_code(made), status=201)


class OneReceiveCode(MemberAPI):
    @extend_schema(operation_id="receive_codes_get", responses=shapes.ReceivedOut)
    def get(self, request: Request, code_id: str) -> Response:
        """Who paid by it lately."""
        code = queries.receive_code_for(self.account, code_id)
        items = [shapes.transfer(one) for one in queries.payments_to(code)]
        return Response({"code": shapes.receive_code(code), "payments": items})

    @extend_schema(operation_id="receive_codes_drop", responses={204: None})
    def delete(self, request: Request, code_id: str) -> Response:
        actions.drop_receive_code(owner=self.account, code_id=code_id)
        return Response(status=204)


class CodePayments(KeyedAPI):
    @extend_schema(
        operation_id="code_payments_make",
        request=shapes.CodePaymentIn,
        responses={201: shapes.TransferOut},
    )
    def post(self, request: Request) -> Response:
        """Pay the owner of a receive code at once (pay-auths: purpose "transfer")."""
        given = shapes.given(shapes.CodePaymentIn, request)
        amount: Money = shapes.AmountIn.money(given)
        paid = actions.pay_by_code(
            payer=self.account,
            amount=amount,
            means=_means(given),
            client_id=once(request),
            **given,
        )
        return Response(shapes.transfer(paid), status=201)
