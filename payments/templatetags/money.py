"""Money on pages: {% load money %}, {{ amount|money }}, and what bills look like."""

from django import template
from django.utils.translation import gettext as _

from payments import wording
from payments.models import Operation, Standing
from payments.states import BillKind, Every
from payments.wording import WEEKDAYS
from superapp.kernel.money import Money

register = template.Library()

_LOOKS = {
    "topup": ("topup", "h-150"),
    "withdrawal": ("withdraw", "h-60"),
    "transfer": ("transfer", "h-240"),
    "red_packet": ("gift", "h-0"),
    "request": ("receipt", "h-210"),
    "split": ("split", "h-180"),
    "refund": ("undo", "h-180"),
    "dispute": ("alert", "h-30"),
    "pot": ("target", "h-120"),
}
_TAGS = {"done": "tag--ok", "waiting": "tag--info", "failed": "tag--bad", "returned": "tag--warn"}


@register.filter
def money(amount: Money) -> str:
    """As the reader's language writes it: ¥12.50, BHD 1.250."""
    return wording.written(amount)


@register.filter
def signed_money(amount: Money) -> str:
    """With + or −."""
    return wording.signed(amount)


@register.filter
def bill_icon(kind: str) -> str:
    return _LOOKS.get(kind, ("wallet", ""))[0]


@register.filter
def bill_hue(kind: str) -> str:
    return _LOOKS.get(kind, ("", "h-300"))[1]


@register.filter
def bill_tag(status: str) -> str:
    return _TAGS.get(status, "")


@register.filter
def bill_title(kind: str) -> str:
    """What a journal was: by the part of its kind before the point."""
    return str(BillKind(kind).label) if kind in BillKind.values else _("Other")


@register.filter
def how_often(standing: Standing) -> str:
    """ "Every month on day 31", "Every week on Monday"."""
    if standing.every == Every.WEEK:
        return _("Every week on %(day)s") % {"day": WEEKDAYS[standing.day - 1]}
    if standing.day == 31:
        return _("Every month on its last day")
    return _("Every month on day %(day)s") % {"day": standing.day}


@register.filter
def standing_tag(status: str) -> str:
    return {"active": "tag--ok", "paused": "tag--warn"}.get(status, "")


@register.filter
def run_tag(status: str) -> str:
    return {"done": "tag--ok", "waiting": "tag--warn", "missed": "tag--bad"}.get(status, "")


@register.filter
def why_missed(code: str) -> str:
    """Why a standing payment could not be made."""
    return wording.why_missed(code)


@register.filter
def operation_reason(operation: Operation) -> str:
    """Why it did not work, for the person."""
    return _reason(operation.reason)


@register.filter
def refund_words(refund: Operation) -> str:
    """Where money that goes back is, for whom it belongs to."""
    if refund.status in {"failed", "reversed"}:
        return _("The card could not take it: it is in your balance.")
    card = f"•••• {refund.card.last4}" if refund.card else _("the card")
    return _("to card %(card)s, 2–5 days") % {"card": card}


@register.filter
def limit_name(rule: str) -> str:
    return _limit_name(rule)


def _reason(code: str) -> str:
    """Why the gateway said no, for the person; unknown codes are not theirs to read."""
    return {
        "insufficient_funds": _("There is too little money on the card."),
        "generic_decline": _("The bank declined the card."),
        "authentication": _("The bank could not confirm that it was you."),
        "account_closed": _("The bank says that the account is closed."),
        "abandoned": _("The page was left before it was finished."),
        "holder_differs": _("The name on it is not the one you confirmed."),
        "bound_too_often": _("This card is bound to as many people as it can be."),
        "expired_card": _("The card has expired."),
    }.get(code, _("The payment service said no. Nothing was taken."))


def _limit_name(rule: str) -> str:
    """A limit in words."""
    return {
        "pay_life": _("Paid from the balance, in a lifetime"),
        "pay_year": _("Paid from the balance, this year"),
        "pay_day": _("Paid from the balance, today"),
        "topup_day": _("Topped up today"),
        "withdraw_day": _("Withdrawn today"),
        "withdraw_free": _("Withdrawn without a fee, in a lifetime"),
        "receive_year": _("Received from others, this year"),
    }.get(rule, rule)
