"""Official accounts: the directory, their pages, and who works for them."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, FloatField, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from accounts.errors import OfficialNotFound
from accounts.models import Account, Menu, OfficialAccount, Staff
from accounts.states import ROLE_MAY, OfficialStatus, StaffMay
from superapp.kernel import search
from superapp.kernel.errors import NotAllowed

_LIVE = (OfficialStatus.SUBMITTED, OfficialStatus.APPROVED, OfficialStatus.SUSPENDED)


def officials() -> QuerySet[OfficialAccount]:
    """With what every row of them shows."""
    return OfficialAccount.objects.select_related("account__avatar")


def official_for(viewer: Account, public_id: str) -> OfficialAccount:
    """A published account, by its public id. Raises OfficialNotFound, also while it is suspended."""
    try:
        return officials().get(account__public_id=public_id, status=OfficialStatus.APPROVED)
    except OfficialAccount.DoesNotExist:
        raise OfficialNotFound from None


def official_known_to(viewer: Account, public_id: str) -> OfficialAccount:
    """Also one that was suspended: those who follow it may still leave. Raises OfficialNotFound."""
    shown = (OfficialStatus.APPROVED, OfficialStatus.SUSPENDED)
    try:
        return officials().get(account__public_id=public_id, status__in=shown)
    except OfficialAccount.DoesNotExist:
        raise OfficialNotFound from None


def official_by_appid(appid: str) -> OfficialAccount | None:
    """For programs: the account with this appid, whatever its status."""
    return officials().filter(appid=appid).first()


def official_of(account: Account) -> OfficialAccount | None:
    """The official side of an addressable account; None for people and the house's own."""
    return officials().filter(account=account).first()


def directory(
    *, words: str = "", category: str = "", region: str = ""
) -> QuerySet[OfficialAccount]:
    """Published accounts. With words: by name, pinyin, initials or handle, also mistyped; the
    verified first, then those most alike. Slices are positions: see directory_page."""
    rows = officials().filter(status=OfficialStatus.APPROVED)
    if category:
        rows = rows.filter(category=category)
    if region:
        rows = rows.filter(region__iexact=region)
    typed = search.fold(search.clean_line(words))[:60]
    if not typed:
        return rows.annotate(rank=Value(0.0, output_field=FloatField())).order_by(
            _unverified(), "account__sort_key", "pk"
        )
    alike = TrigramWordSimilarity(typed, Cast("account__name_keys", TextField()))
    rows = rows.annotate(
        rank=Case(
            When(account__name_keys__startswith=typed, then=Value(3.0)),
            When(account__name_keys__contains=typed, then=Value(2.0)),
            When(account__handle=typed, then=Value(3.0)),
            default=alike,
            output_field=FloatField(),
        )
    )
    return rows.filter(rank__gte=settings.DIRECTORY_LIKENESS).order_by(
        _unverified(), "-rank", "account__sort_key", "pk"
    )


def _unverified() -> Any:
    return Case(
        When(verified_at=None, then=Value(1)), default=Value(0), output_field=IntegerField()
    )


def directory_page(
    *, words: str = "", category: str = "", region: str = "", start: int = 0
) -> tuple[list[OfficialAccount], str]:
    """One page of the directory, and the start of the next ("" on the last)."""
    size = settings.DIRECTORY_PAGE
    rows = directory(words=words, category=category, region=region)
    found = list(rows[start : start + size + 1])
    return found[:size], str(start + size) if len(found) > size else ""


def looks_taken(name: str, *, besides: OfficialAccount | None = None) -> bool:
    """Whether a live account has this name or one that looks like it."""
    same = OfficialAccount.objects.filter(name_skeleton=search.skeleton(name), status__in=_LIVE)
    return (same if besides is None else same.exclude(pk=besides.pk)).exists()


def menu_of(official: OfficialAccount) -> dict[str, Any]:
    """The published menu, or {} where there is none."""
    found = Menu.objects.filter(official=official).values_list("published", flat=True).first()
    return found or {}


def menu_row_of(official: OfficialAccount) -> Menu:
    """The menu with its draft."""
    return Menu.objects.get(official=official)


_PAPERS = (
    *("legal_name", "licence_no", "contact_name", "contact_phone", "contact_email"),
    *("settlement_holder", "settlement_bank", "settlement_number"),
)


def what_is_missing(official: OfficialAccount) -> bool:
    """Whether an application still lacks papers."""
    return official.status in {OfficialStatus.DRAFT, OfficialStatus.REJECTED} and not all(
        getattr(official, name) for name in _PAPERS
    )


def audited_kind() -> ContentType:
    """Under which the audit log keeps what was done to official accounts."""
    return ContentType.objects.get_for_model(OfficialAccount)


# -- who works for whom: the rule of the business console stands on these two


def roles_of(person: Account) -> QuerySet[Staff]:
    """Every role that somebody has, with its account."""
    return (
        Staff.objects.filter(person=person)
        .select_related("official__account__avatar", "person")
        .order_by("official__account__sort_key", "pk")
    )


def role_in(person: Account, official: OfficialAccount) -> Staff | None:
    """The person's role in this account, or None."""
    return Staff.objects.filter(person=person, official=official).first()


def staff_role(person: Account, official: OfficialAccount) -> Staff:
    """The person's role in this account. Raises OfficialNotFound for outsiders."""
    staff = role_in(person, official)
    if staff is None:
        raise OfficialNotFound
    return staff


def may(person: Account, official: OfficialAccount, what: StaffMay) -> bool:
    """Whether somebody's role allows this."""
    staff = role_in(person, official)
    return staff is not None and what in ROLE_MAY[staff.role]


def require_staff(person: Account, official: OfficialAccount, what: StaffMay) -> Staff:
    """The person's role in this account. Raises OfficialNotFound for outsiders, NotAllowed when
    the role does not include it."""
    staff = staff_role(person, official)
    if what not in ROLE_MAY[staff.role]:
        raise NotAllowed
    return staff


def staffed_official(person: Account, public_id: str) -> OfficialAccount:
    """An account that the person works for, in any status. Raises OfficialNotFound."""
    try:
        return officials().get(account__public_id=public_id, staff__person=person)
    except OfficialAccount.DoesNotExist:
        raise OfficialNotFound from None


def staff_ids(official_ids: Collection[int], what: StaffMay) -> dict[int, list[int]]:
    """official pk → account pks of those whose role includes this."""
    roles = [role for role, allowed in ROLE_MAY.items() if what in allowed]
    rows = Staff.objects.filter(official__in=official_ids, role__in=roles)
    found: dict[int, list[int]] = {}
    for official_id, person_id in rows.values_list("official_id", "person_id"):
        found.setdefault(official_id, []).append(person_id)
    return found


def staff_of(official: OfficialAccount) -> QuerySet[Staff]:
    """Everybody who works for it, the owner first."""
    first = Case(When(role="owner", then=Value(0)), default=Value(1))
    return (
        Staff.objects.filter(official=official)
        .select_related("person__avatar")
        .order_by(first, "joined_at", "pk")
    )


def owned_by(owner: Account) -> QuerySet[OfficialAccount]:
    """What somebody applied for, in any status, newest first."""
    return officials().filter(owner=owner).order_by("-pk")


def waiting_for_review() -> QuerySet[OfficialAccount]:
    """For the platform's staff: the longest waiting first."""
    return officials().filter(status=OfficialStatus.SUBMITTED).order_by("submitted_at", "pk")
