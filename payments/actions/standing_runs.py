"""Paying what stands in plans: each period once, whoever runs the job and however often.

A period is a row of its own, unique in its plan, and its day is in the name of what it makes: a
transfer or a move into a pot of the same name is made once.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from chat import actions as chat
from chat import queries as chats
from payments import ledger
from payments.actions.authorising import agreed
from payments.actions.billing import bill
from payments.actions.moving import Means
from payments.actions.paying import BALANCE
from payments.actions.payment import Payment
from payments.actions.saving import put_in
from payments.actions.standing import JOB, plan, tell, try_at
from payments.actions.transferring import send_transfer
from payments.models import Pot, Standing, StandingRun
from payments.queries.standings import after, moment_of, next_on, zone_of
from payments.states import RUN_MOVES, BillKind, BillStatus, RunStatus, StandingStatus
from payments.wording import WALLET_HANDLE
from superapp.kernel import outbox, time
from superapp.kernel.errors import NotAllowed, Refusal
from superapp.kernel.transitions import move

_DAY = timedelta(days=1)
_R = RunStatus


def on_standing_due(payload: Mapping[str, Any]) -> None:
    """A job: a day of a plan may have come."""
    run_standing(standing_id=payload["ref"])


@ledger.retried
def run_standing(*, standing_id: str) -> None:
    """Pay the period that is due; nothing is due twice.

    Where it can't be paid it is tried again the next day, STANDING_TRIES times in all and not into
    the next period; then it is missed, its owner is told, and the plan goes on.
    """
    standing = _locked(standing_id)
    now = time.now()
    if standing.status != StandingStatus.ACTIVE or standing.due_at is None or standing.due_at > now:
        return
    assert standing.on is not None
    run = _run_of(standing)
    if run.status == _R.WAITING and run.tries == 0:
        begins = moment_of(standing.on, zone_of(standing.account))
        if begins > now:  # they went west: it is not yet that hour there
            try_at(standing=standing, moment=begins)
            return
    if run.status == _R.WAITING:
        _try(standing, run)
    if run.status == _R.WAITING:
        try_at(standing=standing, moment=now + _DAY)
        tell(standing=standing)
        return
    standing.periods += 1
    standing.save(update_fields=["periods"])
    plan(standing=standing, since=after(standing.on))


def wake_standings() -> None:
    """Hourly: plans whose job was lost."""
    late = time.now() - timedelta(seconds=settings.STANDING_LATE_SECONDS)
    rows = Standing.objects.filter(status=StandingStatus.ACTIVE, due_at__lt=late)
    for public_id in rows.order_by("due_at").values_list("public_id", flat=True)[:1000]:
        outbox.soon(JOB, {"ref": public_id})


def _try(standing: Standing, run: StandingRun) -> None:
    run.tries, run.tried_at = run.tries + 1, time.now()
    try:
        with transaction.atomic():
            _pay(standing, run)
    except Refusal as refusal:
        run.transfer = run.move = None
        run.reason = refusal.code
        run.save(update_fields=["tries", "tried_at", "reason"])
        if run.tries >= settings.STANDING_TRIES or _next_is_near(standing):
            move(run, _R.MISSED, allowed=RUN_MOVES)
            _tell_missed(standing, run)


def _pay(standing: Standing, run: StandingRun) -> None:
    """Raises whatever refuses it."""
    owner, name = standing.account, f"{standing.public_id}-{run.on}"
    if not owner.person.is_active or owner.closed_at is not None:
        raise NotAllowed
    if standing.pot is not None:
        run.move = put_in(
            owner=owner, pot_id=standing.pot.public_id, amount=standing.total, client_id=name
        )
    else:
        assert standing.receiver is not None
        payment = Payment(
            purpose="transfer", amount=standing.total, payee=standing.receiver.public_id
        )
        room = chat.open_direct(viewer=owner, other=standing.receiver)
        run.transfer = send_transfer(
            sender=owner,
            conversation_id=room.public_id,
            amount=standing.total,
            note=standing.note,
            client_id=name,
            means=Means(source=BALANCE, auth=agreed(account=owner, payment=payment)),
        )
    move(
        run,
        _R.DONE,
        allowed=RUN_MOVES,
        tries=run.tries,
        tried_at=run.tried_at,
        reason="",
        transfer=run.transfer,
        move=run.move,
    )


def _next_is_near(standing: Standing) -> bool:
    """Whether the next period comes before another try of this one would."""
    assert standing.on is not None
    following = next_on(standing, after(standing.on))
    if following is None:
        return False
    return moment_of(following, zone_of(standing.account)) <= time.now() + _DAY


def _tell_missed(standing: Standing, run: StandingRun) -> None:
    """A line among the bills, and one from the wallet's own account."""
    bill(
        account=standing.account,
        kind=BillKind.POT if standing.pot else BillKind.TRANSFER,
        ref=run.public_id,
        amount=-standing.total,
        status=BillStatus.FAILED,
        counterparty=standing.receiver,
        note=standing.pot.name if standing.pot else standing.note,
    )
    to: dict[str, object] = {}
    if standing.pot is not None:
        to["to"] = standing.pot.name
    elif standing.receiver is not None:
        to["target"] = chats.name_card(standing.receiver)
    chat.tell_person(
        account=standing.account,
        handle=WALLET_HANDLE,
        name="Wallet",
        code="payments.standing_missed",
        amount=standing.amount,
        currency=standing.currency,
        reason=run.reason,
        **to,
    )


def _run_of(standing: Standing) -> StandingRun:
    assert standing.on is not None
    run, _new = StandingRun.objects.get_or_create(
        standing=standing, on=standing.on, defaults={"tried_at": time.now()}
    )
    return run


def _locked(public_id: str) -> Standing:
    """The plan's row, and before it that of its pot: in this order everywhere."""
    pot = Standing.objects.filter(public_id=public_id).values_list("pot", flat=True).get()
    if pot is not None:
        Pot.objects.select_for_update(no_key=True).get(pk=pot)
    rows = Standing.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("account__person", "receiver", "pot").get(public_id=public_id)
