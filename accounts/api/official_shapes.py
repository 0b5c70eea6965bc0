"""What integrators send and get about official accounts."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.api.serializers import Plain
from accounts.states import CallbackMode, PushStatus, ReplyChoice, ReplyTrigger

_ID = 40


class OfficialOut(Plain):
    """A published account, as everybody sees it."""

    id = serializers.CharField(source="account.public_id", max_length=_ID)
    name = serializers.CharField(source="account.name", max_length=40)
    avatar = serializers.CharField(source="account.avatar_url", max_length=200)
    kind = serializers.CharField(max_length=12)
    category = serializers.CharField(max_length=12)
    intro = serializers.CharField(max_length=120)
    region = serializers.CharField(max_length=60)
    is_verified = serializers.BooleanField()


class OfficialProfileOut(OfficialOut):
    """With what its page shows to the caller."""

    company = serializers.SerializerMethodField()
    is_following = serializers.BooleanField()
    menu = serializers.JSONField()

    def get_company(self, official: Any) -> str:
        return official.legal_name if official.is_verified else ""


class FollowIn(Plain):
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=["search", "card", "profile", "article"], default="profile"
    )


class FollowOut(Plain):
    account = OfficialOut(source="official")
    followed_at = serializers.DateTimeField()


class PressIn(Plain):
    path = serializers.CharField(max_length=5, help_text='The place of the button: "0" or "0.2".')


class PressedOut(Plain):
    """An address to open, or empty: then the account answers in its thread."""

    url = serializers.CharField(max_length=settings.MENU_URL_MAX)


class LocationIn(Plain):
    """Degrees (WGS 84), and how exact that is in metres."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    precision = serializers.FloatField(min_value=0, max_value=1e7)


class RoleOut(Plain):
    account = OfficialOut(source="official")
    status = serializers.CharField(source="official.status", max_length=10)
    role = serializers.CharField(max_length=10)


class FollowerOut(Plain):
    """A follower, by the openid under which this account knows them."""

    openid = serializers.CharField(max_length=28)
    name = serializers.CharField(source="person.name", max_length=40)
    avatar = serializers.CharField(source="person.avatar_url", max_length=200)
    remark = serializers.CharField(max_length=30)
    tags = serializers.SerializerMethodField()
    is_blacklisted = serializers.BooleanField()
    source = serializers.CharField(max_length=10)  # type: ignore[assignment]
    followed_at = serializers.DateTimeField(allow_null=True)

    def get_tags(self, follow: Any) -> list[int]:
        return [tag.number for tag in follow.tags.all()]


class FollowerIn(Plain):
    """Both are set: the remark, and exactly these tags."""

    remark = serializers.CharField(max_length=settings.FOLLOWER_REMARK_MAX, allow_blank=True)
    tags = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=2**31 - 1),
        max_length=settings.FOLLOWER_TAGS_EACH_MAX,
    )


class FollowerTagOut(Plain):
    number = serializers.IntegerField()
    name = serializers.CharField(max_length=30)


class FollowerTagWithSizeOut(FollowerTagOut):
    size = serializers.IntegerField()


class FollowerTagIn(Plain):
    name = serializers.CharField(max_length=settings.FOLLOWER_TAG_NAME_MAX)


class LeafIn(Plain):
    name = serializers.CharField(max_length=60)
    type = serializers.CharField(max_length=30, required=False)
    key = serializers.CharField(max_length=settings.MENU_KEY_MAX, required=False)
    url = serializers.CharField(max_length=settings.MENU_URL_MAX, required=False)
    value = serializers.CharField(max_length=settings.MENU_TEXT_MAX, required=False)
    media_id = serializers.CharField(max_length=128, required=False)
    article_id = serializers.CharField(max_length=128, required=False)


class ButtonIn(LeafIn):
    sub_button = serializers.ListField(
        child=LeafIn(), max_length=settings.MENU_SUB_BUTTONS_MAX, required=False
    )


class MenuIn(Plain):
    """At most three buttons, each with at most five below it; none takes the menu away."""

    button = serializers.ListField(child=ButtonIn(), max_length=settings.MENU_BUTTONS_MAX)


class MenuOut(Plain):
    draft = serializers.JSONField()
    published = serializers.JSONField()
    published_at = serializers.DateTimeField(allow_null=True)


class KeywordIn(Plain):
    text = serializers.CharField(max_length=settings.AUTO_REPLY_KEYWORD_MAX)
    is_exact = serializers.BooleanField(default=False)


class AutoAnswerIn(Plain):
    text = serializers.CharField(max_length=settings.AUTO_REPLY_TEXT_MAX)


class AutoReplyIn(Plain):
    trigger = serializers.ChoiceField(choices=ReplyTrigger.choices)
    title = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    keywords = serializers.ListField(
        child=KeywordIn(), max_length=settings.AUTO_REPLY_KEYWORDS_MAX, required=False
    )
    replies = serializers.ListField(
        child=AutoAnswerIn(), min_length=1, max_length=settings.AUTO_REPLY_ANSWERS_MAX
    )
    choice = serializers.ChoiceField(choices=ReplyChoice.choices, default=ReplyChoice.ALL)


class AutoReplyOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    trigger = serializers.CharField(max_length=10)
    title = serializers.CharField(max_length=60)
    keywords = serializers.JSONField()
    replies = serializers.JSONField()
    choice = serializers.CharField(max_length=10)
    is_on = serializers.BooleanField()


class SwitchIn(Plain):
    is_on = serializers.BooleanField()


class ProgramOut(serializers.Serializer[dict[str, str]]):
    appid = serializers.CharField()
    secret = serializers.CharField(help_text="32 hex digits, never shown again.")


class CallbackIn(Plain):
    """Where the account's own program listens."""

    url = serializers.URLField(max_length=settings.CALLBACK_URL_MAX)
    token = serializers.RegexField(r"^[A-Za-z0-9]{3,32}$", max_length=32)
    aes_key = serializers.RegexField(
        r"^[A-Za-z0-9]{43}$", max_length=43, required=False, allow_blank=True, default=""
    )
    mode = serializers.ChoiceField(choices=CallbackMode.choices, default=CallbackMode.PLAIN)


class CallbackOut(Plain):
    url = serializers.CharField(max_length=settings.CALLBACK_URL_MAX)
    mode = serializers.ChoiceField(choices=CallbackMode.choices)
    verified_at = serializers.DateTimeField()
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when no push was taken; null while all is well."
    )
    trouble = serializers.CharField(max_length=40, help_text="What the last push ran into.")


class PushOut(Plain):
    """A line of the log: what the program was told, and how that ended. No words of people."""

    id = serializers.IntegerField(source="pk")
    openid = serializers.CharField(source="follow.openid", max_length=28)
    kind = serializers.CharField(max_length=30)
    status = serializers.ChoiceField(choices=PushStatus.choices)
    outcome = serializers.CharField(max_length=40)
    tries = serializers.IntegerField(min_value=0)
    milliseconds = serializers.IntegerField(allow_null=True, min_value=0)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
