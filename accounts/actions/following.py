"""Following an official account, by whatever way, and leaving it."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts import events, ports, queries
from accounts.errors import (
    FollowedTooMany,
    NotFollowing,
    NotPublished,
    WindowClosed,
    WindowSpent,
)
from accounts.models import Account, Follow, OfficialAccount, QRScene
from accounts.ports import EventKind, OfficialEvent
from accounts.states import OfficialStatus
from superapp.kernel import push, time
from superapp.kernel.errors import Invalid

# Spans of time kept of somebody who comes and goes.
_PERIODS_MAX = 50


def know_person(*, official: OfficialAccount, person: Account) -> Follow:
    """What the account knows of somebody, made when it meets them first: their openid here.

    Does not follow. For signing in on the account's own site, and for follow.
    """
    found, _new = Follow.objects.select_related("official__account", "person").get_or_create(
        official=official,
        person=person,
        defaults={
            "openid": _pseudonym("openid", official.pk, person.pk),
            "unionid": _pseudonym("unionid", official.owner_id, person.pk),
            "created_at": time.now(),
        },
    )
    return found


def _pseudonym(what: str, known_to: int, person: int) -> str:
    """28 characters that say nothing of the person to whoever lacks our secret."""
    said = salted_hmac(f"accounts.{what}", f"{known_to}:{person}", algorithm="sha256").digest()
    return f"o{base64.urlsafe_b64encode(said).decode()[:27]}"


@transaction.atomic
def follow_official(*, person: Account, official: OfficialAccount, source: str = "") -> Follow:
    """Follow it from now on; again is no change. Raises NotPublished, FollowedTooMany."""
    return _follow(person, official, source or Follow.Source.PROFILE, None)


@transaction.atomic
def scan_scene(*, person: Account, scene: QRScene) -> Follow:
    """The person scanned one of the account's codes and agreed to follow it, or follows already.

    The account hears which code it was. Raises NotPublished, FollowedTooMany.
    """
    official = scene.official
    known = queries.follow_of(person, official)
    if known is None or not known.is_following:
        return _follow(person, official, Follow.Source.QR, scene)
    tell_official(follow=known, kind=EventKind.SCAN, facts=_scanned(scene))
    return known


def _follow(
    person: Account, official: OfficialAccount, source: str, scene: QRScene | None
) -> Follow:
    if official.status != OfficialStatus.APPROVED:
        raise NotPublished
    limit = settings.FOLLOWED_MAX
    if Follow.objects.filter(person=person, is_following=True).count() >= limit:
        raise FollowedTooMany(limit=limit)
    follow = know_person(official=official, person=person)
    moment = time.now()
    is_new = Follow.objects.filter(pk=follow.pk, is_following=False).update(
        is_following=True,
        followed_at=moment,
        unfollowed_at=None,
        periods=[*follow.periods[-_PERIODS_MAX:], DateTimeTZRange(moment, None)],
        source=source,
        scene_id=scene.scene_id if scene else None,
        scene_str=scene.scene_str if scene else "",
    )
    follow.refresh_from_db(
        fields=["is_following", "followed_at", "unfollowed_at", "source", "scene_id", "scene_str"]
    )
    if is_new:
        tell_official(follow=follow, kind=EventKind.SUBSCRIBE, facts=_scanned(scene))
        push.to_accounts([person.pk], events.follows_changed(official))
    return follow


def _scanned(scene: QRScene | None) -> dict[str, Any]:
    return {"scene": scene.scene, "ticket": scene.ticket} if scene else {}


@transaction.atomic
def unfollow_official(*, person: Account, official: OfficialAccount) -> None:
    """Leave it at once: it may write no more. What it knows of the person's tags and remark goes.

    Raises NotFollowing.
    """
    follow = queries.follow_of(person, official)
    moment = time.now()
    left = Follow.objects.filter(person=person, official=official, is_following=True).update(
        is_following=False,
        unfollowed_at=moment,
        periods=_ended(follow, moment),
        remark="",
        window_left=0,
        introduced_at=None,
    )
    if follow is None or not left:
        raise NotFollowing
    follow.tags.clear()
    follow.is_following = False
    event = OfficialEvent(EventKind.UNSUBSCRIBE, official, follow, time.now())
    ports.official_events([event])
    push.to_accounts([person.pk], events.follows_changed(official))


def _ended(follow: Follow | None, moment: datetime) -> list[Any]:
    """The spans of time in which they followed, of which the last ends now."""
    if follow is None or not follow.periods:
        return []
    *before, last = follow.periods
    return [*before, DateTimeTZRange(last.lower, max(moment, last.lower))]


@transaction.atomic
def report_location(
    *,
    person: Account,
    official: OfficialAccount,
    latitude: float,
    longitude: float,
    precision: float,
) -> None:
    """A follower lets the account know where they are: degrees (WGS 84), and how exact in metres.
    It is passed on and not kept. Raises NotFollowing, Invalid."""
    follow = queries.follow_of(person, official)
    if follow is None or not follow.is_following:
        raise NotFollowing
    if abs(latitude) > 90 or abs(longitude) > 180 or not 0 <= precision <= 1e7:
        raise Invalid
    place = {"latitude": latitude, "longitude": longitude, "precision": precision}
    ports.official_events([OfficialEvent(EventKind.LOCATION, official, follow, time.now(), place)])


def tell_official(*, follow: Follow, kind: EventKind, facts: Mapping[str, Any]) -> None:
    """A follower did something: opens the short window to write to them, and tells whoever
    listens. In the caller's transaction."""
    moment = time.now()
    _open_short_window(follow, moment)
    ports.official_events([OfficialEvent(kind, follow.official, follow, moment, facts)])


def open_windows(*, follows: Sequence[Follow]) -> None:
    """These followers wrote to their accounts, which may answer WINDOW_MESSAGES times within
    WINDOW_SECONDS. One statement, whose caller holds the locks of the conversations."""
    moment = time.now()
    Follow.objects.filter(pk__in=[follow.pk for follow in follows]).update(
        last_interaction_at=moment,
        window_ends_at=moment + timedelta(seconds=settings.WINDOW_SECONDS),
        window_left=settings.WINDOW_MESSAGES,
    )


def _open_short_window(follow: Follow, moment: datetime) -> None:
    """After an event; a window that is open already for more messages stays as it is."""
    ends, left = moment + timedelta(seconds=settings.WINDOW_EVENT_SECONDS), 0
    if follow.window_ends_at is not None and follow.window_ends_at > moment:
        ends, left = max(ends, follow.window_ends_at), follow.window_left
    follow.last_interaction_at, follow.window_ends_at = moment, ends
    follow.window_left = max(left, settings.WINDOW_EVENT_MESSAGES)
    follow.save(update_fields=["last_interaction_at", "window_ends_at", "window_left"])


def spend_window(*, follow: Follow) -> None:
    """The account writes first, once. Raises WindowClosed outside the window, WindowSpent when
    the messages of the window are used up. Counted by one statement, so that none is counted twice."""
    open_now = Follow.objects.filter(pk=follow.pk, is_following=True, window_ends_at__gt=time.now())
    if open_now.filter(window_left__gt=0).update(window_left=F("window_left") - 1):
        return
    raise WindowSpent if open_now.exists() else WindowClosed
