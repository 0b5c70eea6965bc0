"""Who follows what, from both sides."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.errors import (
    FollowerNotFound,
    FollowerTagNotFound,
    InvitationNotFound,
    SceneNotFound,
)
from accounts.models import (
    Account,
    AutoReply,
    Follow,
    FollowerTag,
    OfficialAccount,
    QRScene,
    StaffInvitation,
)
from accounts.states import InvitationStatus, OfficialStatus
from superapp.kernel import search, time
from superapp.kernel.errors import NotFound


def follow_of(person: Account, official: OfficialAccount) -> Follow | None:
    """What the account knows of the person; also of somebody who has left."""
    return (
        Follow.objects.select_related("official__account__avatar", "person__avatar")
        .filter(person=person, official=official)
        .first()
    )


def is_following(person: Account, official: OfficialAccount) -> bool:
    """Whether the person follows it now."""
    return Follow.objects.filter(person=person, official=official, is_following=True).exists()


def follower_by_openid(official: OfficialAccount, openid: str) -> Follow | None:
    """For programs and doors of the owner: only this account's own openids are known."""
    return (
        Follow.objects.select_related("official__account__avatar", "person__avatar")
        .filter(official=official, openid=openid)
        .first()
    )


def follower_for(official: OfficialAccount, openid: str) -> Follow:
    """Like follower_by_openid. Raises FollowerNotFound."""
    found = follower_by_openid(official, openid)
    if found is None:
        raise FollowerNotFound
    return found


def followers_by_openid(official: OfficialAccount, openids: Collection[str]) -> dict[str, Follow]:
    """Those of its own whom it knows, with their tags."""
    rows = Follow.objects.filter(official=official, openid__in=set(openids))
    rows = rows.select_related("person__avatar")
    return {follow.openid: follow for follow in rows.prefetch_related("tags")}


def follows_by_pair(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], Follow]:
    """(account pk of an official account, account pk of a person) → what it knows of them."""
    if not pairs:
        return {}
    rows = Follow.objects.select_related("official__account", "person").filter(
        official__account__in={official for official, _person in pairs},
        person__in={person for _official, person in pairs},
    )
    found = {(row.official.account_id, row.person_id): row for row in rows}
    return {pair: found[pair] for pair in pairs if pair in found}


def followed_by(person: Account) -> QuerySet[Follow]:
    """The accounts somebody follows, A to Z."""
    return (
        Follow.objects.filter(
            person=person, is_following=True, official__status=OfficialStatus.APPROVED
        )
        .select_related("official__account__avatar")
        .order_by("official__account__sort_key", "pk")
    )


def followers_of(official: OfficialAccount) -> QuerySet[Follow]:
    """Everybody who follows it now, newest first."""
    return (
        Follow.objects.filter(official=official, is_following=True)
        .select_related("person__avatar")
        .prefetch_related("tags")
        .order_by("-pk")
    )


def followers_page(
    official: OfficialAccount, *, tag: str = "", words: str = "", before: int | None = None
) -> tuple[list[Follow], str]:
    """One page of followers and the position of the next; only those with the tag (its number),
    or whose name or remark holds the words."""
    rows = followers_of(official)
    if tag.isascii() and tag.isdigit():
        rows = rows.filter(tags__number=int(tag[:9]))
    typed = search.fold(search.clean_line(words))[:40]
    if typed:
        rows = rows.filter(Q(person__name_keys__contains=typed) | Q(remark__icontains=typed))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    size = settings.FOLLOWERS_PAGE
    found = list(rows[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def follower_numbers(official: OfficialAccount) -> dict[str, int]:
    """Followers now, and who came and left today in the account's own time zone; one query."""
    zone = ZoneInfo(official.time_zone)
    today = time.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Follow.objects.filter(official=official).aggregate(
        total=Count("pk", filter=Q(is_following=True)),
        came=Count("pk", filter=Q(followed_at__gte=today)),
        left=Count("pk", filter=Q(unfollowed_at__gte=today)),
    )


def follower_tags_of(official: OfficialAccount) -> QuerySet[FollowerTag]:
    """Its tags by number, each with how many followers have it."""
    return (
        FollowerTag.objects.filter(official=official)
        .annotate(size=Count("followers", filter=Q(followers__is_following=True)))
        .order_by("number")
    )


def follower_tag_for(official: OfficialAccount, number: int) -> FollowerTag:
    """One of its tags. Raises FollowerTagNotFound."""
    try:
        return FollowerTag.objects.get(official=official, number=number)
    except FollowerTag.DoesNotExist:
        raise FollowerTagNotFound from None


def scene_by_ticket(ticket: str) -> QRScene:
    """The code with this ticket, of a published account. Raises SceneNotFound, also when over."""
    found = (
        QRScene.objects.select_related("official__account__avatar")
        .filter(ticket=ticket[:60], official__status=OfficialStatus.APPROVED)
        .filter(Q(expires_at=None) | Q(expires_at__gt=time.now()))
        .first()
    )
    if found is None:
        raise SceneNotFound
    return found


def scenes_of(official: OfficialAccount) -> QuerySet[QRScene]:
    """Its codes, newest first."""
    return QRScene.objects.filter(official=official).order_by("-pk")


def auto_replies_of(official: OfficialAccount) -> QuerySet[AutoReply]:
    """Its rules, oldest first: the first that fits answers."""
    return AutoReply.objects.filter(official=official).order_by("pk")


def auto_reply_for(official: OfficialAccount, public_id: str) -> AutoReply:
    """One of its rules. Raises NotFound."""
    try:
        return AutoReply.objects.get(official=official, public_id=public_id)
    except AutoReply.DoesNotExist:
        raise NotFound from None


def invitation_by_token(token: str) -> StaffInvitation:
    """An invitation that still waits. Raises InvitationNotFound."""
    found = (
        StaffInvitation.objects.select_related("official__account__avatar", "inviter")
        .filter(token=token[:60], status=InvitationStatus.WAITING, due_at__gt=time.now())
        .first()
    )
    if found is None:
        raise InvitationNotFound
    return found


def staff_invitations_of(official: OfficialAccount) -> QuerySet[StaffInvitation]:
    """Those that wait, newest first."""
    return StaffInvitation.objects.filter(
        official=official, status=InvitationStatus.WAITING, due_at__gt=time.now()
    ).order_by("-pk")
