"""Standing payments: agreed once with the payment password, then paid by themselves.

The amount is fixed, so it is also the most that a period can cost. Every change locks the row
first: of a run and a cancelling at the same instant one is first, and the other sees it.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import queries as people
from accounts.models import Account
from payments import events
from payments.actions.authorising import auth_for, use_auth
from payments.actions.binding import wallet_of
from payments.actions.moving import Means, check_between
from payments.actions.payment import Payment
from payments.errors import (
    BadPlan,
    CannotPayThem,
    KeyReused,
    PotClosed,
    StandingNotFound,
    StandingOver,
    TooManyStandings,
)
from payments.models import Pot, Standing, StandingRun, Wallet
from payments.queries.people import clean_note
from payments.queries.saving import pot_for
from payments.queries.standings import LIVE, moment_of, next_on, today_of, zone_of
from payments.states import (
    RUN_MOVES,
    STANDING_MOVES,
    Every,
    PotStatus,
    RunStatus,
    StandingStatus,
)
from superapp.kernel import outbox, push, time
from superapp.kernel.errors import NotFound
from superapp.kernel.money import CurrencyMismatch, Money
from superapp.kernel.transitions import move

PURPOSE, JOB = "standing", "payments.standing_due"
_S = StandingStatus


def start_standing(
    *,
    owner: Account,
    amount: Money,
    every: str,
    day: int,
    client_id: str,
    means: Means,
    receiver_id: str = "",
    pot_id: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    count: int | None = None,
    note: str = "",
) -> Standing:
    """Pay `amount` every month or week: to a friend, or into one's own pot; exactly one is named.

    `day` is 1 to 31 of a month (its last where it is shorter) or 1 (Monday) to 7 of a week. It
    begins today or at `starts_on`, and ends after `ends_on` or `count` payments, if given. The
    payment password is always asked: `means` carries it, or an `auth` for the purpose "standing".
    A repeated client_id gives the first one. Not inside a transaction where a password is given.

    Raises CannotPayThem, PotNotFound, PotClosed, CurrencyMismatch, CurrencyNotHeld,
    AmountOutOfRange, BadPlan, TooManyStandings, KeyReused and the refusals of passwords.
    """
    receiver = _friend(owner, receiver_id) if receiver_id else None
    pot = pot_for(owner, pot_id) if pot_id else None
    if (receiver is None) == (pot is None):
        raise CannotPayThem
    check_between(amount=amount, most=settings.TRANSFER_MAX)
    wanted = Standing(
        account=owner,
        receiver=receiver,
        pot=pot,
        amount=amount.minor,
        currency=amount.currency,
        note=clean_note(note, settings.TRANSFER_NOTE_MAX),
        every=every,
        day=day,
        starts_on=starts_on or today_of(owner),
        ends_on=ends_on,
        count=count,
        client_id=client_id,
    )
    known = _known(wanted, is_dated=starts_on is not None)
    if known is not None:
        return known
    _check(wanted)
    payment = Payment(
        purpose=PURPOSE,
        amount=amount,
        payee=receiver.public_id if receiver else pot_id,
    )
    auth = means.auth or auth_for(
        account=owner, password=means.password, payment=payment, session=means.session
    )
    with transaction.atomic():
        return _start(wanted, payment, auth, means.session)


@transaction.atomic
def pause_standing(*, owner: Account, standing_id: str) -> Standing:
    """Pay nothing until it is resumed. Raises StandingNotFound, StandingOver."""
    standing = _locked(owner, standing_id)
    if standing.status == _S.PAUSED:
        return standing
    _require_live(standing)
    _skip_waiting(standing)
    move(standing, _S.PAUSED, allowed=STANDING_MOVES, due_at=None)
    tell(standing=standing)
    return standing


@transaction.atomic
def resume_standing(*, owner: Account, standing_id: str) -> Standing:
    """Go on with the next day; those that passed meanwhile are not paid.

    Raises StandingNotFound, StandingOver.
    """
    standing = _locked(owner, standing_id)
    if standing.status == _S.ACTIVE:
        return standing
    _require_live(standing)
    since = today_of(owner)
    taken = standing.runs.order_by("-on").values_list("on", flat=True).first()
    if taken is not None:
        since = max(since, taken + timedelta(days=1))
    plan(standing=standing, since=since)
    return standing


@transaction.atomic
def cancel_standing(*, owner: Account, standing_id: str) -> Standing:
    """End it for good. A second time changes nothing. Raises StandingNotFound, StandingOver."""
    standing = _locked(owner, standing_id)
    if standing.status != _S.CANCELLED:
        _require_live(standing)
        _cancel(standing)
    return standing


def cancel_all_into(*, pot: Pot) -> None:
    """What was to be paid into a pot that closes; the caller holds the pot's row."""
    rows = Standing.objects.select_for_update(of=("self",), no_key=True)
    for standing in rows.filter(pot=pot, status__in=LIVE).order_by("pk"):
        _cancel(standing)


def cancel_all_of(*, owner: Account) -> None:
    """What somebody who leaves would go on paying."""
    rows = Standing.objects.select_for_update(of=("self",), no_key=True)
    for standing in rows.filter(account=owner, status__in=LIVE).order_by("pk"):
        _cancel(standing)


def plan(*, standing: Standing, since: date) -> None:
    """Set the next day from `since` on, with the job that pays it; or end. The row is locked."""
    on = next_on(standing, since)
    if on is None:
        move(
            standing,
            _S.ENDED,
            allowed=STANDING_MOVES,
            on=None,
            due_at=None,
            ended_at=time.now(),
        )
    else:
        standing.on = on
        try_at(standing=standing, moment=moment_of(on, zone_of(standing.account)))
    tell(standing=standing)


def try_at(*, standing: Standing, moment: datetime) -> None:
    """Let the period be tried then. The row is locked."""
    standing.due_at = moment
    if standing.status == _S.PAUSED:
        move(standing, _S.ACTIVE, allowed=STANDING_MOVES, on=standing.on, due_at=moment)
    else:
        standing.save(update_fields=["on", "due_at"])
    _wake_at(standing, moment)


def tell(*, standing: Standing) -> None:
    """Its owner's browsers look again."""
    push.to_accounts([standing.account_id], events.wallet_changed(ref=standing.public_id))


def _wake_at(standing: Standing, moment: datetime) -> None:
    """Without a key: jobs are never moved or taken back, whoever runs one looks at the row. Today's
    hour may be over: then it is due now, and not late."""
    outbox.at(JOB, {"ref": standing.public_id}, due_at=max(moment, time.now()))


def _start(wanted: Standing, payment: Payment, auth: str, session: str) -> Standing:
    owner = wanted.account
    wallet_of(account=owner)
    if wanted.pot is not None:
        # The pot's row before others, as everywhere; it may have been closed meanwhile.
        pot = Pot.objects.select_for_update(no_key=True).get(pk=wanted.pot.pk)
        if pot.status != PotStatus.OPEN:
            raise PotClosed
    Wallet.objects.select_for_update(no_key=True).get(account=owner)
    known = _known(wanted, is_dated=True)
    if known is not None:
        return known
    use_auth(account=owner, auth=auth, payment=payment, session=session)
    live = Standing.objects.filter(account=owner, status__in=LIVE)
    if live.count() >= settings.STANDING_MAX:
        raise TooManyStandings
    wanted.created_at = time.now()
    wanted.on = next_on(wanted, wanted.starts_on)
    assert wanted.on is not None
    wanted.due_at = moment_of(wanted.on, zone_of(owner))
    wanted.save()
    _wake_at(wanted, wanted.due_at)
    tell(standing=wanted)
    return wanted


def _check(wanted: Standing) -> None:
    """Raises BadPlan, CurrencyMismatch, PotClosed."""
    if wanted.pot is not None and wanted.pot.status != PotStatus.OPEN:
        raise PotClosed
    if wanted.pot is not None and wanted.pot.currency != wanted.currency:
        raise CurrencyMismatch
    if not 1 <= wanted.day <= {Every.MONTH: 31, Every.WEEK: 7}.get(Every(wanted.every), 0):
        raise BadPlan
    today = today_of(wanted.account)
    ahead = timedelta(days=settings.STANDING_AHEAD_DAYS)
    if not today <= wanted.starts_on <= today + ahead:
        raise BadPlan
    if wanted.count is not None and not 1 <= wanted.count <= settings.STANDING_COUNT_MAX:
        raise BadPlan
    if next_on(wanted, wanted.starts_on) is None:
        raise BadPlan


def _friend(owner: Account, receiver_id: str) -> Account:
    """Raises CannotPayThem for everybody else, whether they exist or not."""
    try:
        other = people.contact_for(owner, receiver_id).other
    except NotFound:
        raise CannotPayThem from None
    if other.kind != Account.Kind.PERSON or not people.are_friends(owner, other):
        raise CannotPayThem
    return other


def _cancel(standing: Standing) -> None:
    _skip_waiting(standing)
    move(
        standing,
        _S.CANCELLED,
        allowed=STANDING_MOVES,
        on=None,
        due_at=None,
        ended_at=time.now(),
    )
    tell(standing=standing)


def _skip_waiting(standing: Standing) -> None:
    """A period that would have been tried again tomorrow is left out."""
    for run in StandingRun.objects.filter(standing=standing, status=RunStatus.WAITING):
        move(run, RunStatus.SKIPPED, allowed=RUN_MOVES)


def _require_live(standing: Standing) -> None:
    if standing.status not in LIVE:
        raise StandingOver(state=standing.status)


def _locked(owner: Account, standing_id: str) -> Standing:
    rows = Standing.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("account", "pot", "receiver")
    standing = found.filter(account=owner, public_id=standing_id).first()
    if standing is None:
        raise StandingNotFound
    return standing


def _known(wanted: Standing, *, is_dated: bool) -> Standing | None:
    """What was made of this client_id before. Raises KeyReused when it was something else."""
    rows = Standing.objects.select_related("receiver__avatar", "pot", "account")
    known = rows.filter(account=wanted.account, client_id=wanted.client_id).first()
    same = ["receiver_id", "pot_id", "amount", "currency", "note", "every", "day", "ends_on"]
    same += ["count", *(["starts_on"] if is_dated else [])]
    if known is not None and any(getattr(known, n) != getattr(wanted, n) for n in same):
        raise KeyReused
    return known
