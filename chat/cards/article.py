"""Cards of what official accounts publish: articles, and broadcasts that somebody is to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.models import Account
from accounts.states import ArticleStatus
from chat.errors import BadMessage


class ArticleCard:
    """An article, shared into a chat or sent by its account."""

    template = "chat/cards/_article.html"

    def share(self, author: Account, ref: str) -> str:
        """What the author may read; drafts only from the account itself."""
        if author.kind == Account.Kind.OFFICIAL:
            official = people.official_of(author)
            if official is None:
                raise BadMessage
            return people.publishing.article_of(official, ref).title
        article = people.publishing.article_for(author, ref)
        if article.status != ArticleStatus.PUBLISHED:
            raise BadMessage
        return article.title

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = people.publishing.articles_shown(viewer, refs)
        return {
            ref: {"article": article, "is_gone": article.status == ArticleStatus.WITHDRAWN}
            for ref, article in found.items()
        }

    def preview(self, title: str) -> str:
        return _("[Article] %(title)s") % {"title": title}

    def may_forward(self) -> bool:
        return True


class BroadcastCard:
    """A broadcast before it is sent, on the phones of those who look it over."""

    template = "chat/cards/_broadcast.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the account itself, whose broadcast it is."""
        official = people.official_of(author)
        if official is None:
            raise BadMessage
        return people.publishing.broadcast_of(official, ref).headline

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = people.publishing.broadcasts_previewed(viewer, refs)
        articles = people.publishing.articles_in(found.values())
        return {
            ref: {
                "broadcast": broadcast,
                "articles": [articles[pk] for pk in broadcast.article_ids if pk in articles],
                "is_preview": True,
            }
            for ref, broadcast in found.items()
        }

    def preview(self, title: str) -> str:
        return _("[Preview] %(title)s") % {"title": title}

    def may_forward(self) -> bool:
        return False
