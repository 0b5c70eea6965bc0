"""What programs are told: written with what happened, sent by accounts.courier, then a log.

A follower's pushes are sent one after the other, in the order in which they were written; those of
different followers do not wait for each other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from accounts import queries
from accounts.actions.media import keep_sent_media
from accounts.models import Callback, Follow, OfficialAccount, ProgramCard, Push
from accounts.ports import EventKind, OfficialEvent, program_silent
from accounts.states import PUSH_OPEN, PushStatus
from superapp.kernel import limits, time
from superapp.kernel.models import StoredFile

Field = tuple[str, Any]
# What a program gets for a message that the platform has no type for, in the platform's words.
UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
_SCALE = 16
_VOICES = {"audio/amr": "amr", "audio/mpeg": "mp3"}
_ring: Callable[[Sequence[int]], None] | None = None


def set_bell(ring: Callable[[Sequence[int]], None]) -> None:
    """Called by accounts.tasks: how to wake the courier for some accounts."""
    global _ring
    _ring = ring


def on_official_events(happened: Sequence[OfficialEvent]) -> None:
    """Accounts whose program listens tell it, in the transaction in which it happened."""
    heard = [event for event in happened if event.official.is_server_mode]
    _write([(event.follow, *_told(event), event.at) for event in heard])


def _write(told: Sequence[tuple[Follow, str, Sequence[Field], datetime]]) -> None:
    rows = [
        Push(
            official=follow.official,
            follow=follow,
            kind=kind,
            created_at=at,
            fields=[
                ("ToUserName", follow.official.original_id),
                ("FromUserName", follow.openid),
                ("CreateTime", int(at.timestamp())),
                *fields,
            ],
        )
        for follow, kind, fields, at in told
        if kind
    ]
    if rows:
        Push.objects.bulk_create(rows)
        officials = sorted({row.official_id for row in rows})
        transaction.on_commit(lambda: _ring and _ring(officials), robust=True)


def _told(event: OfficialEvent) -> tuple[str, Sequence[Field]]:
    """The type of a push and its fields; nothing for what the platform does not tell."""
    if event.kind == EventKind.MESSAGE:
        kind, fields = _message(event.facts)
        return kind, [("MsgType", kind), *fields, ("MsgId", event.facts["message"])]
    name, fields = _event(event.kind, event.facts)
    return name, [("MsgType", "event"), ("Event", name), *fields]


def _event(kind: EventKind, facts: Mapping[str, Any]) -> tuple[str, list[Field]]:
    code = [("EventKey", facts.get("scene", "")), ("Ticket", facts.get("ticket", ""))]
    if kind == EventKind.SUBSCRIBE:
        by_code = [("EventKey", f"qrscene_{facts['scene']}"), code[1]] if facts else []
        return "subscribe", by_code
    if kind == EventKind.SCAN:
        return "SCAN", code
    if kind == EventKind.VIEW:
        return "VIEW", [("EventKey", facts["url"])]
    if kind == EventKind.LOCATION:
        place = [(name.title(), facts[name]) for name in ("latitude", "longitude", "precision")]
        return "LOCATION", place
    if kind == EventKind.CLICK:
        # Words of the menu are said by us.
        return ("CLICK", [("EventKey", facts["key"])]) if facts.get("key") else ("", [])
    if kind == EventKind.TEMPLATE_FINISHED:
        done = [("MsgID", facts["msgid"]), ("Status", facts["status"])]
        return "TEMPLATESENDJOBFINISH", done
    return ("unsubscribe", []) if kind == EventKind.UNSUBSCRIBE else ("", [])


def _message(facts: Mapping[str, Any]) -> tuple[str, list[Field]]:
    body, kind = facts["body"], facts["type"]
    if kind == "location":
        label = body.get("address") or body.get("name", "")
        place = [("Location_X", body["lat"]), ("Location_Y", body["lng"])]
        return kind, [*place, ("Scale", body.get("scale", _SCALE)), ("Label", label)]
    if kind in {"image", "voice", "video"} and facts.get("file"):
        return _file(kind, body, facts["file"])
    if kind == "card" and body.get("card") == ProgramCard.Kind.NEWS:
        return _link(body["ref"])
    return "text", [("Content", facts["text"] if kind == "text" else UNSUPPORTED), *_tapped(body)]


def _link(ref: str) -> tuple[str, list[Field]]:
    """A page that the follower shares: the first of a card's articles."""
    card = queries.program_cards([ref]).get(ref)
    article = card.facts["articles"][0] if card else {}
    shown = ("title", "description", "url")
    return "link", [(name.title(), article.get(name, "")) for name in shown]


def _tapped(body: Mapping[str, Any]) -> list[Field]:
    """Which item of a program's menu was tapped."""
    return [("bizmsgmenuid", body["menu_item"])] if "menu_item" in body else []


def _file(kind: str, body: Mapping[str, Any], file: int) -> tuple[str, list[Field]]:
    medium: dict[str, Any] = {"media": kind, "file": file}
    if kind == "image":
        return kind, [("PicUrl", {**medium, "as": "address"}), ("MediaId", medium)]
    if kind == "voice":
        heard = str(body.get("type", ""))
        said = _VOICES.get(heard, heard.partition("/")[2])
        return kind, [("MediaId", medium), ("Format", said)]
    name = "shortvideo" if body.get("is_short") else kind
    return name, [("MediaId", medium), ("ThumbMediaId", "")]


# -- for the courier


@dataclass(frozen=True, slots=True)
class Parcel:
    """A push on its way."""

    push_id: int
    official_id: int
    appid: str
    openid: str
    fields: Sequence[Field]
    callback: Callback

    @property
    def has_files(self) -> bool:
        return any(isinstance(value, dict) for _name, value in self.fields)


@dataclass(frozen=True, slots=True)
class End:
    """How it ended: what the last try ran into ("" for none), and how long it took."""

    parcel: Parcel
    tries: int
    milliseconds: int
    trouble: str = ""
    body: bytes = b""


_CLAIM = """
    WITH due AS (
        SELECT found.id FROM unnest(%s::bigint[], %s::int[]) AS lane(official, room)
        CROSS JOIN LATERAL (
            SELECT push.id FROM accounts_push push
            WHERE push.official_id = lane.official AND push.status = 'waiting'
            AND NOT EXISTS (
                SELECT 1 FROM accounts_push older WHERE older.follow_id = push.follow_id
                AND older.id < push.id AND older.status IN ('waiting', 'sending')
            )
            ORDER BY push.id LIMIT lane.room FOR UPDATE OF push SKIP LOCKED
        ) found
    )
    UPDATE accounts_push SET status = 'sending', leased_until = %s
    FROM due WHERE accounts_push.id = due.id RETURNING accounts_push.id
"""


_END = """
    UPDATE accounts_push SET status = ended.status, outcome = ended.outcome, tries = ended.tries,
        milliseconds = ended.milliseconds, ended_at = %s, leased_until = NULL, fields = '[]'
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[])
        AS ended(id, status, outcome, tries, milliseconds)
    WHERE accounts_push.id = ended.id AND accounts_push.status = 'sending'
"""


def claim_pushes(*, room: Mapping[int, int]) -> list[Parcel]:
    """Take the next pushes of these accounts (primary key → how many at most), oldest first, at
    most one of a follower's at a time. Whoever takes one must end it within its lease."""
    lease = timedelta(seconds=settings.PUSH_SECONDS * (settings.PUSH_TRIES + 1) + 30)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(room), list(room.values()), time.now() + lease])
        claimed = [pk for (pk,) in cursor.fetchall()]
    rows = Push.objects.filter(pk__in=claimed).select_related("follow", "official__callback")
    parcels, orphans = [], []
    for row in rows.order_by("pk"):
        callback = getattr(row.official, "callback", None)
        if callback is None:  # given up since
            orphans.append(row.pk)
            continue
        parcels.append(
            Parcel(
                push_id=row.pk,
                official_id=row.official_id,
                appid=row.official.appid,
                openid=row.follow.openid,
                fields=[(name, value) for name, value in row.fields],
                callback=callback,
            )
        )
    _drop(Push.objects.filter(pk__in=orphans)) if orphans else None
    return parcels


def fill_push(*, parcel: Parcel) -> list[Field]:
    """The fields with files of the follower named as programs fetch them."""
    official = OfficialAccount.objects.get(pk=parcel.official_id)
    return [(name, _filled(official, parcel.push_id, value)) for name, value in parcel.fields]


def _filled(official: OfficialAccount, push_id: int, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    stored = StoredFile.objects.filter(pk=value["file"]).first()
    if stored is None:  # taken back meanwhile
        return ""
    medium = keep_sent_media(
        official=official, kind=value["media"], stored=stored, origin=f"push:{push_id}"
    )
    is_address = value.get("as") == "address"
    return f"{settings.PUSH_ORIGIN}{medium.get_absolute_url()}" if is_address else medium.media_id


def end_pushes(*, ends: Sequence[End], outcome: str = "ok") -> None:
    """Write down how they ended; a follower whose account did not take one may be told so."""
    if not ends:
        return
    moment = time.now()
    rows = zip(*(_ended(end, outcome) for end in ends), strict=True)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_END, [moment, *map(list, rows)])
        _note_health(ends, moment)
    for end in ends:
        if end.trouble:
            _apologise(end.parcel)


def _ended(end: End, outcome: str) -> tuple[int, str, str, int, int]:
    status = PushStatus.FAILED if end.trouble else PushStatus.DONE
    said = (end.trouble or outcome)[:40]
    return end.parcel.push_id, str(status), said, end.tries, end.milliseconds


def _note_health(ends: Sequence[End], moment: datetime) -> None:
    failed = {end.parcel.official_id: end.trouble for end in ends if end.trouble}
    well = {end.parcel.official_id for end in ends} - set(failed)
    if well:
        Callback.objects.filter(official__in=well, failing_since__isnull=False).update(
            failing_since=None, trouble=""
        )
    for official, trouble in failed.items():
        Callback.objects.filter(official=official).update(
            failing_since=Coalesce(F("failing_since"), Value(moment)), trouble=trouble[:40]
        )


def _apologise(parcel: Parcel) -> None:
    follow = queries.follow_by_push(parcel.push_id)
    if follow is None or not follow.is_following:
        return
    pace = 1 / settings.PUSH_APOLOGY_SECONDS
    if not limits.spend("push-apology", follow.pk, burst=1, per_second=pace).is_spent:
        program_silent(follow)


def sweep_pushes() -> list[int]:
    """Let go of what nobody could send in time, and of leases that are over. Returns the accounts
    (primary keys) that still have something to send."""
    moment = time.now()
    open_ = Push.objects.filter(status__in=PUSH_OPEN)
    open_.filter(status=PushStatus.SENDING, leased_until__lt=moment).update(
        status=PushStatus.WAITING, leased_until=None
    )
    late = moment - timedelta(seconds=settings.PUSH_LATE_SECONDS)
    _drop(Push.objects.filter(status=PushStatus.WAITING, created_at__lt=late))
    return queries.waiting_for_programs()


def _drop(rows: Any) -> None:
    rows.update(
        status=PushStatus.LATE, outcome="late", ended_at=time.now(), fields=[], leased_until=None
    )


def forget_pushes() -> None:
    """The log stays PUSH_LOG_DAYS, and PUSH_LOG_ROWS of an account."""
    before = time.now() - timedelta(days=settings.PUSH_LOG_DAYS)
    over = Push.objects.exclude(status__in=PUSH_OPEN)
    over.filter(created_at__lt=before).delete()
    for official in Callback.objects.values_list("official_id", flat=True):
        edge = (
            over.filter(official=official)
            .order_by("-pk")
            .values_list("pk", flat=True)[settings.PUSH_LOG_ROWS : settings.PUSH_LOG_ROWS + 1]
        )
        for pk in edge:
            over.filter(official=official, pk__lte=pk).delete()
