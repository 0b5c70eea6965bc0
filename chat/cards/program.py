"""Cards of programs: articles, music, and menus to tap."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.models import Account, ProgramCard
from chat.errors import BadMessage


class _Card:
    """One kind of ProgramCard. Only the account shows it first."""

    template = ""
    kind = ""

    def share(self, author: Account, ref: str) -> str:
        card = people.program_cards([ref]).get(ref)
        if card is None or card.kind != self.kind or not self._may_share(author, card):
            raise BadMessage
        return card.title

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Whoever got it may look: its name is known to nobody else."""
        found = people.program_cards(refs)
        return {
            ref: {**card.facts, "ref": ref} for ref, card in found.items() if card.kind == self.kind
        }

    def may_forward(self) -> bool:
        return False

    def _may_share(self, author: Account, card: ProgramCard) -> bool:
        return author.pk == card.official.account_id


class NewsCard(_Card):
    template = "chat/cards/_news.html"
    kind = ProgramCard.Kind.NEWS

    def preview(self, title: str) -> str:
        return _("[Article] %(title)s") % {"title": title}

    def may_forward(self) -> bool:
        return True

    def _may_share(self, author: Account, card: ProgramCard) -> bool:
        return True  # pages of the internet


class MusicCard(_Card):
    template = "chat/cards/_music.html"
    kind = ProgramCard.Kind.MUSIC

    def preview(self, title: str) -> str:
        return _("[Music] %(title)s") % {"title": title}


class MenuCard(_Card):
    template = "chat/cards/_program_menu.html"
    kind = ProgramCard.Kind.MENU

    def preview(self, title: str) -> str:
        return title or _("[Card]")
