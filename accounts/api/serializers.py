"""What integrators send (…In) and get (…Out) about people. Every text and list has a bound."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts import queries
from accounts.models import Account, Contact, FriendRequest, Person, PersonalToken, Tag

Plain = serializers.Serializer[Any]
_ID = 40
_WAY = 500


def given(shape: type[Plain], request: Request) -> dict[str, Any]:
    """What the caller sent, read by its shape; DRF's own error otherwise."""
    data = shape(data=request.data)
    data.is_valid(raise_exception=True)
    return dict(data.validated_data)


def _ids(most: int) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=_ID), max_length=most, required=False
    )


def _text(most: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True, **more)


class PersonOut(Plain):
    """Somebody, as everybody sees them. `avatar` is an address, or empty."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    name = serializers.CharField(max_length=40)
    avatar = serializers.CharField(source="avatar_url", max_length=200)

    def __init__(self, *args: Account | list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AudiencesOut(Plain):
    gender = serializers.CharField(source="gender_audience", max_length=10)
    region = serializers.CharField(source="region_audience", max_length=10)
    signature = serializers.CharField(source="signature_audience", max_length=10)


class PreferencesOut(Plain):
    is_found_by_phone = serializers.BooleanField()
    is_found_by_handle = serializers.BooleanField()
    is_found_by_qr = serializers.BooleanField()
    is_found_by_group = serializers.BooleanField()
    is_found_by_card = serializers.BooleanField()
    is_card_shareable = serializers.BooleanField()
    approves_friends = serializers.BooleanField()
    shares_read_marks = serializers.BooleanField()
    mentions_break_mute = serializers.BooleanField()
    enter_sends = serializers.BooleanField()


class MeOut(Plain):
    """The caller: everything they said about themselves, and their preferences."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    name = serializers.CharField(max_length=40)
    handle = serializers.CharField(max_length=20, allow_null=True)
    avatar = serializers.CharField(source="avatar_url", max_length=200)
    cover = serializers.CharField(source="person.cover_url", max_length=200)
    email = serializers.CharField(source="person.email", max_length=254, allow_null=True)
    phone = serializers.CharField(source="person.phone", max_length=16, allow_null=True)
    gender = serializers.CharField(source="person.gender", max_length=10)
    region = serializers.CharField(source="person.region", max_length=60)
    signature = serializers.CharField(source="person.signature", max_length=30)
    language = serializers.CharField(source="person.language", max_length=10)
    time_zone = serializers.CharField(source="person.time_zone", max_length=40)
    audiences = AudiencesOut(source="person")
    preferences = PreferencesOut(source="person")
    created_at = serializers.DateTimeField()


class MeIn(Plain):
    """Only what is given changes."""

    name = serializers.CharField(max_length=settings.NAME_MAX, required=False)
    gender = serializers.ChoiceField(
        choices=Person.Gender.choices, required=False, allow_blank=True
    )
    region = _text(settings.REGION_MAX)
    signature = _text(settings.SIGNATURE_MAX)
    language = serializers.ChoiceField(
        choices=[code for code, _name in settings.LANGUAGES], required=False, allow_blank=True
    )
    time_zone = _text(40)


class AudiencesIn(Plain):
    gender = serializers.ChoiceField(choices=Person.Audience.choices, required=False)
    region = serializers.ChoiceField(choices=Person.Audience.choices, required=False)
    signature = serializers.ChoiceField(choices=Person.Audience.choices, required=False)


class PreferencesIn(Plain):
    """Only what is given changes."""

    is_found_by_phone = serializers.BooleanField(required=False)
    is_found_by_handle = serializers.BooleanField(required=False)
    is_found_by_qr = serializers.BooleanField(required=False)
    is_found_by_group = serializers.BooleanField(required=False)
    is_found_by_card = serializers.BooleanField(required=False)
    is_card_shareable = serializers.BooleanField(required=False)
    approves_friends = serializers.BooleanField(required=False)
    shares_read_marks = serializers.BooleanField(required=False)
    mentions_break_mute = serializers.BooleanField(required=False)
    enter_sends = serializers.BooleanField(required=False)


class HandleIn(Plain):
    handle = serializers.CharField(max_length=40)


class PictureIn(Plain):
    picture = serializers.FileField(help_text="JPEG, PNG, WebP, GIF or HEIC.")


class LookupIn(Plain):
    q = serializers.CharField(max_length=60, help_text="An ID, or a phone number.")


class FoundOut(Plain):
    """Somebody, and the proof of how they were found: pass it on when asking them."""

    account = PersonOut()
    way = serializers.CharField(max_length=_WAY)


class TagOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    name = serializers.CharField(max_length=20)

    def __init__(self, *args: Tag | list[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class TagWithSizeOut(TagOut):
    size = serializers.IntegerField()


class TagIn(Plain):
    name = serializers.CharField(max_length=settings.TAG_NAME_MAX)


class TagMembersIn(Plain):
    accounts = serializers.ListField(
        child=serializers.CharField(max_length=_ID), max_length=settings.FRIENDS_MAX
    )


class ContactOut(Plain):
    """Somebody in the caller's list; `name` is what they call themselves."""

    account = PersonOut(source="other")
    remark = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=400)
    phones = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=settings.CONTACT_PHONES_MAX
    )
    is_starred = serializers.BooleanField()
    is_chat_only = serializers.BooleanField()
    source = serializers.CharField(max_length=10)  # type: ignore[assignment]
    section = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def __init__(self, *args: Contact | list[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @extend_schema_field({"type": "string", "maxLength": 1})
    def get_section(self, contact: Contact) -> str:
        return queries.letter_of(contact.sort_key)


class ContactIn(Plain):
    """Only what is given changes."""

    remark = _text(settings.REMARK_MAX)
    note = _text(settings.CONTACT_NOTE_MAX)
    phones = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=settings.CONTACT_PHONES_MAX,
        required=False,
    )
    tags = _ids(settings.TAGS_MAX)
    is_starred = serializers.BooleanField(required=False)
    is_chat_only = serializers.BooleanField(required=False)


class ProfileOut(Plain):
    """Somebody's page as the caller may see it; what is not for them is empty."""

    account = PersonOut()
    handle = serializers.SerializerMethodField()
    gender = serializers.CharField(max_length=20)
    region = serializers.CharField(max_length=60)
    signature = serializers.CharField(max_length=30)
    cover = serializers.CharField(source="account.person.cover_url", max_length=200)
    is_self = serializers.BooleanField()
    is_friend = serializers.BooleanField()
    is_blocked = serializers.BooleanField()
    contact = ContactOut(allow_null=True)
    way = serializers.CharField(
        max_length=_WAY,
        help_text="How the caller may ask them to be friends, when they meet anyhow.",
    )
    tags = serializers.ListField(child=TagOut(), max_length=settings.TAGS_MAX)

    @extend_schema_field({"type": "string", "maxLength": 20})
    def get_handle(self, profile: queries.Profile) -> str:
        return (profile.account.handle or "") if profile.is_known else ""


class FriendRequestIn(Plain):
    account = serializers.CharField(max_length=_ID)
    way = serializers.CharField(max_length=_WAY, required=False, allow_blank=True, default="")
    note = _text(settings.FRIEND_REQUEST_NOTE_MAX, default="")
    remark = _text(settings.REMARK_MAX, default="")
    is_chat_only = serializers.BooleanField(default=False)


class FriendRequestOut(Plain):
    """`status` as the caller may know it: to its sender an ignored request waits."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    sender = PersonOut()
    receiver = PersonOut()
    note = serializers.CharField(max_length=50)
    source = serializers.CharField(max_length=10)  # type: ignore[assignment]
    status = serializers.CharField(source="shown", max_length=10)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()

    def __init__(self, *args: FriendRequest | list[FriendRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AskedOut(Plain):
    """`is_friend` when nothing had to be waited for."""

    is_friend = serializers.BooleanField()
    request = serializers.CharField(max_length=_ID, allow_null=True)


class AcceptIn(Plain):
    remark = _text(settings.REMARK_MAX, default="")
    tags = _ids(settings.TAGS_MAX)
    is_chat_only = serializers.BooleanField(default=False)


class BlockOut(Plain):
    account = PersonOut(source="other")
    created_at = serializers.DateTimeField()


class SessionOut(Plain):
    id = serializers.CharField(max_length=_ID)
    device = serializers.CharField(source="name", max_length=120)
    place = serializers.CharField(max_length=60)
    signed_in_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    is_current = serializers.BooleanField()


class SessionsOut(Plain):
    items = serializers.ListField(child=SessionOut(), max_length=200)


class EndedOut(Plain):
    ended = serializers.IntegerField()


class TokenIn(Plain):
    name = serializers.CharField(max_length=settings.TOKEN_NAME_MAX)


class TokenOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    name = serializers.CharField(max_length=60)
    hint = serializers.CharField(max_length=8)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)

    def __init__(self, *args: PersonalToken | list[PersonalToken], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class NewTokenOut(Plain):
    """`secret` is said only here."""

    token = TokenOut()
    secret = serializers.CharField(max_length=60)
