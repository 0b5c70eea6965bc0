"""Putting messages into words: one line for lists, and notices, in the viewer's language."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from accounts.models import Broadcast
from chat import cards
from chat.models import Message
from chat.states import MessageKind
from superapp.kernel.ports import Registry

Names = Mapping[str, str]  # account public id → the viewer's name for them
Say = Callable[[Mapping[str, Any], Names], str]

# Codes of upper apps, each with how it is put into words: (the notice's body, names) → text.
notices: Registry[Say] = Registry("chat.notices")


def preview(message: Message, names: Names) -> str:
    """What a chat list shows of the newest message, such as "[Photo]"."""
    if message.recalled_at is not None:
        return recalled(message, names)
    if message.kind == MessageKind.SYSTEM:
        return notice(message.body, names)
    return preview_of(message.kind, message.text, message.body)


def broadcast(told: Broadcast) -> str:
    """What a chat list shows of what an account said to many."""
    if told.article_ids:
        return _("[Article] %(title)s") % {"title": told.headline}
    return str(told.headline)


def taken_back() -> str:
    """In the place of a broadcast that was taken back."""
    return _("The account took back what it said.")


def preview_of(kind: str, text: str, body: Mapping[str, Any]) -> str:
    """The same from the parts of a message: also for quotes, favourites and merged history."""
    if kind == MessageKind.CARD:
        card = cards.registry.get(body.get("card", ""))
        return card.preview(str(body.get("title", ""))) if card else _("[Card]")
    label = _LABELS.get(kind)
    if label is None:
        return text
    rest = text or str(body.get("name") or body.get("label") or "")
    return f"{label()} {rest}".rstrip()


def recalled(message: Message, names: Names) -> str:
    """The line that stays in place of a recalled message. "" names the viewer."""
    recaller = message.recalled_by.public_id if message.recalled_by else ""
    name = names.get(recaller)
    if name == "":
        return _("You recalled a message")
    shown = name or (message.recalled_by.name if message.recalled_by else "")
    return _("%(name)s recalled a message") % {"name": shown}


def notice(body: Mapping[str, Any], names: Names) -> str:
    """A system line. Unknown codes (of a newer version) stay silent."""
    code = body.get("code", "")
    say = _NOTICES.get(code) or notices.get(code)
    return say(body, names) if say else ""


def named(card: Mapping[str, str], names: Names) -> str:
    """Somebody in a notice (`queries.name_card`), as the viewer calls them; "You" for the viewer."""
    known = names.get(card.get("id", ""))
    if known == "":
        return pgettext("a notice names the viewer", "You")
    return known or card.get("name", "")


@cache
def names_of_everybody() -> tuple[str, ...]:
    """What may stand behind the @ that names a whole group, in any language."""
    found = {"all"}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(pgettext("everybody in a group, after an @", "all"))
    return tuple(sorted(found))


_LABELS: dict[str, Callable[[], str]] = {
    MessageKind.IMAGE: lambda: _("[Photo]"),
    MessageKind.VIDEO: lambda: _("[Video]"),
    MessageKind.VOICE: lambda: _("[Voice]"),
    MessageKind.FILE: lambda: _("[File]"),
    MessageKind.STICKER: lambda: _("[Sticker]"),
    MessageKind.LOCATION: lambda: _("[Location]"),
    MessageKind.MERGED: lambda: _("[Chat history]"),
}


def _people(body: Mapping[str, Any], names: Names) -> str:
    return _(", ").join(named(card, names) for card in body.get("people", []))


def _by(template: Callable[[], str]) -> Say:
    """A notice about an actor, and perhaps a target, a title or people."""

    def say(body: Mapping[str, Any], names: Names) -> str:
        return template() % {
            "actor": named(body.get("actor", {}), names),
            "target": named(body.get("target", {}), names),
            "title": body.get("title", ""),
            "people": _people(body, names),
            "text": body.get("text", ""),
            "device": body.get("device", ""),
        }

    return say


def _joined(body: Mapping[str, Any], names: Names) -> str:
    people = body.get("people", [])
    return ngettext(
        "%(actor)s invited %(people)s to the group",
        "%(actor)s invited %(people)s to the group",
        len(people),
    ) % {"actor": named(body.get("actor", {}), names), "people": _people(body, names)}


_NOTICES: dict[str, Say] = {
    "friends": lambda body, names: _("You can now chat."),
    "group_made": _by(lambda: _("%(actor)s started the group")),
    "group_renamed": _by(lambda: _("%(actor)s renamed the group “%(title)s”")),
    "joined": _joined,
    "joined_by_qr": _by(lambda: _("%(people)s joined by the group's code")),
    "approval_on": _by(lambda: _("%(actor)s turned on approval for new members")),
    "approval_off": _by(lambda: _("%(actor)s turned off approval for new members")),
    "announced": _by(lambda: _("%(actor)s announced: %(text)s")),
    "admin_appointed": _by(lambda: _("%(actor)s made %(target)s an admin")),
    "admin_dismissed": _by(lambda: _("%(target)s is no longer an admin")),
    "group_transferred": _by(lambda: _("%(actor)s handed the group over to %(target)s")),
    "group_inherited": _by(lambda: _("%(target)s now owns the group")),
    "disbanded": _by(lambda: _("%(actor)s disbanded the group")),
    "pat": _by(lambda: _("%(actor)s patted %(target)s")),
    "reminder": _by(lambda: _("Reminder: %(text)s")),
    "program_silent": lambda body, names: _(
        "This account can't answer at the moment. Try again later."
    ),
    "new_device": _by(
        lambda: _("New sign-in: %(device)s. If this wasn't you, change your password.")
    ),
}
