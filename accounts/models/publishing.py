"""What official accounts publish: pictures, articles with what readers say of them, and pages."""

from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.official import OfficialAccount
from accounts.models.people import Account
from accounts.states import ArticleStatus, CommentStatus, PageStatus
from superapp.kernel.ids import new_id
from superapp.kernel.models import StoredFile


class Picture(models.Model):
    """A picture of the account's library, for covers and inside articles and pages."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "pic"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="pictures")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [models.Index(fields=["official", "-id"], name="pictures_of")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"/a/pictures/{self.public_id}/"


class Article(models.Model):
    """Words and pictures under a permanent address.

    `body` is a list of blocks (actions.blocks): no markup is stored, so none can be smuggled in.
    What was published does not change any more: two people may have agreed to send it.
    """

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "art"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="articles")
    status = models.CharField(
        max_length=10, choices=ArticleStatus.choices, default=ArticleStatus.DRAFT
    )
    title = models.CharField(max_length=64)
    summary = models.CharField(max_length=120, blank=True)
    author = models.CharField(max_length=20, blank=True)
    cover = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="+")
    body: Any = models.JSONField(default=list)
    # "Read the original": where it appeared first.
    source_url = models.CharField(max_length=1024, blank=True)
    is_original = models.BooleanField(default=False)
    takes_comments = models.BooleanField(default=True)
    made_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["official", "-id"], name="articles_of"),
            models.Index(
                fields=["official", "-published_at"],
                condition=models.Q(status="published"),
                name="articles_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/a/{self.official.account.public_id}/articles/{self.public_id}/"


class ArticleLike(models.Model):
    """This person likes this article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="likes")
    person = models.ForeignKey(Account, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "person"], name="one_article_like")
        ]


class Comment(models.Model):
    """What a reader says of an article: theirs and the account's until the account selects it."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "cmt"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="comments")
    article = models.ForeignKey(Article, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Account, models.CASCADE, related_name="+")
    text = models.CharField(max_length=600)
    status = models.CharField(
        max_length=10, choices=CommentStatus.choices, default=CommentStatus.HELD
    )
    reply = models.CharField(max_length=600, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(fields=["article", "status", "-id"], name="comments_on"),
            models.Index(fields=["official", "-id"], name="comments_to"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Preview(models.Model):
    """Somebody may look at something that is not published yet: it was sent to their phone."""

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="previews")
    person = models.ForeignKey(Account, models.CASCADE, related_name="+")
    # Public id of an article or a broadcast.
    ref = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ref", "person"], name="previews_of"),
            models.Index(fields=["official", "created_at"], name="previews_counted"),
        ]


class Page(models.Model):
    """A page that an account puts together from blocks, under its own address (MIN-01)."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "page"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="pages")
    slug = models.SlugField(max_length=40)
    title = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=PageStatus.choices, default=PageStatus.DRAFT)
    # What is being built, and what visitors see.
    draft: Any = models.JSONField(default=list)
    published: Any = models.JSONField(default=list)
    # Among the tabs of the account's page.
    is_tab = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(fields=["official", "slug"], name="one_page_per_slug")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/a/{self.official.account.public_id}/p/{self.slug}/"


class Figure(models.Model):
    """How often something happened to an account on a day of its time zone.

    One thing has several rows (`shard`), so that many readers do not wait for one another; whoever
    reads adds them up, and the housekeeping makes one of those of past days.
    """

    class What(models.TextChoices):
        FOLLOWERS = "followers", _("Followers")
        FOLLOW = "follow", _("Follows")
        UNFOLLOW = "unfollow", _("Unfollows")
        MESSAGE = "message", _("Messages")
        MENU = "menu", _("Menu presses")
        # An article (ref), or a broadcast (ref) in its thread.
        READ = "read", _("Reads")
        RECEIVED = "received", _("Broadcasts opened")
        SHARE = "share", _("Shares")
        # A tracked link; ref is what it stood in.
        CLICK = "click", _("Clicks")

    official = models.ForeignKey(
        OfficialAccount, models.CASCADE, related_name="figures", db_index=False
    )
    ref = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=10, choices=What.choices)
    day = models.DateField()
    shard = models.PositiveSmallIntegerField(default=0)
    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.UniqueConstraint(
                fields=["official", "ref", "what", "day", "shard"], name="one_figure"
            )
        ]
        indexes = [models.Index(fields=["official", "day"], name="figures_by_day")]


class Seen(models.Model):
    """Somebody was counted today. A keyed sum of who, what and when: it names nobody, and goes
    after a few days."""

    mark = models.CharField(max_length=32, primary_key=True)
    day = models.DateField(db_index=True)
