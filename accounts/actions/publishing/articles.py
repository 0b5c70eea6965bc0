"""Articles of official accounts: written, published, taken down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import ports, queries
from accounts.actions.official import log_official
from accounts.actions.publishing.blocks import checked_blocks, clean_address
from accounts.errors import BadArticle, TooManyArticles
from accounts.models import Account, Article, OfficialAccount
from accounts.states import ARTICLE_MOVES, ArticleStatus, OfficialStatus, StaffMay
from superapp.kernel import search, time
from superapp.kernel.errors import Conflict
from superapp.kernel.transitions import move


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What an article says. `cover` is the public id of a picture of the library, or empty."""

    title: str
    summary: str = ""
    author: str = ""
    cover: str = ""
    blocks: Sequence[Mapping[str, Any]] = field(default_factory=list)
    source_url: str = ""
    is_original: bool = False
    takes_comments: bool = True


@transaction.atomic
def write_article(*, official: OfficialAccount, actor: Account, manuscript: Manuscript) -> Article:
    """A new draft. Raises NotAllowed, BadArticle, BadBlocks, PictureNotFound, TooManyArticles."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    limit = settings.ARTICLES_MAX
    if official.articles.count() >= limit:
        raise TooManyArticles(limit=limit)
    article = Article(official=official, made_by=actor, created_at=time.now())
    _fill(article, manuscript)
    log_official(official=official, actor=actor, what="article", before="", after=article.title)
    return article


@transaction.atomic
def change_article(
    *, official: OfficialAccount, actor: Account, article_id: str, manuscript: Manuscript
) -> Article:
    """The whole draft anew. What was published stays as it is: others agreed to it, and it was read.

    Raises NotAllowed, ArticleNotFound, Conflict, BadArticle, BadBlocks, PictureNotFound.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    article = queries.publishing.article_of(official, article_id)
    if article.status != ArticleStatus.DRAFT:
        raise Conflict
    _fill(article, manuscript)
    return article


@transaction.atomic
def copy_article(*, official: OfficialAccount, actor: Account, article_id: str) -> Article:
    """A new draft that says the same: how a published article is corrected.

    Raises NotAllowed, ArticleNotFound, TooManyArticles.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    known = queries.publishing.article_of(official, article_id)
    return write_article(official=official, actor=actor, manuscript=manuscript_of(article=known))


def manuscript_of(*, article: Article) -> Manuscript:
    """What an article says, to be changed."""
    return Manuscript(
        title=article.title,
        summary=article.summary,
        author=article.author,
        cover=article.cover.public_id if article.cover else "",
        blocks=article.body,
        source_url=article.source_url,
        is_original=article.is_original,
        takes_comments=article.takes_comments,
    )


@transaction.atomic
def publish_article(*, official: OfficialAccount, actor: Account, article_id: str) -> Article:
    """Everybody may read it from now on. Raises NotAllowed, ArticleNotFound, BadArticle when it is
    empty, Conflict when the account is not published or the article was before."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    article = queries.publishing.article_of(official, article_id)
    if official.status != OfficialStatus.APPROVED:
        raise Conflict
    if not article.body:
        raise BadArticle(what="body")
    move(article, ArticleStatus.PUBLISHED, allowed=ARTICLE_MOVES, published_at=time.now())
    log_official(
        official=official, actor=actor, what="article", before=article.title, after="published"
    )
    ports.article_changed(article)
    return article


@transaction.atomic
def withdraw_article(*, official: OfficialAccount, actor: Account, article_id: str) -> Article:
    """Its address says that it was taken down; cards in chats stay and say so too.

    Raises NotAllowed, ArticleNotFound, Conflict.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    article = queries.publishing.article_of(official, article_id)
    move(article, ArticleStatus.WITHDRAWN, allowed=ARTICLE_MOVES, withdrawn_at=time.now())
    log_official(
        official=official, actor=actor, what="article", before=article.title, after="withdrawn"
    )
    ports.article_changed(article)
    return article


def _fill(article: Article, said: Manuscript) -> None:
    official = article.official
    title = search.clean_line(said.title)
    if not title or len(title) > settings.ARTICLE_TITLE_MAX:
        raise BadArticle(what="title")
    summary, author = search.clean_line(said.summary), search.clean_line(said.author)
    if len(summary) > settings.ARTICLE_SUMMARY_MAX:
        raise BadArticle(what="summary")
    if len(author) > settings.ARTICLE_AUTHOR_MAX:
        raise BadArticle(what="author")
    article.title, article.summary, article.author = title, summary, author
    article.cover = queries.publishing.picture_of(official, said.cover) if said.cover else None
    article.body = checked_blocks(official=official, blocks=said.blocks)
    article.source_url = clean_address(url=said.source_url) if said.source_url else ""
    article.is_original, article.takes_comments = said.is_original, said.takes_comments
    article.changed_at = time.now()
    article.save()
