"""Articles, their pictures, what readers said of them, and pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.errors import (
    ArticleGone,
    ArticleNotFound,
    CommentNotFound,
    PageNotFound,
    PictureNotFound,
)
from accounts.models import (
    Account,
    Article,
    ArticleLike,
    Comment,
    Figure,
    OfficialAccount,
    Page,
    Picture,
    Preview,
)
from accounts.queries.official import role_in
from accounts.states import (
    ROLE_MAY,
    ArticleStatus,
    CommentStatus,
    OfficialStatus,
    PageStatus,
    StaffMay,
)
from superapp.kernel.models import StoredFile


def articles() -> QuerySet[Article]:
    """With what every page and card of them shows."""
    return Article.objects.select_related("official__account__avatar", "cover__file")


def articles_of(official: OfficialAccount) -> QuerySet[Article]:
    """All of an account's, the latest first: for its staff."""
    return articles().filter(official=official).order_by("-pk")


def article_of(official: OfficialAccount, public_id: str) -> Article:
    """One of the account's own, whatever its status. Raises ArticleNotFound."""
    try:
        return articles().get(official=official, public_id=public_id)
    except Article.DoesNotExist:
        raise ArticleNotFound from None


def published_articles(official: OfficialAccount) -> QuerySet[Article]:
    """What readers find on the account's page, the latest first."""
    return articles().filter(official=official, status=ArticleStatus.PUBLISHED).order_by("-pk")


def article_for(reader: Account | None, public_id: str) -> Article:
    """An article that somebody (or nobody in particular) may read: published; drafts only by their
    staff and those to whom they were sent. Raises ArticleNotFound, ArticleGone."""
    found = articles().filter(public_id=public_id).first()
    if found is None or found.official.status != OfficialStatus.APPROVED:
        raise ArticleNotFound
    if found.status == ArticleStatus.WITHDRAWN:
        raise ArticleGone
    if found.status != ArticleStatus.PUBLISHED and not may_preview(reader, found):
        raise ArticleNotFound
    return found


def may_preview(reader: Account | None, article: Article) -> bool:
    """Whether somebody may look at a draft."""
    if reader is None:
        return False
    staff = role_in(reader, article.official)
    if staff is not None and StaffMay.CONTENT in ROLE_MAY[staff.role]:
        return True
    return Preview.objects.filter(person=reader, ref=article.public_id).exists()


def articles_shown(viewer: Account, refs: Collection[str]) -> dict[str, Article]:
    """Articles by public id for cards: published ones, taken down ones (the card says so), and drafts
    that were sent to this viewer; one query."""
    sent = Preview.objects.filter(person=viewer, ref=OuterRef("public_id"))
    rows = articles().filter(
        ~Q(status=ArticleStatus.DRAFT) | Exists(sent),
        public_id__in=refs,
        official__status=OfficialStatus.APPROVED,
    )
    return {article.public_id: article for article in rows}


@dataclass(frozen=True, slots=True)
class Reception:
    """How an article was received, and by this reader."""

    reads: int
    likes: int
    is_liked: bool


def reception_of(article: Article, reader: Account | None) -> Reception:
    """Two queries."""
    liked = Q(person=reader) if reader is not None else Q(pk=None)
    found = ArticleLike.objects.filter(article=article).aggregate(
        likes=Count("pk"), mine=Count("pk", filter=liked)
    )
    reads = figures_by_ref(article.official, Figure.What.READ, [article.public_id])
    return Reception(reads.get(article.public_id, 0), found["likes"], found["mine"] > 0)


def figures_by_ref(official: OfficialAccount, what: str, refs: Collection[str]) -> dict[str, int]:
    """How often this ever happened to each of these things; one query."""
    rows = Figure.objects.filter(official=official, ref__in=list(refs), what=what)
    return dict(rows.values_list("ref").annotate(n=Sum("count")).order_by())


def with_reads(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Each with `read_count`: how many people read it."""
    read = Figure.objects.filter(
        official=OuterRef("official"), ref=OuterRef("public_id"), what=Figure.What.READ
    )
    total = read.values("ref").annotate(n=Sum("count")).values("n")
    return rows.annotate(read_count=Coalesce(Subquery(total), 0))


def comments_on(article: Article, reader: Account | None) -> list[Comment]:
    """What the account selected, and the reader's own; the latest first, at most COMMENTS_SHOWN."""
    shown = Q(status=CommentStatus.SELECTED)
    if reader is not None:
        shown |= Q(author=reader)
    rows = Comment.objects.filter(shown, article=article).select_related("author__avatar")
    return list(rows.order_by("-pk")[: settings.COMMENTS_SHOWN])


def comments_to(official: OfficialAccount) -> QuerySet[Comment]:
    """Everything that readers said to the account, the latest first."""
    return (
        Comment.objects.filter(official=official)
        .select_related("author__avatar", "article")
        .order_by("-pk")
    )


def comment_to(official: OfficialAccount, public_id: str) -> Comment:
    """One of them. Raises CommentNotFound."""
    try:
        return Comment.objects.select_related("article", "author").get(
            official=official, public_id=public_id
        )
    except Comment.DoesNotExist:
        raise CommentNotFound from None


def comment_by(author: Account, public_id: str) -> Comment:
    """A comment of one's own. Raises CommentNotFound."""
    try:
        return Comment.objects.select_related("article").get(author=author, public_id=public_id)
    except Comment.DoesNotExist:
        raise CommentNotFound from None


def pictures_of(official: OfficialAccount) -> QuerySet[Picture]:
    """The library, the latest first."""
    return Picture.objects.filter(official=official).select_related("file").order_by("-pk")


def picture_of(official: OfficialAccount, public_id: str) -> Picture:
    """A picture of the library. Raises PictureNotFound."""
    try:
        return Picture.objects.select_related("file").get(official=official, public_id=public_id)
    except Picture.DoesNotExist:
        raise PictureNotFound from None


def picture_file(public_id: str) -> StoredFile:
    """The bytes of a library picture: whoever has its address may see it, as with any picture of a
    published page. Raises PictureNotFound."""
    found = Picture.objects.select_related("file").filter(public_id=public_id).first()
    if found is None:
        raise PictureNotFound
    return found.file


def shown_blocks(
    official: OfficialAccount, blocks: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A body with its pictures in it; what lost its picture is left out. One query, none without."""
    wanted = {block["picture"] for block in blocks if block.get("picture")}
    found = {}
    if wanted:
        rows = Picture.objects.filter(official=official, public_id__in=wanted)
        found = {picture.public_id: picture for picture in rows}
    return [
        {**block, "picture": found.get(block.get("picture", ""))}
        for block in blocks
        if block["kind"] != "picture" or block.get("picture") in found
    ]


def pages_of(official: OfficialAccount) -> QuerySet[Page]:
    """The account's pages in any status, the latest first."""
    return Page.objects.filter(official=official).order_by("-pk")


def page_of(official: OfficialAccount, public_id: str) -> Page:
    """One of its pages, for its staff. Raises PageNotFound."""
    try:
        return Page.objects.select_related("official__account").get(
            official=official, public_id=public_id
        )
    except Page.DoesNotExist:
        raise PageNotFound from None


def page_for(reader: Account | None, official: OfficialAccount, slug: str) -> Page:
    """A published page. Raises PageNotFound."""
    found = Page.objects.filter(
        official=official, slug=slug[:40], status=PageStatus.PUBLISHED
    ).first()
    if found is None:
        raise PageNotFound
    found.official = official
    return found


def tab_pages_of(official: OfficialAccount) -> list[Page]:
    """Published pages that stand among the tabs of the account's page."""
    rows = Page.objects.filter(official=official, status=PageStatus.PUBLISHED, is_tab=True)
    return list(rows.order_by("pk")[: settings.PAGE_TABS_MAX])


def official_shown(public_id: str) -> OfficialAccount:
    """A published account, for whoever comes by its address. Raises PageNotFound."""
    found = (
        OfficialAccount.objects.select_related("account__avatar")
        .filter(account__public_id=public_id, status=OfficialStatus.APPROVED)
        .first()
    )
    if found is None:
        raise PageNotFound
    return found
