"""The door of /ws/: who comes in, what is refused, and who is put out."""

import asyncio
import json

import pytest
import pytest_asyncio
import websockets
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import Client

from accounts import actions as people
from chat import actions
from chat.models import Message
from tests import cast
from tests.sockets.kit import Server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
_open = []


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    """One for all of these tests: what it remembers goes by person, and each test has its own."""
    started = Server(SUPERAPP_SEND_BURST="5", SUPERAPP_SEND_PER_SECOND="1")
    started.start()
    yield started
    started.stop()
    with django_db_blocker.unblock():
        connections.close_all()


@pytest_asyncio.fixture(autouse=True)
async def _lines(transactional_db):
    """The connections of one test end with it."""
    yield
    for socket in _open:
        await socket.close()
    _open.clear()


@pytest.fixture
def pair(server, transactional_db):
    """Alice and Bob with a chat; Carol knows neither."""
    alice, bob, carol = (cast.make_person(name) for name in ("Alice", "Bob", "Carol"))
    cast.make_friends(alice, bob)
    chat = actions.open_direct(viewer=alice, other=bob)
    connections.close_all()
    return alice, bob, carol, chat.public_id


def cookie_of(account):
    client = Client()
    client.force_login(account.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    connections.close_all()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def enter(server, account, **headers):
    cookie = await sync_to_async(cookie_of)(account)
    given = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}",
        "Origin": server.url,
        **headers,
    }
    given = {name: value for name, value in given.items() if value}
    _open.append(await websockets.connect(server.ws, additional_headers=given))
    return _open[-1]


async def hear(socket, kind):
    """The next frame of this kind."""
    while True:
        said = json.loads(await asyncio.wait_for(socket.recv(), 5))
        for frame in said if isinstance(said, list) else [said]:
            if frame["t"] == kind:
                return frame


async def closing_code(socket):
    async with asyncio.timeout(8):
        await socket.wait_closed()
    return socket.close_code


async def test_bob_hears_alice_and_carol_hears_nothing(server, pair):
    alice, bob, carol, chat = pair
    at_alice, at_bob, at_carol = [await enter(server, who) for who in (alice, bob, carol)]
    for socket in (at_alice, at_bob, at_carol):
        await hear(socket, "hello")
    await at_alice.send(json.dumps({"t": "send", "id": "one", "c": chat, "text": "hello"}))
    ack = await hear(at_alice, "ack")
    event = await hear(at_bob, "event")
    assert (ack["id"], ack["c"], event["text"], event["seq"]) == ("one", chat, "hello", ack["seq"])
    await at_carol.send(json.dumps({"t": "send", "id": "x", "c": chat, "text": "let me in"}))
    assert (await hear(at_carol, "refused"))["code"] == "chat.conversation_not_found"
    await at_carol.send(json.dumps({"t": "sync", "c": {chat: [0, 0]}}))
    synced = await hear(at_carol, "synced")
    assert (synced["c"], synced["gone"]) == ({}, [chat])
    assert await sync_to_async(Message.objects.filter(kind="text").count)() == 1


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "[]",
        '"send"',
        '{"t":"unknown"}',
        '{"t":"send"}',
        '{"t":"send","id":1,"c":"x"}',
        '{"t":"send","id":"a","c":"x","surprise":1}',
        '{"t":"read","c":"x","seq":"many"}',
        '{"t":"sync","c":{"x":[1]}}',
        "9" * 5000,
        "[" * 5000,
        "x" * 40_000,
    ],
    ids=lambda frame: frame[:30],
)
async def test_nonsense_is_refused_and_the_line_stays(server, pair, frame):
    alice, _bob, _carol, _chat = pair
    socket = await enter(server, alice)
    await hear(socket, "hello")
    await socket.send(frame)
    assert (await hear(socket, "refused"))["code"] == "frame.bad"
    await socket.send('{"t":"ping"}')
    await hear(socket, "pong")


async def test_twenty_pieces_of_nonsense_are_enough(server, pair):
    socket = await enter(server, pair[0])
    for _ in range(settings.SOCKET_BAD_FRAMES_MAX):
        await socket.send("{")
    assert await closing_code(socket) == 4400


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://127.0.0.1",
        "https://127.0.0.1:{port}",
        "http://localhost.evil:{port}",
    ],
)
async def test_foreign_pages_do_not_come_in_on_a_cookie(server, pair, origin):
    socket = await enter(server, pair[0], Origin=origin.format(port=server.port))
    assert await closing_code(socket) == 4403


async def test_nobody_comes_in_without_a_session(server, pair):
    socket = await enter(server, pair[0], Cookie="sessionid=made-up")
    assert await closing_code(socket) == 4401
    socket = await enter(server, pair[0], Cookie="", Authorization="Bearer made-up")
    assert await closing_code(socket) == 4401


async def test_other_addresses_are_no_sockets(server, pair):
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(server.ws.replace("/ws/", "/elsewhere/"))
    assert refused.value.response.status_code == 403


async def test_who_sends_too_fast_is_slowed_down(server, pair):
    alice, _bob, _carol, chat = pair
    socket = await enter(server, alice)
    for number in range(8):
        await socket.send(json.dumps({"t": "send", "id": f"n{number}", "c": chat, "text": "x"}))
    assert (await hear(socket, "refused"))["code"] == "too_many"
    assert await sync_to_async(Message.objects.filter(kind="text").count)() <= 6


async def test_a_suspended_person_is_put_out_at_once(server, pair):
    bob = pair[1]
    socket = await enter(server, bob)
    await hear(socket, "hello")

    def end():
        people.end_all_access(person=bob.person)
        connections.close_all()

    await sync_to_async(end)()
    assert await closing_code(socket) == 4401


async def test_the_twenty_first_connection_replaces_the_first(server, pair):
    alice = pair[0]
    sockets = [await enter(server, alice) for _ in range(settings.SOCKETS_PER_ACCOUNT)]
    sockets.append(await enter(server, alice))
    assert await closing_code(sockets[0]) == 4408
    await sockets[-1].send('{"t":"ping"}')
    await hear(sockets[-1], "pong")
