"""Saying that something breaks the rules; staff see it with what was said around it."""

from django.db import transaction

from accounts.models import Account
from chat import bodies, events, queries
from chat.errors import BadMessage
from chat.models import Membership, Message, Report
from superapp.kernel import time

CATEGORIES = ("spam", "scam", "abuse", "sexual", "violence", "other")
_CONTEXT = 5


@transaction.atomic
def report_message(
    *, reporter: Account, conversation_id: str, seq: int, category: str, note: str = ""
) -> Report:
    """Report a message; five before and after it go along as evidence, as the reporter saw them."""
    seat = queries.seat_of(reporter, conversation_id)
    message = queries.message_for(seat, seq)
    around = queries.message_rows(seat, list(range(seq - _CONTEXT, seq + _CONTEXT + 1)))
    return _report(reporter, message.author, seat, message, category, note, around)


@transaction.atomic
def report_conversation(
    *, reporter: Account, conversation_id: str, category: str, note: str = ""
) -> Report:
    """Report whoever is on the other side, for instance of a greeting."""
    seat = queries.seat_of(reporter, conversation_id)
    target = seat.peer or queries.owner_of(seat.conversation)
    last = queries.visible_to(seat).select_related("author__avatar", "recalled_by")
    around = list(last.order_by("-seq")[: 2 * _CONTEXT])[::-1]
    return _report(reporter, target, seat, None, category, note, around)


def _report(
    reporter: Account,
    target: Account,
    seat: Membership,
    message: Message | None,
    category: str,
    note: str,
    around: list[Message],
) -> Report:
    if category not in CATEGORIES:
        raise BadMessage
    return Report.objects.create(
        reporter=reporter,
        target=target,
        conversation=seat.conversation,
        message=message,
        category=category,
        note=bodies.clean_text(note)[:500],
        evidence=[events.message_wire(row, seat.conversation) for row in around],
        created_at=time.now(),
    )


@transaction.atomic
def close_report(*, staff: Account, report: Report, outcome: str) -> None:
    """Staff have looked at it; the outcome is kept with the report."""
    Report.objects.filter(pk=report.pk, closed_at=None).update(
        closed_at=time.now(), outcome=f"{staff.name}: {bodies.clean_text(outcome)}"[:200]
    )
