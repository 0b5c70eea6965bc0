"""What integrators send and get about articles, broadcasts and figures."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.actions.publishing import KINDS
from accounts.api.serializers import Plain
from accounts.models import Article
from accounts.states import ArticleStatus, BroadcastStatus

_ID = 40


class BodyBlockOut(Plain):
    """A part of a body. `text` may hold **bold**, *italic* and [words](address); pictures are named
    by id, and have an address."""

    kind = serializers.ChoiceField(choices=sorted(KINDS))
    text = serializers.CharField(max_length=settings.BLOCK_TEXT_MAX, required=False)
    url = serializers.CharField(max_length=settings.MENU_URL_MAX, required=False)
    picture = serializers.CharField(max_length=200, required=False)


class BodyBlockIn(Plain):
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    text = serializers.CharField(
        max_length=settings.BLOCK_TEXT_MAX, required=False, allow_blank=True
    )
    url = serializers.CharField(max_length=settings.MENU_URL_MAX, required=False)
    picture = serializers.CharField(max_length=_ID, required=False)


class ArticleOut(Plain):
    """An article in a list."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    title = serializers.CharField(max_length=settings.ARTICLE_TITLE_MAX)
    summary = serializers.CharField(max_length=settings.ARTICLE_SUMMARY_MAX)
    author = serializers.CharField(max_length=settings.ARTICLE_AUTHOR_MAX)
    cover = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", max_length=200)
    published_at = serializers.DateTimeField(allow_null=True)

    def get_cover(self, article: Article) -> str:
        return article.cover.url if article.cover else ""


class ArticleFullOut(ArticleOut):
    """With its body, and how it was received."""

    body = BodyBlockOut(many=True)
    source_url = serializers.CharField(max_length=settings.MENU_URL_MAX)
    is_original = serializers.BooleanField()
    takes_comments = serializers.BooleanField()
    reads = serializers.IntegerField()
    likes = serializers.IntegerField()
    is_liked = serializers.BooleanField()


class OwnArticleOut(ArticleOut):
    """As its staff see it."""

    status = serializers.ChoiceField(choices=ArticleStatus.choices)
    body = BodyBlockOut(many=True)
    changed_at = serializers.DateTimeField()


class ArticleIn(Plain):
    """Say the body in blocks or as `html`, of which words, lists, links, bold and italic are read."""

    title = serializers.CharField(max_length=settings.ARTICLE_TITLE_MAX)
    summary = serializers.CharField(
        max_length=settings.ARTICLE_SUMMARY_MAX, default="", allow_blank=True
    )
    author = serializers.CharField(
        max_length=settings.ARTICLE_AUTHOR_MAX, default="", allow_blank=True
    )
    cover = serializers.CharField(max_length=_ID, default="", allow_blank=True)
    blocks = serializers.ListField(
        child=BodyBlockIn(), max_length=settings.ARTICLE_BLOCKS_MAX, default=list
    )
    html = serializers.CharField(max_length=200_000, default="", allow_blank=True)
    source_url = serializers.CharField(
        max_length=settings.MENU_URL_MAX, default="", allow_blank=True
    )
    is_original = serializers.BooleanField(default=False)
    takes_comments = serializers.BooleanField(default=True)


class ArticleCommentOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    author = serializers.CharField(source="author.name", max_length=40)
    text = serializers.CharField(max_length=settings.COMMENT_MAX)
    reply = serializers.CharField(max_length=settings.COMMENT_MAX)
    status = serializers.CharField(max_length=10)
    created_at = serializers.DateTimeField()


class ArticleCommentIn(Plain):
    text = serializers.CharField(max_length=settings.COMMENT_MAX)


class BroadcastReceivedOut(Plain):
    """What the account said to the caller and others."""

    id = serializers.CharField(max_length=_ID)
    text = serializers.CharField(max_length=settings.BROADCAST_TEXT_MAX)
    articles = ArticleOut(many=True)
    sent_at = serializers.DateTimeField()
    is_recalled = serializers.BooleanField()


class BroadcastReportOut(Plain):
    """Followers aimed at; of them left out, sent to; and what those did."""

    total = serializers.IntegerField()
    filtered = serializers.IntegerField()
    sent = serializers.IntegerField()
    opened = serializers.IntegerField()
    clicked = serializers.IntegerField()
    read = serializers.IntegerField()


class BroadcastOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    client_id = serializers.CharField(max_length=64)
    status = serializers.ChoiceField(choices=BroadcastStatus.choices)
    text = serializers.CharField(max_length=settings.BROADCAST_TEXT_MAX)
    headline = serializers.CharField(max_length=64)
    tag = serializers.CharField(source="tag_name", max_length=30)
    due_at = serializers.DateTimeField(allow_null=True)
    review_until = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    refusal = serializers.CharField(max_length=60)


class BroadcastFullOut(BroadcastOut):
    report = BroadcastReportOut()


class BroadcastIn(Plain):
    """A text, or else articles (ids, in order). `tag`: the number of a tag, or null for everybody.
    A repeated `client_id` gives the first one; with another message it is refused."""

    text = serializers.CharField(
        max_length=settings.BROADCAST_TEXT_MAX, default="", allow_blank=True
    )
    articles = serializers.ListField(
        child=serializers.CharField(max_length=_ID),
        max_length=settings.BROADCAST_ARTICLES_MAX,
        default=list,
    )
    tag = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=None, allow_null=True)
    due_at = serializers.DateTimeField(default=None, allow_null=True)
    client_id = serializers.CharField(max_length=64, default="", allow_blank=True)


class BroadcastReasonIn(Plain):
    reason = serializers.CharField(max_length=200, default="", allow_blank=True)


class DayFiguresOut(Plain):
    """What was counted on one day of the account's time zone."""

    day = serializers.DateField()
    followers = serializers.IntegerField(allow_null=True)
    follow = serializers.SerializerMethodField()
    unfollow = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    menu = serializers.SerializerMethodField()
    read = serializers.SerializerMethodField()
    share = serializers.SerializerMethodField()
    click = serializers.SerializerMethodField()

    def get_follow(self, day: Any) -> int:
        return int(day.of("follow"))

    def get_unfollow(self, day: Any) -> int:
        return int(day.of("unfollow"))

    def get_message(self, day: Any) -> int:
        return int(day.of("message"))

    def get_menu(self, day: Any) -> int:
        return int(day.of("menu"))

    def get_read(self, day: Any) -> int:
        return int(day.of("read"))

    def get_share(self, day: Any) -> int:
        return int(day.of("share"))

    def get_click(self, day: Any) -> int:
        return int(day.of("click"))
