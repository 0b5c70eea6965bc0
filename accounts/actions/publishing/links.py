"""Addresses that count who came by them: signed by this house, so that they lead nowhere else."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction

from accounts.actions.publishing.blocks import is_page
from accounts.actions.publishing.counting import count_once
from accounts.errors import BadLink
from accounts.models import Account, Figure, OfficialAccount

_SALT = "accounts.link"
_TOKEN_MAX = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """Where a tracked address leads, of which account, and what it stood in."""

    official_id: int
    ref: str
    url: str


def link_to(*, official: OfficialAccount, ref: str, url: str) -> str:
    """The tracked address of a page, as a path of this site. `ref`: what it stands in."""
    token = signing.dumps([official.pk, ref, url], salt=_SALT)
    return f"/l/{token}/" if len(token) <= _TOKEN_MAX else url


def read_link(*, token: str) -> Link:
    """Raises BadLink for what this house did not sign, and for what is no page."""
    try:
        official_id, ref, url = signing.loads(token[:_TOKEN_MAX], salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadLink from None
    if not is_page(url=str(url)):
        raise BadLink
    return Link(int(official_id), str(ref), str(url))


@transaction.atomic
def count_click(*, person: Account, link: Link) -> None:
    """A person (no program, no preview) followed it: counted once a day for what it stood in."""
    official = OfficialAccount.objects.filter(pk=link.official_id).first()
    if official is not None and settings.FIGURE_SHARDS:
        count_once(official=official, what=Figure.What.CLICK, ref=link.ref, person=person)
