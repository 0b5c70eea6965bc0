"""Official accounts for those who work for them. What is not theirs is not there: 404."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.api import official_shapes as shapes
from accounts.api.serializers import given
from accounts.errors import NoCallback
from accounts.guards import MemberAPI
from accounts.models import Menu, OfficialAccount
from accounts.states import StaffMay
from superapp.kernel.api import cursor_of
from superapp.kernel.api_schema import PAGING, page_of

_ALL = 200


class BusinessAPI(MemberAPI):
    """`self.official(id, what)`: the account, if the caller's role includes this."""

    def official(self, account_id: str, what: StaffMay) -> OfficialAccount:
        official = queries.staffed_official(self.account, account_id)
        queries.require_staff(self.account, official, what)
        return official


class Roles(MemberAPI):
    @extend_schema(operation_id="business_list", responses=page_of(shapes.RoleOut))
    def get(self, request: Request) -> Response:
        """The accounts that the caller works for, in any status."""
        rows = list(queries.roles_of(self.account)[:_ALL])
        return Response({"items": shapes.RoleOut(rows, many=True).data, "next_cursor": None})


class Followers(BusinessAPI):
    @extend_schema(
        operation_id="followers_list",
        parameters=[
            PAGING[1],
            OpenApiParameter("tag", {"type": "string", "maxLength": 9}),
            OpenApiParameter("q", {"type": "string", "maxLength": 40}),
        ],
        responses=page_of(shapes.FollowerOut),
    )
    def get(self, request: Request, account_id: str) -> Response:
        """Followers, newest first; with a tag, or whose name or remark holds the words."""
        official = self.official(account_id, StaffMay.FOLLOWERS)
        rows, following = queries.followers_page(
            official,
            tag=request.query_params.get("tag", ""),
            words=request.query_params.get("q", "").replace("\0", ""),
            before=cursor_of(request),
        )
        items = shapes.FollowerOut(rows, many=True).data
        return Response({"items": items, "next_cursor": following or None})


class OneFollower(BusinessAPI):
    @extend_schema(
        operation_id="followers_set", request=shapes.FollowerIn, responses=shapes.FollowerOut
    )
    def put(self, request: Request, account_id: str, openid: str) -> Response:
        """The remark and the tags of a follower."""
        official = self.official(account_id, StaffMay.FOLLOWERS)
        said = given(shapes.FollowerIn, request)
        follow = actions.describe_follower(
            official=official,
            actor=self.account,
            openid=openid,
            remark=said["remark"],
            tag_numbers=said["tags"],
        )
        return Response(shapes.FollowerOut(follow).data)


class FollowerTags(BusinessAPI):
    @extend_schema(
        operation_id="follower_tags_list", responses=page_of(shapes.FollowerTagWithSizeOut)
    )
    def get(self, request: Request, account_id: str) -> Response:
        rows = queries.follower_tags_of(self.official(account_id, StaffMay.FOLLOWERS))
        items = shapes.FollowerTagWithSizeOut(rows, many=True).data
        return Response({"items": items, "next_cursor": None})

    @extend_schema(
        operation_id="follower_tags_create",
        request=shapes.FollowerTagIn,
        responses={201: shapes.FollowerTagOut},
    )
    def post(self, request: Request, account_id: str) -> Response:
        official = self.official(account_id, StaffMay.FOLLOWERS)
        name = given(shapes.FollowerTagIn, request)["name"]
        tag = actions.make_tag(official=official, actor=self.account, name=name)
        return Response(shapes.FollowerTagOut(tag).data, status=201)


class OneFollowerTag(BusinessAPI):
    @extend_schema(operation_id="follower_tags_delete", responses={204: None})
    def delete(self, request: Request, account_id: str, number: int) -> Response:
        """Followers lose it."""
        official = self.official(account_id, StaffMay.FOLLOWERS)
        actions.drop_tag(official=official, actor=self.account, number=min(number, 2**31 - 1))
        return Response(status=204)


class DraftMenu(BusinessAPI):
    @extend_schema(operation_id="menu_get", responses=shapes.MenuOut)
    def get(self, request: Request, account_id: str) -> Response:
        """The menu that is being built, and the one that followers see."""
        return _menu(queries.menu_row_of(self.official(account_id, StaffMay.CONTENT)))

    @extend_schema(operation_id="menu_set", request=shapes.MenuIn, responses=shapes.MenuOut)
    def put(self, request: Request, account_id: str) -> Response:
        """Keep a draft; followers see it once it is published."""
        official = self.official(account_id, StaffMay.CONTENT)
        buttons = given(shapes.MenuIn, request)["button"]
        return _menu(
            actions.save_menu_draft(official=official, actor=self.account, buttons=buttons)
        )


class PublishMenu(BusinessAPI):
    @extend_schema(operation_id="menu_publish", request=None, responses=shapes.MenuOut)
    def post(self, request: Request, account_id: str) -> Response:
        """Followers see the draft from now on."""
        official = self.official(account_id, StaffMay.CONTENT)
        return _menu(actions.publish_menu(official=official, actor=self.account))


class ProgramSecret(BusinessAPI):
    @extend_schema(
        operation_id="program_secret_reset", request=None, responses={201: shapes.ProgramOut}
    )
    def post(self, request: Request, account_id: str) -> Response:
        """A new AppSecret for programs of the compatible API, shown this once. The one before and
        every token end."""
        official = self.official(account_id, StaffMay.DEVELOP)
        secret = actions.reset_program_secret(official=official, actor=self.account)
        return Response({"appid": official.appid, "secret": secret}, status=201)


class ProgramCallback(BusinessAPI):
    @extend_schema(operation_id="callback_get", responses=shapes.CallbackOut)
    def get(self, request: Request, account_id: str) -> Response:
        """Where the account's program listens, and whether it takes what it is told."""
        found = queries.callback_of(self.official(account_id, StaffMay.DEVELOP))
        if found is None:
            raise NoCallback
        return Response(shapes.CallbackOut(found).data)

    @extend_schema(
        operation_id="callback_set", request=shapes.CallbackIn, responses=shapes.CallbackOut
    )
    def post(self, request: Request, account_id: str) -> Response:
        """Pushes go there from now on. The address is asked first; unless it answers the test as
        the platform's rules ask, the settings stay as they were."""
        official = self.official(account_id, StaffMay.DEVELOP)
        said = given(shapes.CallbackIn, request)
        kept = actions.save_callback(official=official, actor=self.account, **said)
        return Response(shapes.CallbackOut(kept).data)

    @extend_schema(operation_id="callback_delete", responses={204: None})
    def delete(self, request: Request, account_id: str) -> Response:
        """No program listens any more."""
        official = self.official(account_id, StaffMay.DEVELOP)
        actions.drop_callback(official=official, actor=self.account)
        return Response(status=204)


class ProgramPushes(BusinessAPI):
    @extend_schema(
        operation_id="pushes_list", parameters=[PAGING[1]], responses=page_of(shapes.PushOut)
    )
    def get(self, request: Request, account_id: str) -> Response:
        """What the program was told lately, newest first."""
        official = self.official(account_id, StaffMay.DEVELOP)
        rows, following = queries.pushes_of(official, before=cursor_of(request))
        items = shapes.PushOut(rows, many=True).data
        return Response({"items": items, "next_cursor": following or None})


class AutoReplies(BusinessAPI):
    @extend_schema(operation_id="auto_replies_list", responses=page_of(shapes.AutoReplyOut))
    def get(self, request: Request, account_id: str) -> Response:
        """The rules, oldest first: the first whose words fit answers."""
        rows = queries.auto_replies_of(self.official(account_id, StaffMay.CONTENT))[:_ALL]
        items = shapes.AutoReplyOut(rows, many=True).data
        return Response({"items": items, "next_cursor": None})

    @extend_schema(
        operation_id="auto_replies_create",
        request=shapes.AutoReplyIn,
        responses={201: shapes.AutoReplyOut},
    )
    def post(self, request: Request, account_id: str) -> Response:
        official = self.official(account_id, StaffMay.CONTENT)
        said = given(shapes.AutoReplyIn, request)
        rule = actions.add_auto_reply(official=official, actor=self.account, **said)
        return Response(shapes.AutoReplyOut(rule).data, status=201)


class OneAutoReply(BusinessAPI):
    @extend_schema(
        operation_id="auto_replies_switch", request=shapes.SwitchIn, responses=shapes.AutoReplyOut
    )
    def patch(self, request: Request, account_id: str, reply_id: str) -> Response:
        """Switch a rule on or off."""
        official = self.official(account_id, StaffMay.CONTENT)
        is_on = given(shapes.SwitchIn, request)["is_on"]
        switch = actions.switch_auto_reply_on if is_on else actions.switch_auto_reply_off
        rule = switch(official=official, actor=self.account, reply_id=reply_id)
        return Response(shapes.AutoReplyOut(rule).data)

    @extend_schema(operation_id="auto_replies_delete", responses={204: None})
    def delete(self, request: Request, account_id: str, reply_id: str) -> Response:
        official = self.official(account_id, StaffMay.CONTENT)
        actions.delete_auto_reply(official=official, actor=self.account, reply_id=reply_id)
        return Response(status=204)


def _menu(menu: Menu) -> Response:
    return Response(shapes.MenuOut(menu).data)
