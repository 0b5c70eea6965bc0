"""Amounts in words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from babel.numbers import format_currency, get_currency_symbol
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from chat.wording import Names, Say, named
from superapp.kernel.money import Money

MINUS, PLUS = "\u2212", "+"


def locale() -> str:
    """The reader's language as Babel names it: zh-hans is zh_Hans."""
    language, _dash, script = (get_language() or "en").partition("-")
    return f"{language}_{script.title()}" if script else language


def written(money: Money) -> str:
    """The amount as the reader's language writes it, without a sign of its own direction."""
    return format_currency(money.major, money.currency, locale=locale()).replace("-", MINUS)


def signed(money: Money) -> str:
    """With + for what came in and − for what went out; nothing stands before zero."""
    sign = PLUS if money.minor > 0 else MINUS if money.minor < 0 else ""
    absolute = Money(abs(money.minor), money.currency)
    return f"{sign}{format_currency(absolute.major, money.currency, locale=locale())}"


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
    "payments.packet_expired": _line(
        lambda: _("The red packet of %(actor)s expired. %(amount)s went back")
    ),
}
