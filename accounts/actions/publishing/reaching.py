"""Whom a broadcast reaches: decided when it is sent, looked up when it is read.

Only where some followers are left out, or a tag is aimed at, are they listed, a thousand a row.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from accounts import queries
from accounts.models import Broadcast, Follow, Listed
from accounts.queries.publishing.reach import REACHES
from accounts.states import BroadcastAim, BroadcastReach, BroadcastStatus

# Followers aimed at (f), how many broadcasts of this day or month each got already.
_AIMED = "f.official_id = %(official)s AND f.is_following"
_TAGGED = (
    " AND EXISTS (SELECT FROM accounts_follow_tags t WHERE t.follow_id = f.id"
    " AND t.followertag_id = %(tag)s)"
)
_HAD_ENOUGH = f"""
    (SELECT count(*) FROM accounts_broadcast b
     WHERE b.official_id = %(official)s AND b.status IN ('sent', 'recalled')
       AND b.sent_at >= %(since)s AND {REACHES.replace("%", "%%")}) >= %(most)s
"""  # noqa: S608  fixed fragments
_LIST = """
INSERT INTO accounts_listed (broadcast_id, block, places)
SELECT %(broadcast)s, f.id / {size}, array_agg((f.id %% {size})::smallint ORDER BY f.id)
FROM accounts_follow f WHERE {which} GROUP BY f.id / {size}
"""


def reach(broadcast: Broadcast, moment: datetime) -> dict[str, Any]:
    """Decide whom it reaches, list where that is not simply everybody, and count."""
    official = broadcast.official
    since, most = queries.publishing.period_of(official, moment)
    earlier = Broadcast.objects.filter(
        official=official,
        status__in=[BroadcastStatus.SENT, BroadcastStatus.RECALLED],
        sent_at__gte=since,
    ).count()
    is_tight = earlier >= most
    values = {
        "official": official.pk,
        "broadcast": broadcast.pk,
        "tag": broadcast.tag_id,
        "since": since,
        "most": most,
    }
    aimed = _AIMED + (_TAGGED if broadcast.aim == BroadcastAim.TAG else "")
    out = f"(f.is_blacklisted OR {_HAD_ENOUGH})" if is_tight else "f.is_blacklisted"
    if broadcast.aim == BroadcastAim.TAG:
        _list(f"{aimed} AND NOT {out}", values)
        kind = BroadcastReach.ONLY
    elif is_tight or Follow.objects.filter(official=official, is_blacklisted=True).exists():
        _list(f"{aimed} AND {out}", values)
        kind = BroadcastReach.BUT
    else:
        kind = BroadcastReach.ALL
    total = _count(aimed, values)
    listed = sum(len(row.places) for row in Listed.objects.filter(broadcast=broadcast))
    filtered = {
        BroadcastReach.ALL: 0,
        BroadcastReach.BUT: listed,
        BroadcastReach.ONLY: total - listed,
    }[kind]
    return {"reach": kind, "total": total, "filtered": filtered}


def _list(which: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LIST.format(size=Listed.SIZE, which=which), values)


def _count(which: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM accounts_follow f WHERE {which}", values)  # noqa: S608  fixed fragments
        (found,) = cursor.fetchone()
    return int(found)
