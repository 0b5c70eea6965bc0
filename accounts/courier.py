"""The courier: takes pushes to the servers of programs, many at once, without a thread each.

One per process of the deliveries queue. Every account has a lane of its own: at most PUSH_LANE of
its pushes are under way, PUSH_LANE_AILING when its program failed last, so that servers which are
slow or silent hold nobody up but their own followers.
"""

import asyncio
import logging
import threading
import time as clock
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections, connections

from accounts.actions import pushes, replies
from accounts.actions.pushes import End, Parcel
from accounts.states import CallbackMode
from superapp.kernel import fetch, wechat

log = logging.getLogger(__name__)
T = TypeVar("T")
Field = tuple[str, Any]


class Courier:
    def __init__(self) -> None:
        self._wanted: set[int] = set()
        self._under_way: Counter[int] = Counter()
        self._ailing: set[int] = set()
        self._ended: list[End] = []
        self._bell = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # One connection asks and writes down; some more say what programs answer.
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="push-clerk")
        self._speakers = ThreadPoolExecutor(
            settings.PUSH_ANSWER_THREADS, thread_name_prefix="push-answer"
        )

    def want(self, officials: Iterable[int]) -> None:
        """These accounts may have something to send."""
        self._wanted.update(officials)
        self._bell.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                await self._turn()
            except Exception:  # the database is away, say: the next sweep rings again
                log.exception("courier")
                await asyncio.sleep(1)

    async def run_until_idle(self) -> None:
        """Until nothing can be sent: for tests."""
        while self._bell.is_set() or self._tasks:
            self._bell.clear()
            await self._turn()
            if self._tasks and not self._bell.is_set():
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    def close(self) -> None:
        """Give back the connections of its threads."""
        for pool, size in ((self._clerk, 1), (self._speakers, settings.PUSH_ANSWER_THREADS)):
            everybody = threading.Barrier(size)
            list(pool.map(_closed, [everybody] * size))
            pool.shutdown()

    async def _turn(self) -> None:
        """Write down what has ended and take what is next, as one errand of the clerk."""
        ended, self._ended = self._ended, []
        room = self._room()
        self._wanted -= set(room)
        try:
            parcels = await self._ask(self._clerk, _errand, ended, room)
        except Exception:
            self._ended[:0] = ended
            raise
        for parcel in parcels:
            self._under_way[parcel.official_id] += 1
            task = asyncio.create_task(self._deliver(parcel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _room(self) -> dict[int, int]:
        """account → how many more of its pushes may be under way; full lanes wait for an end."""
        free = settings.PUSH_AT_ONCE - self._under_way.total()
        room: dict[int, int] = {}
        for official in self._wanted:
            lane = settings.PUSH_LANE_AILING if official in self._ailing else settings.PUSH_LANE
            more = min(lane - self._under_way[official], free)
            if more > 0:
                room[official] = more
                free -= more
        return room

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            fields = parcel.fields
            if parcel.has_files:
                fields = await self._ask(self._speakers, partial(pushes.fill_push, parcel=parcel))
            end = await self._tried(parcel, fields)
            if end.trouble or replies.says_nothing(body=end.body):
                self._ended.append(end)
            else:
                await self._ask(self._speakers, partial(replies.answer_push, end=end))
        except Exception as error:  # a fault of ours must not hold up the follower's line
            log.exception("push %s", parcel.push_id)
            self._ended.append(End(parcel, 0, 0, f"error: {type(error).__name__}"))
        finally:
            self._under_way[parcel.official_id] -= 1
            if not self._under_way[parcel.official_id]:
                del self._under_way[parcel.official_id]
            self.want([parcel.official_id])

    async def _tried(self, parcel: Parcel, fields: Sequence[Field]) -> End:
        trouble, milliseconds, tries = "", 0, 0
        for tries in range(1, settings.PUSH_TRIES + 1):
            began = clock.monotonic()
            trouble, body = await _try(parcel, fields)
            milliseconds = int((clock.monotonic() - began) * 1000)
            if not trouble:
                self._ailing.discard(parcel.official_id)
                return End(parcel, tries, milliseconds, "", body)
            self._ailing.add(parcel.official_id)
        return End(parcel, tries, milliseconds, trouble)

    async def _ask(self, pool: ThreadPoolExecutor, errand: Callable[..., T], *given: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, _with_connection, errand, *given)


def _closed(everybody: threading.Barrier) -> None:
    everybody.wait()
    connections.close_all()


def _with_connection(errand: Callable[..., T], *given: Any) -> T:
    close_old_connections()
    try:
        return errand(*given)
    finally:
        close_old_connections()


def _errand(ended: Sequence[End], room: dict[int, int]) -> list[Parcel]:
    pushes.end_pushes(ends=ended)
    return pushes.claim_pushes(room=room) if room else []


async def _try(parcel: Parcel, fields: Sequence[Field]) -> tuple[str, bytes]:
    """What went wrong ("" for nothing) and the answer."""
    address, body = _written(parcel, fields)
    try:
        answer = await fetch.ask(
            "POST",
            address,
            body,
            content_type="text/xml; charset=utf-8",
            seconds=settings.PUSH_SECONDS,
            limit=settings.WECHAT_REPLY_MAX,
            may_be_loopback=settings.CALLBACK_LOOPBACK,
        )
    except fetch.TooSlow:
        return "timeout", b""
    except fetch.Unreachable:
        return "unreachable", b""
    return ("", answer.body) if answer.status == 200 else (f"http {answer.status}", b"")


def _written(parcel: Parcel, fields: Sequence[Field]) -> tuple[str, bytes]:
    """The address and the body of one try, in the account's mode."""
    callback = parcel.callback
    query = {**wechat.signed(callback.token), "openid": parcel.openid}
    xml = wechat.xml_of(fields)
    if callback.mode != CallbackMode.PLAIN:
        sealed = wechat.Seal(callback.aes_key, parcel.appid).closed(xml)
        signed = wechat.signature(callback.token, query["timestamp"], query["nonce"], sealed)
        query |= {"encrypt_type": "aes", "msg_signature": signed}
        shown = fields if callback.mode == CallbackMode.COMPATIBLE else fields[:1]
        xml = wechat.xml_of([*shown, ("Encrypt", sealed)])
    return wechat.address(callback.url, query), xml.encode()


_courier: tuple[Courier, asyncio.AbstractEventLoop] | None = None
_starting = threading.Lock()


def ring(officials: Iterable[int]) -> None:
    """Wake this process's courier for some accounts; the first ring starts it."""
    global _courier
    with _starting:
        if _courier is None:
            _courier = _started()
    courier, loop = _courier
    loop.call_soon_threadsafe(courier.want, list(officials))


def _started() -> tuple[Courier, asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    courier = Courier()
    threading.Thread(target=_live, args=(loop, courier.run), name="courier", daemon=True).start()
    return courier, loop


def _live(loop: asyncio.AbstractEventLoop, run: Callable[[], Awaitable[None]]) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(run())
