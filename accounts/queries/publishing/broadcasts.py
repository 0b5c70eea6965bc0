"""Broadcasts: for the staff who make them, and for the followers who get them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.errors import BroadcastNotFound
from accounts.models import Account, Article, Broadcast, Figure, OfficialAccount, Preview
from accounts.queries.publishing.articles import articles, figures_by_ref
from accounts.queries.publishing.reach import REACHES
from accounts.states import OfficialKind
from superapp.kernel import time


def broadcasts_of(official: OfficialAccount) -> QuerySet[Broadcast]:
    """All of an account's, the latest first."""
    return (
        Broadcast.objects.filter(official=official)
        .select_related("official__account", "made_by", "submitted_by", "approved_by", "tag")
        .order_by("-pk")
    )


def broadcast_of(official: OfficialAccount, public_id: str) -> Broadcast:
    """One of its own. Raises BroadcastNotFound."""
    found = broadcasts_of(official).filter(public_id=public_id).first()
    if found is None:
        raise BroadcastNotFound
    return found


def articles_in(broadcasts: Iterable[Broadcast]) -> dict[int, Article]:
    """Articles of these broadcasts by primary key; one query, none without articles."""
    wanted = {pk for broadcast in broadcasts for pk in broadcast.article_ids}
    return {article.pk: article for article in articles().filter(pk__in=wanted)} if wanted else {}


def period_of(official: OfficialAccount, moment: datetime) -> tuple[datetime, int]:
    """When the day (of a subscription account) or the month (of a service account) began in its time
    zone, and how many broadcasts one follower gets in it."""
    zone = ZoneInfo(official.time_zone)
    start = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if official.kind == OfficialKind.SUBSCRIPTION:
        return start, settings.BROADCASTS_PER_DAY
    return start.replace(day=1), settings.BROADCASTS_PER_MONTH


def quota_of(official: OfficialAccount) -> tuple[int, int]:
    """Broadcasts of this day or month, and how many one follower may get in it."""
    start, most = period_of(official, time.now())
    used = Broadcast.objects.filter(official=official, sent_at__gte=start).count()
    return used, most


def report_of(broadcast: Broadcast) -> dict[str, int]:
    """Sent, opened, clicked and read; three queries at most."""
    official = broadcast.official
    ref = [broadcast.public_id]
    opened = figures_by_ref(official, Figure.What.RECEIVED, ref)
    clicked = figures_by_ref(official, Figure.What.CLICK, ref)
    read = articles_in([broadcast])
    reads = figures_by_ref(
        official, Figure.What.READ, [article.public_id for article in read.values()]
    )
    return {
        "total": broadcast.total,
        "filtered": broadcast.filtered,
        "sent": broadcast.sent_to,
        "opened": opened.get(broadcast.public_id, 0),
        "clicked": clicked.get(broadcast.public_id, 0),
        "read": sum(reads.values()),
    }


_RECEIVED = f"""
SELECT b.* FROM accounts_broadcast b
JOIN accounts_follow f ON f.official_id = b.official_id AND f.person_id = %(person)s
WHERE b.official_id = %(official)s AND b.status IN ('sent', 'recalled')
  AND b.sent_at > %(after)s AND b.sent_at < %(until)s AND {REACHES.replace("%", "%%")}
ORDER BY b.sent_at DESC LIMIT %(limit)s
"""  # noqa: S608  fixed fragments
_EVER = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
_NEVER = datetime.max.replace(tzinfo=ZoneInfo("UTC")) - timedelta(days=1)


def received(
    person_id: int,
    official_id: int,
    *,
    after: datetime | None = None,
    until: datetime | None = None,
    limit: int,
) -> list[Broadcast]:
    """What this person got from this account between two moments, the oldest first and of more than
    `limit` the newest; one query."""
    values: dict[str, Any] = {
        "person": person_id,
        "official": official_id,
        "after": after or _EVER,
        "until": until or _NEVER,
        "limit": limit,
    }
    return list(Broadcast.objects.raw(_RECEIVED, values))[::-1]


def received_page(
    person: Account, official: OfficialAccount, *, until: datetime | None = None
) -> list[Broadcast]:
    """A page of what the person got, the latest first."""
    return received(person.pk, official.pk, until=until, limit=settings.ARTICLES_PAGE + 1)[::-1]


def broadcasts_previewed(viewer: Account, refs: Collection[str]) -> dict[str, Broadcast]:
    """Broadcasts by public id that were sent to this viewer to look at; one query."""
    seen = Preview.objects.filter(person=viewer, ref__in=list(refs)).values("ref")
    rows = Broadcast.objects.filter(public_id__in=seen).select_related("official__account__avatar")
    return {broadcast.public_id: broadcast for broadcast in rows}


def followers_after(official: OfficialAccount, after: int, limit: int) -> list[tuple[int, int]]:
    """(follow pk, account pk) of followers in the order of their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, person_id FROM accounts_follow
            WHERE official_id = %s AND is_following AND id > %s ORDER BY id LIMIT %s
            """,
            [official.pk, after, limit],
        )
        return [(pk, person) for pk, person in cursor.fetchall()]
