"""What readers do with articles: read, like, comment. And what the account does with comments."""

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.actions.official import log_official
from accounts.actions.publishing.counting import count_once
from accounts.errors import BadComment, CommentsClosed, TooManyComments
from accounts.models import Account, Article, ArticleLike, Comment, Figure, OfficialAccount
from accounts.states import COMMENT_MOVES, ArticleStatus, CommentStatus, StaffMay
from superapp.kernel import time
from superapp.kernel.transitions import move

_FORBIDDEN = {*map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])}


@transaction.atomic
def read_article(*, reader: Account, article: Article) -> None:
    """Count a reader, once a day. Its own staff's looks at a draft are not counted."""
    if article.status == ArticleStatus.PUBLISHED:
        count_once(
            official=article.official,
            what=Figure.What.READ,
            ref=article.public_id,
            person=reader,
        )


@transaction.atomic
def like_article(*, reader: Account, article_id: str) -> Article:
    """The reader likes it; again is no change. Raises ArticleNotFound, ArticleGone."""
    article = queries.publishing.article_for(reader, article_id)
    ArticleLike.objects.get_or_create(
        article=article, person=reader, defaults={"created_at": time.now()}
    )
    return article


@transaction.atomic
def unlike_article(*, reader: Account, article_id: str) -> Article:
    """The reader no longer likes it. Raises ArticleNotFound, ArticleGone."""
    article = queries.publishing.article_for(reader, article_id)
    ArticleLike.objects.filter(article=article, person=reader).delete()
    return article


@transaction.atomic
def comment_article(*, reader: Account, article_id: str, text: str) -> Comment:
    """Say something to the account, which decides whether others read it.

    Raises ArticleNotFound, ArticleGone, CommentsClosed, BadComment, TooManyComments.
    """
    article = queries.publishing.article_for(reader, article_id)
    if not article.takes_comments or article.status != ArticleStatus.PUBLISHED:
        raise CommentsClosed
    limit = settings.COMMENTS_EACH_MAX
    if Comment.objects.filter(article=article, author=reader).count() >= limit:
        raise TooManyComments(limit=limit)
    return Comment.objects.create(
        official=article.official,
        article=article,
        author=reader,
        text=_words(text),
        created_at=time.now(),
    )


@transaction.atomic
def delete_comment(*, reader: Account, comment_id: str) -> None:
    """Take back what one said. Raises CommentNotFound."""
    queries.publishing.comment_by(reader, comment_id).delete()


@transaction.atomic
def select_comment(*, official: OfficialAccount, actor: Account, comment_id: str) -> Comment:
    """Everybody reads it under the article. Raises NotAllowed, CommentNotFound, Conflict."""
    return _decide(official, actor, comment_id, CommentStatus.SELECTED)


@transaction.atomic
def hide_comment(*, official: OfficialAccount, actor: Account, comment_id: str) -> Comment:
    """Only its author and the account read it. Raises NotAllowed, CommentNotFound, Conflict."""
    return _decide(official, actor, comment_id, CommentStatus.HIDDEN)


@transaction.atomic
def reply_to_comment(
    *, official: OfficialAccount, actor: Account, comment_id: str, text: str
) -> Comment:
    """The account answers under it; an empty answer takes the answer away.

    Raises NotAllowed, CommentNotFound, BadComment.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    comment = queries.publishing.comment_to(official, comment_id)
    comment.reply = _words(text) if text.strip() else ""
    comment.replied_at = time.now() if comment.reply else None
    comment.save(update_fields=["reply", "replied_at"])
    return comment


def count_share(*, sharer: Account, article_id: str) -> None:
    """Somebody put a card of it into a chat; in the caller's transaction. Raises ArticleNotFound."""
    article = queries.publishing.article_for(sharer, article_id)
    count_once(
        official=article.official, what=Figure.What.SHARE, ref=article.public_id, person=sharer
    )


def _decide(
    official: OfficialAccount, actor: Account, comment_id: str, to: CommentStatus
) -> Comment:
    queries.require_staff(actor, official, StaffMay.CONTENT)
    comment = queries.publishing.comment_to(official, comment_id)
    before = comment.status
    move(comment, to, allowed=COMMENT_MOVES)
    log_official(
        official=official, actor=actor, what=f"comment {comment.public_id}", before=before, after=to
    )
    return comment


def _words(text: str) -> str:
    said = "".join(
        c for c in text.replace("\r\n", "\n") if (c >= " " or c == "\n") and c not in _FORBIDDEN
    ).strip()
    if not said or len(said) > settings.COMMENT_MAX:
        raise BadComment
    return said
