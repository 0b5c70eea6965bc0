"""Somebody doubts a bill of theirs; staff look at it and answer."""

from django.db import transaction

from accounts.models import Account, Person
from payments import events, queries
from payments.errors import DoubtEmpty, DoubtOpen
from payments.models import BillDoubt
from payments.models.doubts import DOUBT_MAX
from payments.states import DOUBT_MOVES, DoubtStatus
from superapp.kernel import push, time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.transitions import move


@transaction.atomic
def doubt_bill(*, account: Account, bill_id: str, text: str) -> BillDoubt:
    """Say what is not right with one's own bill, in at most 500 characters.

    Raises BillNotFound, DoubtEmpty, DoubtOpen while the last one is not answered.
    """
    bill = queries.bill_of(account, bill_id)
    said = " ".join(text.replace("\0", "").split())[:DOUBT_MAX]
    if not said:
        raise DoubtEmpty
    wanted = BillDoubt(bill=bill, text=said, asked_at=time.now())
    BillDoubt.objects.bulk_create([wanted], ignore_conflicts=True)
    made = BillDoubt.objects.filter(public_id=wanted.public_id).first()
    if made is None:
        raise DoubtOpen
    push.to_accounts([account.pk], events.wallet_changed(ref=bill.ref))
    return made


@transaction.atomic
def answer_doubt(*, doubt: BillDoubt, staff: Person, answer: str) -> None:
    """Answer it: what is said stands on the bill. Raises NotAllowed, DoubtEmpty, IllegalTransition."""
    if not staff.has_perm("payments.answer_billdoubt"):
        raise NotAllowed
    said = answer.strip()[:DOUBT_MAX]
    if not said:
        raise DoubtEmpty
    changes = {"answer": said, "answered_at": time.now(), "answered_by": staff}
    move(doubt, DoubtStatus.ANSWERED, allowed=DOUBT_MOVES, **changes)
    push.to_accounts([doubt.bill.account_id], events.wallet_changed(ref=doubt.bill.ref))
