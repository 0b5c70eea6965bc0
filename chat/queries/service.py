"""The thread of a person with an official account."""

from dataclasses import dataclass
from typing import Any

from accounts import queries as people
from accounts.models import Account, Follow, OfficialAccount
from accounts.states import OfficialStatus
from chat.models import Conversation, Membership, Message, SpokenBy
from chat.states import ConversationKind


@dataclass(frozen=True, slots=True)
class Service:
    """What the page of such a thread shows of the account beside its messages."""

    official: OfficialAccount
    follow: Follow | None
    menu: dict[str, Any]
    conversation: Conversation

    @property
    def is_following(self) -> bool:
        return self.follow is not None and self.follow.is_following

    @property
    def is_open(self) -> bool:
        return self.official.status == OfficialStatus.APPROVED and self.is_following

    @property
    def is_published(self) -> bool:
        return self.official.status == OfficialStatus.APPROVED

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The menu as the page draws it: each button with its place, and those below it."""
        return [
            {**_button(button, str(i)), "below": _below(button, i)}
            for i, button in enumerate(self.menu.get("button", []))
        ]

    @property
    def address(self) -> str:
        return self.conversation.get_absolute_url()


def _below(button: dict[str, Any], place: int) -> list[dict[str, Any]]:
    below = button.get("sub_button") or []
    return [_button(item, f"{place}.{j}") for j, item in enumerate(below)]


def _button(button: dict[str, Any], path: str) -> dict[str, Any]:
    return {"name": button["name"], "path": path, "leads_away": bool(button.get("url"))}


def service_of(seat: Membership) -> Service | None:
    """The account behind a service thread with its menu, or None in every other conversation;
    three queries there, none elsewhere."""
    if seat.conversation.kind != ConversationKind.SERVICE or seat.peer is None:
        return None
    if seat.peer.kind != Account.Kind.OFFICIAL:
        return None
    official = people.official_of(seat.peer)
    if official is None:
        return None
    follow = people.follow_of(seat.account, official)
    return Service(official, follow, people.menu_of(official), seat.conversation)


def speakers_of(messages: list[Message]) -> dict[int, str]:
    """message pk → who of the staff said it; one query."""
    rows = SpokenBy.objects.filter(message__in=[m.pk for m in messages], staff__isnull=False)
    return dict(rows.values_list("message_id", "staff__name"))
