"""Killed in the middle: nothing acknowledged is lost, nothing is said twice, nobody misses any."""

import asyncio
import json
import random
import urllib.request

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from chat.actions.worlds import make_bench_world
from chat.models import Message
from ops import services
from tests.sockets.kit import Phone, Server, until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SENDERS = 50
BY_REQUEST = "by-request"


@pytest.fixture
def servers(transactional_db):
    """Two web processes on one database and one Valkey."""
    pair = [Server(), Server()]
    for server in pair:
        server.start()
    yield pair
    for server in pair:
        server.stop()


async def everybody(servers):
    made = await sync_to_async(make_bench_world)(users=SENDERS, groups=1, size=SENDERS)
    room = made[0].groups[0]
    return room, [
        Phone(one.token, room, servers if one.user % 2 else servers[::-1]) for one in made
    ]


async def talk(phones, seconds):
    """Everybody says something every now and then."""
    said = []
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        for phone in random.sample(phones, 10):
            said.append(phone.say(f"line {len(said)}"))
        await asyncio.sleep(0.05)
    return said


async def check(phones, said):
    """Every line is stored once, in order without holes, and was shown once to everybody."""
    await until(lambda: not any(p.unsent for p in phones), 30, "every line to be acknowledged")
    stored = {
        m.seq: m.client_id
        async for m in Message.objects.exclude(kind="system").only("seq", "client_id")
    }
    assert sorted(stored) == list(range(1, len(said) + 1))
    assert sorted(stored.values()) == sorted(said)
    await until(lambda: all(len(p.seen) == len(said) for p in phones), 30, "everybody to catch up")
    assert [p.doubles for p in phones] == [0] * len(phones)
    assert all(p.seen == stored for p in phones)
    acked = {client_id: seq for p in phones for client_id, seq in p.acked.items()}
    assert acked == {client_id: seq for seq, client_id in stored.items() if client_id != BY_REQUEST}


async def finish(phones):
    await asyncio.gather(*(phone.stop() for phone in phones))
    await sync_to_async(connections.close_all)()


async def test_a_web_process_is_killed_while_fifty_people_write(servers):
    _room, phones = await everybody(servers)
    said = await talk(phones, 2)
    servers[0].kill()
    said += await talk(phones, 2)
    await sync_to_async(servers[0].start)()
    said += await talk(phones, 2)
    servers[1].kill()
    said += await talk(phones, 1)
    await sync_to_async(servers[1].start)()
    await check(phones, said)
    await finish(phones)


async def test_valkey_goes_away_and_comes_back_under_load(transactional_db, tmp_path):
    with services.throwaway() as own:
        pair = [Server(REDIS_URL=own.environment()["REDIS_URL"]) for _ in range(2)]
        for server in pair:
            await sync_to_async(server.start)()
        try:
            room, phones = await everybody(pair)
            said = await talk(phones, 2)
            own.valkey.stop()
            said += await talk(phones, 3)
            await sync_to_async(post_by_request)(pair[0], phones[0], room)
            said.append(BY_REQUEST)
            own.valkey.launch()
            said += await talk(phones, 2)
            await check(phones, said)
            await finish(phones)
        finally:
            for server in pair:
                await sync_to_async(server.stop)()


def post_by_request(server, phone, room):
    """A program without a socket says something meanwhile."""
    request = urllib.request.Request(
        f"{server.url}/api/v1/conversations/{room}/messages/",
        data=json.dumps({"client_id": BY_REQUEST, "text": "still here"}).encode(),
        headers={
            "Authorization": f"Bearer {phone._token}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 201
