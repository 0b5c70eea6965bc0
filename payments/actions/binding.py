"""Cards and bank accounts: bound on the gateway's own page, kept as a token and four digits."""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from accounts import actions as people
from accounts.models import Account
from payments import events
from payments.errors import CardInUse, CardNotFound, TooManyCards, VerifyFirst
from payments.gateways import CardFacts
from payments.models import Card, Operation, Wallet
from payments.queries.limits import level_of
from payments.states import CARD_MOVES, OPEN, CardKind, CardStatus
from superapp.kernel import push, search, time
from superapp.kernel.transitions import move

log = logging.getLogger(__name__)


def wallet_of(*, account: Account) -> Wallet:
    """Somebody's wallet, made when it is first needed."""
    wallet, _new = Wallet.objects.get_or_create(
        account=account, defaults={"created_at": time.now()}
    )
    return wallet


def check_may_bind(*, account: Account) -> None:
    """Whether somebody may bind one more. Raises VerifyFirst, TooManyCards."""
    if level_of(account) < Wallet.Level.BASIC:
        raise VerifyFirst
    cards = Card.objects.filter(account=account, status=CardStatus.ACTIVE)
    if cards.count() >= settings.CARDS_MAX:
        raise TooManyCards


def keep_card(*, operation: Operation, facts: CardFacts | None) -> None:
    """The gateway keeps a number for the person. It is theirs if it carries their own name.

    Otherwise, or when too many people have bound the number, the operation says why not in
    `reason`; binding a number again changes nothing.
    """
    reason = _why_not(operation, facts)
    if reason or facts is None:
        Operation.objects.filter(pk=operation.pk).update(reason=reason)
        operation.reason = reason
        return
    last = Card.objects.filter(account=operation.account).aggregate(last=Max("place"))["last"]
    card, _new = Card.objects.get_or_create(
        account=operation.account,
        fingerprint=facts.fingerprint,
        status=CardStatus.ACTIVE,
        defaults={
            "kind": facts.kind,
            "token": facts.token,
            "brand": facts.brand,
            "last4": facts.last4,
            "holder": facts.holder,
            "exp_month": facts.exp_month,
            "exp_year": facts.exp_year,
            "place": 0 if last is None else last + 1,
            "created_at": time.now(),
        },
    )
    Operation.objects.filter(pk=operation.pk).update(card=card)
    people.note_identity(account=operation.account)


def _why_not(operation: Operation, facts: CardFacts | None) -> str:
    if facts is None or not facts.last4:
        return "no_card"
    wallet = wallet_of(account=operation.account)
    if search.fold(facts.holder).split() != search.fold(wallet.legal_name).split():
        return "holder_differs"
    others = (
        Card.objects.filter(fingerprint=facts.fingerprint, status=CardStatus.ACTIVE)
        .exclude(account=operation.account)
        .values("account")
        .distinct()
        .count()
    )
    return "bound_too_often" if others >= settings.CARD_ACCOUNTS_MAX else ""


@transaction.atomic
def make_default(*, account: Account, card_id: str) -> Card:
    """Let this card be tried first. Raises CardNotFound."""
    cards, at = _in_order(account, card_id)
    return _reordered([cards[at], *cards[:at], *cards[at + 1 :]], cards[at])


@transaction.atomic
def move_card_up(*, account: Account, card_id: str) -> Card:
    """Let this card be tried before the one above it; the first one stays. Raises CardNotFound."""
    cards, at = _in_order(account, card_id)
    above = max(at - 1, 0)
    cards[above], cards[at] = cards[at], cards[above]
    return _reordered(cards, cards[above])


@transaction.atomic
def move_card_down(*, account: Account, card_id: str) -> Card:
    """Let this card be tried after the one below it; the last one stays. Raises CardNotFound."""
    cards, at = _in_order(account, card_id)
    below = min(at + 1, len(cards) - 1)
    cards[below], cards[at] = cards[at], cards[below]
    return _reordered(cards, cards[below])


def _in_order(account: Account, card_id: str) -> tuple[list[Card], int]:
    """Somebody's cards, locked, and where the named one stands. Raises CardNotFound."""
    cards = list(
        Card.objects.select_for_update()
        .filter(account=account, status=CardStatus.ACTIVE, kind=CardKind.CARD)
        .order_by("place", "pk")
    )
    for at, card in enumerate(cards):
        if card.public_id == card_id:
            return cards, at
    raise CardNotFound


def _reordered(cards: list[Card], moved: Card) -> Card:
    for place, card in enumerate(cards):
        card.place = place
    Card.objects.bulk_update(cards, ["place"])
    _tell(moved.account_id)
    return moved


def _tell(account_id: int) -> None:
    push.to_accounts([account_id], events.wallet_changed())


@transaction.atomic
def remove_card(*, account: Account, card_id: str) -> None:
    """Forget a card or account. Raises CardNotFound, CardInUse while something is on its way."""
    card = (
        Card.objects.select_for_update()
        .filter(account=account, public_id=card_id, status=CardStatus.ACTIVE)
        .first()
    )
    if card is None:
        raise CardNotFound
    if Operation.objects.filter(card=card, status__in=OPEN).exists():
        raise CardInUse
    move(card, CardStatus.REMOVED, allowed=CARD_MOVES)
    _tell(account.pk)


def owned_card(*, account: Account, card_id: str, kind: str) -> Card:
    """One's own card or account that can be used. Raises CardNotFound."""
    card = Card.objects.filter(
        account=account, public_id=card_id, kind=kind, status=CardStatus.ACTIVE
    ).first()
    if card is None:
        raise CardNotFound
    return card


def hide_amounts(*, account: Account) -> None:
    """The wallet's first page shows dots instead of amounts."""
    wallet_of(account=account)
    Wallet.objects.filter(account=account).update(hides_amounts=True)
    _tell(account.pk)


def show_amounts(*, account: Account) -> None:
    """The wallet's first page shows amounts again."""
    wallet_of(account=account)
    Wallet.objects.filter(account=account).update(hides_amounts=False)
    _tell(account.pk)
