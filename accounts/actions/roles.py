"""What staff may see and do in the console. Roles are given by superusers, and leave a trace."""

from auditlog.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from accounts.errors import CannotChangeOwnRole, NotARole
from accounts.models import Person
from superapp.kernel.errors import NotAllowed

_LOOK = (
    *("accounts.view_person", "accounts.view_account", "accounts.view_friendrequest"),
    *("accounts.view_personaltoken", "usersessions.view_usersession"),
)
# Rights over other apps' rows are named, not imported.
_REPORTS = (
    *("chat.view_report", "chat.change_report"),
    *("chat.view_conversation", "chat.view_membership"),
)
_BOOKS = (
    *("payments.view_ledgeraccount", "payments.view_journal", "payments.view_auditrun"),
    *("payments.view_adjustment", "payments.check_books", "payments.view_reconciliationrun"),
)
ROLES = {
    "support": (*_LOOK, "accounts.end_access"),
    "safety": (
        *(*_LOOK, *_REPORTS),
        *("accounts.view_block", "accounts.end_access", "accounts.suspend_person"),
    ),
    "finance": (
        *("accounts.view_person", *_BOOKS),
        *("payments.propose_adjustment", "payments.decide_adjustment"),
    ),
    "auditor": ("accounts.view_person", "auditlog.view_logentry", *_BOOKS),
}


@transaction.atomic
def grant_role(*, person: Person, role: str, staff: Person) -> None:
    """Make somebody support, safety, finance or auditor instead of whatever they were.

    Only superusers may, and nobody for themselves. Raises NotAllowed, CannotChangeOwnRole,
    NotARole.
    """
    _require_superuser(staff, person)
    if role not in ROLES:
        raise NotARole
    group, _new = Group.objects.get_or_create(name=role)
    group.permissions.set(_permissions(ROLES[role]))
    before = _role_of(person)
    person.groups.set([group])
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    _log(staff, person, before, role)


@transaction.atomic
def take_role(*, person: Person, staff: Person) -> None:
    """Nothing of the console from the next request on. Raises NotAllowed, CannotChangeOwnRole."""
    _require_superuser(staff, person)
    before = _role_of(person)
    person.groups.clear()
    person.user_permissions.clear()
    person.is_staff = False
    person.save(update_fields=["is_staff"])
    _log(staff, person, before, "")


def _require_superuser(staff: Person, person: Person) -> None:
    if not staff.is_superuser or person.is_superuser:
        raise NotAllowed
    if staff.pk == person.pk:
        raise CannotChangeOwnRole


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    wanted = Q()
    for app, _dot, codename in (name.partition(".") for name in names):
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def _role_of(person: Person) -> str:
    return ", ".join(person.groups.order_by("name").values_list("name", flat=True))


def _log(staff: Person, person: Person, before: str, after: str) -> None:
    LogEntry.objects.log_create(
        person,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes={"role": [before, after]},
        actor=staff,
    )
