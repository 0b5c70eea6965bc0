"""Pots and standing payments over the API.

What moves money needs an Idempotency-Key. A standing payment always needs `auth`, which
POST /pay-auths/ gives for the payment password (purpose "standing"; payee: the friend's or the
pot's id).
"""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.guards import MemberAPI
from payments import actions, queries
from payments.actions import Means
from payments.api import saving_shapes as shapes
from payments.api.between import KeyedAPI, once
from payments.api.serializers import AmountIn, given
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.money import Money

_ANSWERS = {
    "pause": actions.pause_standing,
    "resume": actions.resume_standing,
    "cancel": actions.cancel_standing,
}


class Pots(KeyedAPI):
    @extend_schema(operation_id="pots_list", parameters=PAGING, responses=page_of(shapes.PotOut))
    def get(self, request: Request) -> Response:
        """The caller's pots, the newest first; closed ones too."""
        found, cursor = page_by_pk(request, queries.pots_seen_by(self.account))
        return Response({"items": [shapes.pot(one) for one in found], "next_cursor": cursor})

    @extend_schema(operation_id="pots_open", request=shapes.PotIn, responses={201: shapes.PotOut})
    def post(self, request: Request) -> Response:
        said = given(shapes.PotIn, request)
        goal = Money(said["goal"], said["currency"])
        made = actions.open_pot(
            owner=self.account, name=said["name"], goal=goal, client_id=once(request)
        )
        return Response(shapes.pot(made), status=201)


class OnePot(MemberAPI):
    @extend_schema(operation_id="pots_get", responses=shapes.PotOut)
    def get(self, request: Request, pot_id: str) -> Response:
        return Response(shapes.pot(queries.pot_for(self.account, pot_id)))

    @extend_schema(operation_id="pots_change", request=shapes.PotIn, responses=shapes.PotOut)
    def put(self, request: Request, pot_id: str) -> Response:
        """Another name and goal, in the pot's own currency."""
        said = given(shapes.PotIn, request)
        goal = Money(said["goal"], said["currency"])
        changed = actions.change_pot(
            owner=self.account, pot_id=pot_id, name=said["name"], goal=goal
        )
        return Response(shapes.pot(changed))


class PotMoves(KeyedAPI):
    @extend_schema(
        operation_id="pot_moves_list", parameters=PAGING, responses=page_of(shapes.PotMoveOut)
    )
    def get(self, request: Request, pot_id: str) -> Response:
        """What went in and out, the newest first."""
        pot = queries.pot_for(self.account, pot_id)
        found, cursor = page_by_pk(request, queries.moves_of(pot))
        return Response({"items": [shapes.move(one) for one in found], "next_cursor": cursor})

    @extend_schema(
        operation_id="pot_moves_make",
        request=shapes.PotMoveIn,
        responses={201: shapes.PotMoveOut},
    )
    def post(self, request: Request, pot_id: str) -> Response:
        """From the balance into the pot, or back."""
        said = given(shapes.PotMoveIn, request)
        act = actions.put_in if said["way"] == "in" else actions.take_out
        made = act(
            owner=self.account,
            pot_id=pot_id,
            amount=AmountIn.money(said),
            client_id=once(request),
        )
        return Response(shapes.move(made), status=201)


class ClosePot(KeyedAPI):
    @extend_schema(operation_id="pots_close", request=None, responses=shapes.PotOut)
    def post(self, request: Request, pot_id: str) -> Response:
        """What is in it returns to the balance; standing payments into it end."""
        return Response(shapes.pot(actions.close_pot(owner=self.account, pot_id=pot_id)))


class Standings(KeyedAPI):
    @extend_schema(
        operation_id="standing_payments_list",
        parameters=PAGING,
        responses=page_of(shapes.StandingOut),
    )
    def get(self, request: Request) -> Response:
        """The caller's standing payments, the newest first; those that are over too."""
        found, cursor = page_by_pk(request, queries.standings_of(self.account))
        return Response({"items": [shapes.standing(one) for one in found], "next_cursor": cursor})

    @extend_schema(
        operation_id="standing_payments_start",
        request=shapes.StandingIn,
        responses={201: shapes.StandingOut},
    )
    def post(self, request: Request) -> Response:
        """Agree to pay a friend, or into a pot, every month or week."""
        said = given(shapes.StandingIn, request)
        made = actions.start_standing(
            owner=self.account,
            amount=AmountIn.money(said),
            receiver_id=said.pop("receiver"),
            pot_id=said.pop("pot"),
            means=Means(auth=said.pop("auth")),
            client_id=once(request),
            **said,
        )
        return Response(shapes.standing(made), status=201)


class OneStanding(MemberAPI):
    @extend_schema(operation_id="standing_payments_get", responses=shapes.StandingDetailsOut)
    def get(self, request: Request, standing_id: str) -> Response:
        """With the days to come, and what became of the others."""
        found = queries.standing_for(self.account, standing_id)
        return Response(shapes.standing_details(found))


class StandingAnswer(MemberAPI):
    @extend_schema(
        operation_id="standing_payments_answer",
        request=shapes.StandingAnswerIn,
        responses=shapes.StandingOut,
    )
    def post(self, request: Request, standing_id: str) -> Response:
        """Its owner pauses, resumes or cancels it."""
        answer = given(shapes.StandingAnswerIn, request)["answer"]
        done = _ANSWERS[answer](owner=self.account, standing_id=standing_id)
        return Response(shapes.standing(done))
