"""Programs of official accounts, as their doors look them up."""

from datetime import datetime

from django.conf import settings

from accounts.errors import ProgramTokenExpired, ProgramTokenUnknown
from accounts.models import Follow, OfficialAccount, Program, ProgramToken
from accounts.queries.following import follower_for, follower_tag_for
from accounts.queries.library import OTHER_INDUSTRY
from accounts.states import OfficialStatus
from superapp.kernel import time
from superapp.kernel.ids import digest_of

_ACCESS = (ProgramToken.Kind.PLAIN, ProgramToken.Kind.STABLE)


def official_with_program(appid: str) -> OfficialAccount | None:
    """The published account with this appid, if it has a secret."""
    return (
        OfficialAccount.objects.select_related("account", "program")
        .filter(appid=appid, status=OfficialStatus.APPROVED, program__isnull=False)
        .first()
    )


def program_of(official: OfficialAccount) -> Program | None:
    """The account's access for programs; None before it has a secret."""
    return Program.objects.filter(pk=official.pk).first()


def official_by_token(token: str) -> OfficialAccount:
    """Whose access token this is. Raises ProgramTokenUnknown or ProgramTokenExpired."""
    row = (
        ProgramToken.objects.select_related("official__account")
        .filter(digest=digest_of(token), kind__in=_ACCESS, official__status=OfficialStatus.APPROVED)
        .first()
    )
    if row is None:
        raise ProgramTokenUnknown
    if row.expires_at <= time.now():
        raise ProgramTokenExpired
    return row.official


def current_program_token(
    official: OfficialAccount, kind: str, moment: datetime
) -> ProgramToken | None:
    """The one of its kind that was not replaced and lives on at `moment`."""
    return ProgramToken.objects.filter(
        official=official, kind=kind, is_superseded=False, expires_at__gt=moment
    ).first()


def industries_of(official: OfficialAccount) -> tuple[int, int]:
    """The two trades of the account, by number; "other" until it has said which."""
    found = Program.objects.values_list("industries", flat=True).get(pk=official.pk)
    main, second = found or (OTHER_INDUSTRY, OTHER_INDUSTRY)
    return main, second


def openids_after(
    official: OfficialAccount, openid: str, *, tag: int | None = None
) -> tuple[int, list[str]]:
    """How many follow it (and have the tag), and one page of their openids in the order in which
    they became known, after the one given; empty to begin. Raises FollowerNotFound,
    FollowerTagNotFound."""
    rows = Follow.objects.filter(official=official, is_following=True)
    if tag is not None:
        rows = rows.filter(tags=follower_tag_for(official, tag))
    total = rows.count()
    if openid:
        rows = rows.filter(pk__gt=follower_for(official, openid).pk)
    page = rows.order_by("pk").values_list("openid", flat=True)[: settings.WECHAT_OPENIDS_PAGE]
    return total, list(page)
