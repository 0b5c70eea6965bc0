"""Official accounts for those who follow them."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.api import official_shapes as shapes
from accounts.api.serializers import given
from accounts.guards import MemberAPI
from accounts.models import OfficialAccount
from superapp.kernel.api import page_by_pk, position
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.errors import Invalid


class Directory(MemberAPI):
    @extend_schema(
        operation_id="official_list",
        parameters=[
            PAGING[1],
            OpenApiParameter(
                "q",
                {"type": "string", "maxLength": 60},
                description="Name, pinyin or initials; typing errors are forgiven.",
            ),
            OpenApiParameter(
                "category", {"type": "string", "enum": OfficialAccount.Category.values}
            ),
        ],
        responses=page_of(shapes.OfficialOut),
    )
    def get(self, request: Request) -> Response:
        """Published accounts: the verified first, then those most alike what is asked for."""
        category = request.query_params.get("category", "")
        if category and category not in OfficialAccount.Category.values:
            raise Invalid
        found, following = queries.directory_page(
            words=request.query_params.get("q", "").replace("\0", "")[:60],
            category=category,
            start=position(request.query_params.get("cursor") or "0"),
        )
        items = shapes.OfficialOut(found, many=True).data
        return Response({"items": items, "next_cursor": following or None})


class OneOfficial(MemberAPI):
    @extend_schema(operation_id="official_get", responses=shapes.OfficialProfileOut)
    def get(self, request: Request, account_id: str) -> Response:
        official = queries.official_for(self.account, account_id)
        shown = shapes.OfficialOut(official).data
        return Response(
            {
                **shown,
                "company": official.legal_name if official.is_verified else "",
                "is_following": queries.is_following(self.account, official),
                "menu": queries.menu_of(official),
            }
        )


class OneFollow(MemberAPI):
    @extend_schema(
        operation_id="official_follow", request=shapes.FollowIn, responses=shapes.FollowOut
    )
    def post(self, request: Request, account_id: str) -> Response:
        """Follow the account; again is no change."""
        source = given(shapes.FollowIn, request)["source"]
        official = queries.official_for(self.account, account_id)
        follow = actions.follow_official(person=self.account, official=official, source=source)
        return Response(shapes.FollowOut(follow).data)

    @extend_schema(operation_id="official_unfollow", responses={204: None})
    def delete(self, request: Request, account_id: str) -> Response:
        """Leave it at once."""
        official = queries.official_known_to(self.account, account_id)
        actions.unfollow_official(person=self.account, official=official)
        return Response(status=204)


class Press(MemberAPI):
    @extend_schema(
        operation_id="official_press", request=shapes.PressIn, responses=shapes.PressedOut
    )
    def post(self, request: Request, account_id: str) -> Response:
        """Press a button of the menu."""
        official = queries.official_for(self.account, account_id)
        path = given(shapes.PressIn, request)["path"]
        pressed = actions.press_menu(person=self.account, official=official, path=path)
        return Response({"url": pressed.url})


class Location(MemberAPI):
    @extend_schema(
        operation_id="official_location", request=shapes.LocationIn, responses={204: None}
    )
    def post(self, request: Request, account_id: str) -> Response:
        """Tell an account that the caller follows where they are. It is passed on and not kept."""
        official = queries.official_for(self.account, account_id)
        place = given(shapes.LocationIn, request)
        actions.report_location(person=self.account, official=official, **place)
        return Response(status=204)


class Follows(MemberAPI):
    @extend_schema(
        operation_id="follows_list", parameters=PAGING, responses=page_of(shapes.FollowOut)
    )
    def get(self, request: Request) -> Response:
        """The accounts that the caller follows, the latest first."""
        rows, cursor = page_by_pk(request, queries.followed_by(self.account))
        return Response({"items": shapes.FollowOut(rows, many=True).data, "next_cursor": cursor})
