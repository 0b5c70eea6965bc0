"""Templates of an account, and what was sent with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.errors import TemplateNotFound
from accounts.models import Account, OfficialAccount, Template, TemplateMessage

_SLOT = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_LABELLED = re.compile(r"([^{}]*?)\s*[:：]?\s*\{\{\s*(\w+)\.DATA\s*\}\}\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message; `label` is empty for words that stand alone."""

    label: str
    text: str


def templates_of(official: OfficialAccount) -> QuerySet[Template]:
    """What the account took from the library, the oldest first."""
    return Template.objects.filter(official=official).order_by("pk")


def template_for(official: OfficialAccount, template_id: str) -> Template:
    """Raises TemplateNotFound, also for another account's."""
    found = Template.objects.filter(official=official, template_id=template_id).first()
    if found is None:
        raise TemplateNotFound
    return found


def template_messages_seen_by(
    viewer: Account, public_ids: Sequence[str]
) -> QuerySet[TemplateMessage]:
    """Those of these that the viewer got, or sent as an official account."""
    return TemplateMessage.objects.select_related("official").filter(
        Q(follow__person=viewer) | Q(official__account=viewer), public_id__in=public_ids
    )


def lines_of(message: TemplateMessage) -> list[Line]:
    """What the form says with the data in its places, without lines that stay empty."""
    found = []
    for line in message.content.splitlines():
        labelled = _LABELLED.fullmatch(line)
        if labelled is not None:
            label, said = labelled[1].strip(), message.data.get(labelled[2], "")
        else:
            label, said = "", _SLOT.sub(lambda slot: message.data.get(slot[1], ""), line)
        if said.strip():
            found.append(Line(label, said))
    return found
