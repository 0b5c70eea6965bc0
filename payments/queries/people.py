"""What transfers, requests, split bills and packets have in common when they are looked at."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from accounts import queries as accounts
from accounts.models import Account
from chat.bodies import clean_text
from payments.models import Operation, Wallet
from superapp.kernel.search import clean_line


def clean_note(text: str, most: int) -> str:
    """One line of what somebody wrote beside an amount."""
    return clean_line(clean_text(text))[:most]


def masked(name: str) -> str:
    """A legal name to recognise somebody by, not to learn it from: "*明", "J*** L***"."""
    words = name.split()
    if not words:
        return ""
    if len(words) == 1 and not words[0].isascii():
        return f"*{words[0][-1]}"
    return " ".join(f"{word[0]}***" for word in words)


@dataclass(frozen=True, slots=True)
class Check:
    """What a sender should know of a receiver before paying. `legal_name` is masked, or ""."""

    legal_name: str
    is_first: bool


def names_of(viewer: Account, people: Collection[Account]) -> dict[int, str]:
    """account pk → what the viewer calls them."""
    remarks = accounts.remarks_of(viewer, [account.pk for account in people])
    return {account.pk: remarks.get(account.pk) or account.name for account in people}


def legal_name_of(account: Account) -> str:
    """The masked legal name of somebody who confirmed who they are; "" of others."""
    rows = Wallet.objects.filter(account=account, level__gt=0)
    return masked(rows.values_list("legal_name", flat=True).first() or "")


def step_of(payer: Account, ref: str) -> str:
    """Where the payer's bank waits for them before a card pays for this; "" when nowhere."""
    rows = Operation.objects.filter(account=payer, ref=ref, status="needs_action")
    return rows.order_by("-pk").values_list("action_url", flat=True).first() or ""


def remind_at_most() -> int:
    """Seconds between two reminders."""
    return int(settings.REMIND_SECONDS)
