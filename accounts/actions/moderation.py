"""What staff do to people. Every step is kept in the audit log with its reason."""

from auditlog.models import LogEntry
from django.db import transaction

from accounts.actions.sessions import end_all_access
from accounts.actions.tokens import revoke_token
from accounts.errors import CannotSuspend
from accounts.models import Person, PersonalToken
from superapp.kernel import search, time
from superapp.kernel.errors import Invalid


@transaction.atomic
def suspend_person(*, person: Person, staff: Person, reason: str) -> None:
    """Keep somebody out: no sign-in, no session, no token, no socket; nobody can ask them.

    Raises Invalid without a reason, CannotSuspend for staff.
    """
    said = _reason(reason)
    if person.is_staff or person.is_superuser:
        raise CannotSuspend
    person.is_active, person.suspended_at, person.suspension_reason = False, time.now(), said
    person.save(update_fields=["is_active", "suspended_at", "suspension_reason"])
    end_all_access(person=person)
    _log(staff, person, {"is_active": ["True", "False"]}, said)


@transaction.atomic
def reinstate_person(*, person: Person, staff: Person, reason: str) -> None:
    """Let somebody in again. Sessions and tokens do not come back. Raises Invalid."""
    said = _reason(reason)
    person.is_active, person.suspended_at, person.suspension_reason = True, None, ""
    person.save(update_fields=["is_active", "suspended_at", "suspension_reason"])
    _log(staff, person, {"is_active": ["False", "True"]}, said)


@transaction.atomic
def revoke_token_of(*, token: PersonalToken, staff: Person, reason: str) -> None:
    """Staff take an API token away; its sockets close. Raises Invalid without a reason."""
    said = _reason(reason)
    revoke_token(person=token.person, token_id=token.public_id)
    _log(staff, token.person, {"token": [token.name, ""]}, said)


@transaction.atomic
def sign_out_everywhere(*, person: Person, staff: Person, reason: str) -> None:
    """Staff end every session and token of somebody. Raises Invalid without a reason."""
    said = _reason(reason)
    end_all_access(person=person)
    _log(staff, person, {"sessions": ["open", "ended"]}, said)


def _reason(text: str) -> str:
    said = search.clean_line(text)[:200]
    if not said:
        raise Invalid
    return said


def _log(staff: Person, person: Person, changes: dict[str, list[str]], reason: str) -> None:
    LogEntry.objects.log_create(
        person,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes=changes,
        actor=staff,
        additional_data={"reason": reason},
    )
