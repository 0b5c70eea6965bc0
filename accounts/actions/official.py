"""The life of an official account: applying, the review, its names. Staff acts leave a trace."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from auditlog.models import LogEntry
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import events, ports, queries
from accounts.errors import (
    BadName,
    NameTaken,
    PapersMissing,
    TooManyAccounts,
    TooManyRenames,
)
from accounts.models import (
    Account,
    FollowerTag,
    Menu,
    OfficialAccount,
    PastName,
    Person,
    Staff,
)
from accounts.states import (
    OFFICIAL_MOVES,
    OfficialKind,
    OfficialStatus,
    StaffMay,
    StaffRole,
)
from superapp.kernel import images, media, push, search, time
from superapp.kernel.errors import Invalid, NotAllowed, TooLarge
from superapp.kernel.transitions import move

# System tag of every account; programs know it by this number.
STARRED_TAG = 2
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Papers:
    """What the review looks at. Everything but the intro and the region must be filled in."""

    legal_name: str = ""
    licence_no: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    settlement_holder: str = ""
    settlement_bank: str = ""
    settlement_number: str = ""

    def cleaned(self) -> dict[str, str]:
        said = {f.name: search.clean_line(getattr(self, f.name)) for f in fields(self)}
        if any(len(text) > _most(name) for name, text in said.items()):
            raise Invalid
        return said


def _most(name: str) -> int:
    column: Any = OfficialAccount._meta.get_field(name)
    return int(column.max_length)


@transaction.atomic
def apply_official(
    *,
    owner: Account,
    name: str,
    kind: str,
    category: str,
    intro: str = "",
    region: str = "",
    time_zone: str = "",
) -> OfficialAccount:
    """Begin an application: a draft that only its owner sees, with the owner as its staff.

    Raises BadName, NameTaken, Invalid, TooManyAccounts.
    """
    limit = settings.OFFICIAL_PER_OWNER_MAX
    if queries.owned_by(owner).count() >= limit:
        raise TooManyAccounts(limit=limit)
    called = _free_name(name)
    _require_choices(kind, category, time_zone)
    account = Account.objects.create(
        kind=Account.Kind.OFFICIAL,
        name=called,
        sort_key=search.sort_key(called),
        name_keys=search.name_keys(called),
    )
    official = OfficialAccount.objects.create(
        account=account,
        owner=owner,
        kind=kind,
        category=category,
        intro=search.clean_line(intro)[: settings.OFFICIAL_INTRO_MAX],
        region=search.clean_line(region)[: settings.REGION_MAX],
        time_zone=time_zone or owner.person.time_zone or settings.HOME_TIME_ZONE,
        name_skeleton=search.skeleton(called),
        created_at=time.now(),
    )
    Staff.objects.create(
        official=official, person=owner, role=StaffRole.OWNER, joined_at=time.now()
    )
    Menu.objects.create(official=official)
    FollowerTag.objects.create(
        official=official, number=STARRED_TAG, name="星标组", created_at=time.now()
    )
    log_official(official=official, actor=owner, what="applied", before="", after=called)
    return official


@transaction.atomic
def fill_papers(*, official: OfficialAccount, actor: Account, papers: Papers) -> OfficialAccount:
    """Company, licence, contact and where money is settled. Raises Invalid, NotAllowed."""
    queries.require_staff(actor, official, StaffMay.PROFILE)
    said = papers.cleaned()
    changed = [name for name, text in said.items() if getattr(official, name) != text]
    if changed and official.status in {OfficialStatus.SUBMITTED, OfficialStatus.SUSPENDED}:
        raise NotAllowed
    for name in changed:
        setattr(official, name, said[name])
    if "legal_name" in changed and official.verified_at is not None:
        # The badge was given to another company.
        official.verified_at = official.verified_until = None
    official.save(update_fields=[*said, "verified_at", "verified_until"])
    if changed:
        log_official(
            official=official, actor=actor, what="papers", before="", after=", ".join(changed)
        )
    return official


@transaction.atomic
def attach_licence(*, official: OfficialAccount, actor: Account, picture: bytes) -> OfficialAccount:
    """A picture of the licence, for the review alone. Raises the refusals of kernel.images."""
    queries.require_staff(actor, official, StaffMay.PROFILE)
    if len(picture) > settings.LICENCE_UPLOAD_MAX:
        raise TooLarge
    made = images.read(picture, side_max=settings.LICENCE_SIDE_MAX).still(settings.LICENCE_SIDE_MAX)
    before, official.licence = official.licence, media.store(made.data, made.content_type)
    official.save(update_fields=["licence"])
    if before is not None:
        media.drop(before)
    log_official(official=official, actor=actor, what="licence", before="", after="picture")
    return official


@transaction.atomic
def describe_official(
    *,
    official: OfficialAccount,
    actor: Account,
    category: str,
    intro: str,
    region: str,
    time_zone: str,
) -> OfficialAccount:
    """What everybody reads on the page, and the zone in which quotas are counted."""
    queries.require_staff(actor, official, StaffMay.PROFILE)
    _require_choices(official.kind, category, time_zone)
    said = {
        "category": category,
        "intro": search.clean_line(intro)[: settings.OFFICIAL_INTRO_MAX],
        "region": search.clean_line(region)[: settings.REGION_MAX],
        "time_zone": time_zone or official.time_zone,
    }
    for name, text in said.items():
        before = getattr(official, name)
        if before != text:
            log_official(official=official, actor=actor, what=name, before=before, after=text)
            setattr(official, name, text)
    official.save(update_fields=list(said))
    return official


@transaction.atomic
def rename_official(*, official: OfficialAccount, actor: Account, name: str) -> OfficialAccount:
    """Another name, a few times a year; the old one stays readable on the page.

    Raises BadName, NameTaken, TooManyRenames.
    """
    queries.require_staff(actor, official, StaffMay.PROFILE)
    called = _free_name(name, besides=official)
    account = official.account
    if called == account.name:
        return official
    since = time.now() - _YEAR
    limit = settings.OFFICIAL_RENAMES_PER_YEAR
    is_known = official.approved_at is not None
    if is_known and official.past_names.filter(ended_at__gt=since).count() >= limit:
        raise TooManyRenames(limit=limit)
    if is_known:
        PastName.objects.create(official=official, name=account.name, ended_at=time.now())
    log_official(official=official, actor=actor, what="name", before=account.name, after=called)
    account.name, account.sort_key = called, search.sort_key(called)
    account.name_keys = search.name_keys(called)
    account.save(update_fields=["name", "sort_key", "name_keys"])
    official.name_skeleton, official.renamed_at = search.skeleton(called), time.now()
    _keep_name(official, ["name_skeleton", "renamed_at"])
    ports.profile_changed(account)
    return official


@transaction.atomic
def set_official_avatar(*, official: OfficialAccount, actor: Account, picture: bytes) -> None:
    """Its picture: cut square, encoded again. Raises the refusals of kernel.images."""
    queries.require_staff(actor, official, StaffMay.PROFILE)
    if len(picture) > settings.AVATAR_UPLOAD_MAX:
        raise TooLarge
    made = images.read(picture, side_max=settings.AVATAR_SIDE * 2).square(settings.AVATAR_SIDE)
    account = official.account
    before, account.avatar = account.avatar, media.store(made.data, made.content_type)
    account.save(update_fields=["avatar"])
    if before is not None:
        media.drop(before)
    ports.profile_changed(account)
    log_official(official=official, actor=actor, what="picture", before="", after="picture")


@transaction.atomic
def submit_official(*, official: OfficialAccount, actor: Account) -> OfficialAccount:
    """Hand it to the review. Raises PapersMissing, NameTaken, Conflict when it waits already."""
    queries.require_staff(actor, official, StaffMay.PROFILE)
    if not all(getattr(official, f.name) for f in fields(Papers)):
        raise PapersMissing
    _reserve(official, OfficialStatus.SUBMITTED, submitted_at=time.now(), status_reason="")
    log_official(official=official, actor=actor, what="status", before="", after=official.status)
    _tell(official)
    return official


@transaction.atomic
def withdraw_official(*, official: OfficialAccount, actor: Account) -> OfficialAccount:
    """Take the application back to change it. Raises Conflict once it was decided."""
    queries.require_staff(actor, official, StaffMay.PROFILE)
    move(official, OfficialStatus.DRAFT, allowed=OFFICIAL_MOVES)
    log_official(official=official, actor=actor, what="status", before="", after=official.status)
    _tell(official)
    return official


@transaction.atomic
def approve_official(*, official: OfficialAccount, staff: Person) -> OfficialAccount:
    """Publish it, with the badge. Also how a suspension ends. Raises NotAllowed, Conflict."""
    before = official.status
    _require_reviewer(staff)
    moment = time.now()
    _reserve(
        official,
        OfficialStatus.APPROVED,
        status_reason="",
        approved_at=official.approved_at or moment,
        verified_at=official.verified_at or moment,
        verified_until=moment + timedelta(days=settings.OFFICIAL_VERIFIED_DAYS),
    )
    _log_review(official, staff, before, "")
    ports.official_published(official)
    _tell(official)
    return official


@transaction.atomic
def reject_official(*, official: OfficialAccount, staff: Person, reason: str) -> OfficialAccount:
    """Say no, and why: the owner reads the reason. Raises Invalid without one, Conflict."""
    return _decide(official, staff, OfficialStatus.REJECTED, reason)


@transaction.atomic
def suspend_official(*, official: OfficialAccount, staff: Person, reason: str) -> OfficialAccount:
    """Nobody finds, follows or hears it until it is approved again. Raises Invalid, Conflict."""
    return _decide(official, staff, OfficialStatus.SUSPENDED, reason)


def _decide(
    official: OfficialAccount, staff: Person, to: OfficialStatus, reason: str
) -> OfficialAccount:
    _require_reviewer(staff)
    said, before = search.clean_line(reason)[:200], official.status
    if not said:
        raise Invalid
    move(official, to, allowed=OFFICIAL_MOVES, status_reason=said)
    _log_review(official, staff, before, said)
    _tell(official)
    return official


def log_official(
    *, official: OfficialAccount, actor: Account, what: str, before: str, after: str
) -> None:
    """One line of the account's audit log, which its owner reads."""
    LogEntry.objects.log_create(
        official,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes={what: [before, after]},
        actor=actor.person,
    )


def _log_review(official: OfficialAccount, staff: Person, before: str, reason: str) -> None:
    extra: Mapping[str, Any] = {"reason": reason}
    LogEntry.objects.log_create(
        official,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes={"status": [before, official.status]},
        actor=staff,
        additional_data=extra,
    )


def _require_reviewer(staff: Person) -> None:
    if not staff.has_perm("accounts.review_official"):
        raise NotAllowed


def _require_choices(kind: str, category: str, time_zone: str) -> None:
    if kind not in OfficialKind.values or category not in OfficialAccount.Category.values:
        raise Invalid
    if time_zone and time_zone not in available_timezones():
        raise Invalid


def _free_name(name: str, *, besides: OfficialAccount | None = None) -> str:
    called = search.clean_line(name)
    if not called or len(called) > settings.NAME_MAX:
        raise BadName
    if search.fold(called) in settings.HANDLES_RESERVED or queries.looks_taken(
        called, besides=besides
    ):
        raise NameTaken
    return called


def _reserve(official: OfficialAccount, to: OfficialStatus, **changes: Any) -> None:
    """Move to a status in which the name is the account's alone."""
    if queries.looks_taken(official.name, besides=official):
        raise NameTaken
    try:
        with transaction.atomic():
            move(official, to, allowed=OFFICIAL_MOVES, **changes)
    except IntegrityError:  # somebody else submitted the same name in this very moment
        raise NameTaken from None


def _keep_name(official: OfficialAccount, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            official.save(update_fields=changed)
    except IntegrityError:
        raise NameTaken from None


def _tell(official: OfficialAccount) -> None:
    """Those who work for it see its new status at once."""
    told = queries.staff_ids([official.pk], StaffMay.PROFILE).get(official.pk, [])
    push.to_accounts(told, events.official_changed(official))
