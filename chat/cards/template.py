"""A template that the program of an official account filled in, for one follower."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.models import Account
from chat.errors import BadMessage


class TemplateCard:
    template = "chat/cards/_template.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the account that filled it in shows it."""
        found = people.template_messages_seen_by(author, [ref]).first()
        if found is None or found.official.account_id != author.pk:
            raise BadMessage
        return found.title

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        return {
            message.public_id: {
                "title": message.title,
                "lines": people.lines_of(message),
                "url": message.url,
            }
            for message in people.template_messages_seen_by(viewer, refs)
        }

    def preview(self, title: str) -> str:
        return _("[Notice] %(title)s") % {"title": title}

    def may_forward(self) -> bool:
        return False
