"""Amounts in words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from babel.numbers import format_currency, get_currency_symbol
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from chat.wording import Names, Say, named
from superapp.kernel.money import Money

# As date.isoweekday() counts them, from 1.
WEEKDAYS = (
    *(
        gettext_lazy("Monday"),
        gettext_lazy("Tuesday"),
        gettext_lazy("Wednesday"),
        gettext_lazy("Thursday"),
    ),
    *(gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday")),
)
MINUS, PLUS = "\u2212", "+"
_TO_RIGHT, _TO_LEFT = "\u200e", "\u200f"


def locale() -> str:
    """The reader's language as Babel names it: zh-hans is zh_Hans."""
    language, _dash, script = (get_language() or "en").partition("-")
    return f"{language}_{script.title()}" if script else language


def written(money: Money) -> str:
    """The amount as the reader's language writes it, without a sign of its own direction."""
    return _signed(money, MINUS if money.minor < 0 else "")


def signed(money: Money) -> str:
    """With + for what came in and − for what went out; nothing stands before zero."""
    sign = PLUS if money.minor > 0 else MINUS if money.minor < 0 else ""
    return _signed(money, sign)


def _signed(money: Money, sign: str) -> str:
    """The sign, and the amount without its own.

    From right to left a sign would land behind its number, and CN¥ would turn into ¥CN: both are
    told to run to the right, each for itself.
    """
    absolute = Money(abs(money.minor), money.currency)
    said = format_currency(absolute.major, money.currency, locale=locale())
    number, space, unit = said.removeprefix(_TO_LEFT).partition("\xa0")
    if not (said.startswith(_TO_LEFT) and unit):
        return f"{sign}{said}"
    unit = unit.removeprefix(_TO_LEFT)
    return f"{_TO_LEFT}{_TO_RIGHT}{sign}{number}{_TO_LEFT}{space}{_TO_RIGHT}{unit}{_TO_RIGHT}"


def symbol(currency: str) -> str:
    """¥, $, €: as the reader's language writes it."""
    return str(get_currency_symbol(currency, locale=locale()))


def _line(template: Callable[[], str]) -> Say:
    """A grey line in a chat: who, to whom, how much."""

    def say(body: Mapping[str, Any], names: Names) -> str:
        amount = Money(int(body.get("amount", 0)), body.get("currency", "CNY"))
        return template() % {
            "actor": named(body.get("actor", {}), names),
            "target": named(body.get("target", {}), names),
            "people": _(", ").join(named(card, names) for card in body.get("people", [])),
            "amount": written(amount),
        }

    return say


def _taken(body: Mapping[str, Any], names: Names) -> str:
    count, seconds = int(body.get("count", 0)), int(body.get("seconds", 0))
    said = ngettext(
        "%(actor)s’s red packet: %(count)s of %(count)s in %(seconds)s s",
        "%(actor)s’s red packet: %(count)s of %(count)s in %(seconds)s s",
        count,
    ) % {"actor": named(body.get("actor", {}), names), "count": count, "seconds": seconds}
    if not body.get("luckiest"):
        return said
    luckiest = named(body["luckiest"], names)
    return _("%(said)s. Luckiest draw: %(name)s") % {"said": said, "name": luckiest}


def _missed(body: Mapping[str, Any], names: Names) -> str:
    """`to` is the pot's name; a friend stands in `target`."""
    amount = Money(int(body.get("amount", 0)), body.get("currency", "CNY"))
    return _("Your standing payment of %(amount)s to %(to)s was missed: %(reason)s") % {
        "amount": written(amount),
        "to": named(body["target"], names) if body.get("target") else body.get("to", ""),
        "reason": why_missed(body.get("reason", "")),
    }


def why_missed(code: str) -> str:
    """Why a standing payment could not be made, for its owner."""
    return {
        "ledger.insufficient_funds": _("there was too little in the balance"),
        "ledger.account_frozen": _("money could not leave the wallet"),
        "payments.limit_reached": _("a limit was reached"),
        "payments.verify_first": _("who you are has to be confirmed first"),
        "payments.cannot_pay_them": _("they can't be paid"),
    }.get(code, _("it could not be made"))


# The account of the house that tells people about their wallet.
WALLET_HANDLE = "wallet"


def wallet_name() -> str:
    """What the reader calls it."""
    return pgettext("the account that tells of payments", "Wallet")


# Codes of the notices that payments leave in chats.
NOTICES: dict[str, Say] = {
    "payments.transfer_returned": _line(lambda: _("%(actor)s returned the transfer of %(amount)s")),
    "payments.transfer_expired": _line(
        lambda: _("The transfer of %(amount)s was not accepted in time and went back")
    ),
    "payments.request_declined": _line(lambda: _("%(actor)s declined the request of %(amount)s")),
    "payments.request_reminded": _line(lambda: _("%(actor)s asks again for %(amount)s")),
    "payments.split_reminded": _line(lambda: _("%(actor)s reminds %(people)s of the split bill")),
    "payments.split_settled": _line(lambda: _("Everybody paid: %(amount)s is settled")),
    "payments.packet_opened": _line(lambda: _("%(actor)s opened the red packet of %(target)s")),
    "payments.packet_taken": _taken,
    "payments.standing_missed": _missed,
    "payments.packet_expired": _line(
        lambda: _("The red packet of %(actor)s expired. %(amount)s went back")
    ),
}
