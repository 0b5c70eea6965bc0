"""The caller themselves."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.actions.profile import CHAT_PREFERENCES
from accounts.api import serializers as shapes
from accounts.guards import MemberAPI

_WORDS = ("name", "gender", "region", "signature")
_PLACE = ("language", "time_zone")


def _me(view: MemberAPI) -> Response:
    return Response(shapes.MeOut(queries.account_of(view.request.user)).data)


class Me(MemberAPI):
    @extend_schema(operation_id="me_get", responses=shapes.MeOut)
    def get(self, request: Request) -> Response:
        return _me(self)

    @extend_schema(operation_id="me_set", request=shapes.MeIn, responses=shapes.MeOut)
    def patch(self, request: Request) -> Response:
        """Name, gender, region, signature, language, time zone; what is left out stays."""
        given = shapes.given(shapes.MeIn, request)
        account, person = self.account, self.account.person
        if given.keys() & set(_WORDS):
            known = {"name": account.name} | {name: getattr(person, name) for name in _WORDS[1:]}
            known |= {name: given[name] for name in _WORDS if name in given}
            actions.edit_profile(account=account, **known)
        if given.keys() & set(_PLACE):
            known = {name: given.get(name, getattr(person, name)) for name in _PLACE}
            actions.set_language(account=account, **known)
        return _me(self)


class Handle(MemberAPI):
    @extend_schema(operation_id="me_handle", request=shapes.HandleIn, responses=shapes.MeOut)
    def put(self, request: Request) -> Response:
        """Choose the ID one is found by; once a year."""
        actions.set_handle(account=self.account, **shapes.given(shapes.HandleIn, request))
        return _me(self)


class Audiences(MemberAPI):
    @extend_schema(operation_id="me_audiences", request=shapes.AudiencesIn, responses=shapes.MeOut)
    def patch(self, request: Request) -> Response:
        """Who sees gender, region and signature."""
        given = shapes.given(shapes.AudiencesIn, request)
        audiences = {f"{name}_audience": value for name, value in given.items()}
        actions.set_audiences(account=self.account, audiences=audiences)
        return _me(self)


class Preferences(MemberAPI):
    @extend_schema(
        operation_id="me_preferences", request=shapes.PreferencesIn, responses=shapes.MeOut
    )
    def patch(self, request: Request) -> Response:
        """Ways to be found, and how chats behave."""
        given = shapes.given(shapes.PreferencesIn, request)
        chat = {name: given.pop(name) for name in CHAT_PREFERENCES if name in given}
        if given:
            actions.set_ways_to_find(account=self.account, choices=given)
        if chat:
            actions.set_chat_preferences(account=self.account, choices=chat)
        return _me(self)


class Avatar(MemberAPI):
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="me_avatar_set", request=shapes.PictureIn, responses=shapes.MeOut)
    def put(self, request: Request) -> Response:
        """A new face: cut square and encoded again, with nothing of the original file left."""
        actions.set_avatar(account=self.account, picture=_picture(request))
        return _me(self)

    @extend_schema(operation_id="me_avatar_remove", responses={204: None})
    def delete(self, request: Request) -> Response:
        actions.remove_avatar(account=self.account)
        return Response(status=204)


class Cover(MemberAPI):
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="me_cover_set", request=shapes.PictureIn, responses=shapes.MeOut)
    def put(self, request: Request) -> Response:
        """The wide picture behind the profile."""
        actions.set_cover(account=self.account, picture=_picture(request))
        return _me(self)

    @extend_schema(operation_id="me_cover_remove", responses={204: None})
    def delete(self, request: Request) -> Response:
        actions.remove_cover(account=self.account)
        return Response(status=204)


def _picture(request: Request) -> bytes:
    given = shapes.given(shapes.PictureIn, request)
    return bytes(given["picture"].read(settings.AVATAR_UPLOAD_MAX + 1))
