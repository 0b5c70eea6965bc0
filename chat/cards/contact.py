"""The contact card: a person or official account, shared into a chat (ACC-08)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.models import Account, Contact, Person
from chat.errors import BadMessage


class ContactCard:
    template = "chat/cards/_contact.html"

    def share(self, author: Account, ref: str) -> str:
        """Published official accounts; of people only those in one's own list (or oneself), and
        only if they do not forbid it."""
        account = people.account_for(author, ref)
        if account.kind == Account.Kind.OFFICIAL:
            people.official_for(author, ref)  # published: raises where it is not
            return account.name
        is_known = account == author or people.edge_of(author, account) is not None
        is_open = Person.objects.filter(account=account, is_card_shareable=True)
        if not is_known or not is_open:
            raise BadMessage
        return account.name

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = Account.objects.filter(public_id__in=refs, closed_at=None).select_related("avatar")
        # Opening a card is a way to meet its owner, if they allow it (ACC-08).
        return {
            account.public_id: {
                "account": account,
                "url": _address(viewer, account),
            }
            for account in found
        }

    def preview(self, title: str) -> str:
        return _("[Contact] %(name)s") % {"name": title}

    def may_forward(self) -> bool:
        return True


def _address(viewer: Account, account: Account) -> str:
    if account.kind == Account.Kind.OFFICIAL:
        return f"{account.get_absolute_url()}?from=card"
    return people.person_link(viewer, account, Contact.Source.CARD)
