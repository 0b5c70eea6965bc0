"""Where upper apps register what they do when something happens between people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.utils.functional import Promise

from accounts.models import Account, Article, Follow, OfficialAccount, Person, TemplateMessage
from superapp.kernel.ports import Port, Registry

# Two accounts became friends: (the one who asked, the one who said yes, the note of the request).
friendship_formed: Port[[Account, Account, str]] = Port("accounts.friendship_formed")

# The account is about to close; a handler raises a Refusal when something open forbids it.
account_closing: Port[[Account]] = Port("accounts.account_closing")

# Somebody signed in from a device not seen before: (person, what we know of the device).
new_device_seen: Port[[Person, str]] = Port("accounts.new_device_seen")

# Name or picture changed: whoever keeps a copy refreshes it.
profile_changed: Port[[Account]] = Port("accounts.profile_changed")

# An official account was published, or came back after a suspension.
official_published: Port[[OfficialAccount]] = Port("accounts.official_published")


# An article was published or taken down: cards of it look different.
article_changed: Port[[Article]] = Port("accounts.article_changed")

# Something unpublished goes to the phone of a follower: (the account, the follower, the kind of card,
# the public id behind it).
previewed: Port[[OfficialAccount, Follow, str, str]] = Port("accounts.previewed")


class EventKind(StrEnum):
    """What a follower did that a business may hear of."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SCAN = "scan"
    CLICK = "click"
    VIEW = "view"
    MESSAGE = "message"
    LOCATION = "location"
    # Not of the follower: what became of a template that a program sent to them.
    TEMPLATE_FINISHED = "template_finished"


@dataclass(frozen=True, slots=True)
class OfficialEvent:
    """Something a person did to an official account, for whoever answers: programs, auto-replies.

    `facts` by kind: subscribe and scan {"scene", "ticket"} when a code led there (scene as text);
    click {"key"}, view {"url"}, both with the {"type"} of the button; template_finished {"msgid":
    number, "status": "success" or "failed:user block"}; location {"latitude",
    "longitude", "precision"}; message {"message": primary key, "conversation": public id, "seq",
    "type", "text", "body"} and, where it carries one, {"file"}: primary key of the stored file.
    """

    kind: EventKind
    official: OfficialAccount
    follow: Follow
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


# Followed, left, scanned, pressed, wrote: several at once, in the transaction that stored them and
# in the order in which they happened. A handler that needs another server writes a job.
official_events: Port[[Sequence[OfficialEvent]]] = Port("accounts.official_events")

# A program filled in a template for a follower: the thread shows it. A handler raises a Refusal
# when the follower cannot be reached.
template_sent: Port[[TemplateMessage]] = Port("accounts.template_sent")


@dataclass(frozen=True, slots=True)
class ProgramReply:
    """What a program answers to what a follower did. `said` has the shape of message/custom/send:
    {"msgtype", <msgtype>: {…}}. `client_id` names it: to be said once."""

    official: OfficialAccount
    follow: Follow
    said: Mapping[str, Any]
    client_id: str


# A program answered a push: chat says it to the follower, or refuses.
program_replied: Port[[ProgramReply]] = Port("accounts.program_replied")
# A program did not take a push, or answered nonsense: its follower may be told.
program_silent: Port[[Follow]] = Port("accounts.program_silent")


# The demo world is there (again): apps above give its people what they know of. May run twice.
demo_made: Port[[list[Account]]] = Port("accounts.demo_made")

# Ways to meet that an app above knows of: source to "does this viewer come across that account so?".
# Chat registers "group" for people who share one.
meetings: Registry[Callable[[Account, Account], bool]] = Registry("accounts.meetings")


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the Me tab, of the address book, or of a person's page.

    `url` gets the account of the viewer (on a person's page, of the person looked at) and returns
    an address, or "" to leave the cell out.
    """

    label: str | Promise
    icon: str
    url: Callable[[Account], str]
    hue: int = 150
    # Cells of one group stand together; groups and cells are in rising order.
    group: int = 20
    order: int = 50


me_cells: Registry[Cell] = Registry("accounts.me_cells")
# On top of the address book: chat registers "Group chats", official accounts theirs.
contact_cells: Registry[Cell] = Registry("accounts.contact_cells")
# Offered on the page of a friend: chat registers "Message", payments "Transfer".
person_cells: Registry[Cell] = Registry("accounts.person_cells")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of an official account's page. `rows` says what stands under it for a viewer: an
    address of a partial and its context, or None to leave the tab out."""

    label: str | Promise
    template: str
    context: Callable[[OfficialAccount, Account], Mapping[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Number:
    """A figure on the home page of the business console; `url` leads to what it counts."""

    label: str | Promise
    value: int
    url: str = ""


# (account, who looks) → the figures that their role may see. Every app registers its own.
business_numbers: Registry[Callable[[OfficialAccount, Account], Sequence[Number]]] = Registry(
    "accounts.business_numbers"
)
# Articles, services and the shop register theirs.
official_tabs: Registry[Tab] = Registry("accounts.official_tabs")


def cells_for(registry: Any, account: Account) -> list[list[dict[str, Any]]]:
    """The registered cells as groups, in order, without those that lead nowhere for this account."""
    cells = sorted((cell for _key, cell in registry), key=lambda cell: (cell.group, cell.order))
    return [
        [{"cell": cell, "url": url} for cell in group if (url := cell.url(account))]
        for _group, group in groupby(cells, lambda cell: cell.group)
    ]
