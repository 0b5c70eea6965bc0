"""The courier as it runs: with threads and connections of its own, beside others."""

import asyncio
import threading
import time

import pytest
from django.db import connections

from accounts import actions, queries
from accounts.courier import Courier
from accounts.models import Push
from chat import actions as chats
from chat.models import Message
from superapp.kernel import fetch
from tests import cast
from tests.chat.conftest import say
from tests.official.businesses import make_reviewer, publish
from tests.wechat import bots
from tests.wechat.bots import text

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def shop_of(owner, reviewer, name, bot):
    official = publish(owner, name, reviewer)
    actions.save_callback(official=official, actor=owner, url=bot.url, token=bots.TOKEN)
    return official


def thread_of(person, official):
    actions.follow_official(person=person, official=official)
    return chats.open_service(viewer=person, official=official)


def walk(count=1):
    """So many couriers at once, each on a thread of its own, until all are idle."""

    def live():
        courier = Courier()
        courier.want(queries.waiting_for_programs())
        asyncio.run(courier.run_until_idle())
        courier.close()
        connections.close_all()

    walks = [threading.Thread(target=live) for _ in range(count)]
    for one in walks:
        one.start()
    return walks


@pytest.fixture
def people(transactional_db):
    return cast.make_person("Alice"), cast.make_person("Bob"), make_reviewer()


@pytest.fixture
def listening(settings):
    settings.PUSH_SECONDS = 0.5
    made = [bots.Bot(), bots.Bot()]
    yield made
    for bot in made:
        bot.close()


def test_two_couriers_send_everything_once_and_in_order(people, listening):
    alice, bob, root = people
    bot, _other = listening
    bot.says = lambda found: (
        200,
        text(found, f"re {found['Content']}") if "Content" in found else "",
    )
    thread = thread_of(bob, shop_of(alice, root, "Alice's Tea", bot))
    for number in range(12):
        say(bob, thread, f"n{number}")
    for one in walk(2):
        one.join()
    while queries.waiting_for_programs():  # what one left while the other held it
        walk()[0].join()
    said = [found["Content"] for found in bot.pushes() if "Content" in found]
    assert said == [f"n{number}" for number in range(12)]
    answers = Message.objects.filter(author=thread.memberships.exclude(account=bob).get().account)
    assert list(answers.order_by("pk").values_list("text", flat=True)) == [f"re {s}" for s in said]
    assert set(Push.objects.values_list("status", flat=True)) == {"done"}


def test_a_silent_bot_holds_up_nobody_else(people, listening, settings):
    alice, bob, root = people
    silent, quick = listening
    settings.PUSH_SECONDS = 2
    silent.delays = [30] * 50
    slow = thread_of(bob, shop_of(alice, root, "Alice's Tea", silent))
    others = [cast.make_person(f"Guest {n}") for n in range(6)]
    carol = cast.make_person("Carol")
    cakes = shop_of(carol, root, "Carol's Cakes", quick)
    say(bob, slow, "hello?")
    threads = [(guest, thread_of(guest, cakes)) for guest in others]
    for guest, thread in threads:
        say(guest, thread, f"hi from {guest.name}")
    began = time.monotonic()
    (courier,) = walk()
    while len(quick.heard) < 12 and time.monotonic() < began + 10:  # a subscription and a text each
        time.sleep(0.01)
    assert len(quick.heard) == 12
    assert time.monotonic() - began < 2, "before the first try at the silent one was over"
    courier.join()
    assert {p.outcome for p in Push.objects.filter(follow__person=bob)} == {"timeout"}


async def _ask(url, **more):
    given = {"seconds": 1, "limit": 1000, "may_be_loopback": True, **more}
    return await fetch.ask("GET", url, **given)


def test_what_the_client_does_not_wait_or_read_for(listening):
    bot, _other = listening
    address = f"{bot.url}&timestamp=1&nonce=2&signature=x&echostr=yes"
    assert asyncio.run(_ask(address)).body == b"no"
    bot.echo = lambda query: "x" * 5000
    with pytest.raises(fetch.Unreachable):
        asyncio.run(_ask(address))
    bot.echo = lambda query: time.sleep(3) or "late"
    began = time.monotonic()
    with pytest.raises(fetch.TooSlow):
        asyncio.run(_ask(address, seconds=0.3))
    assert time.monotonic() - began < 1
    with pytest.raises(fetch.Unreachable):
        asyncio.run(_ask(address, may_be_loopback=False))


def test_a_name_that_leads_inside_is_refused_at_every_look(monkeypatch):
    asked = []

    def look_up(host, port):
        asked.append(host)
        return ["93.184.216.34", "10.0.0.1"]

    monkeypatch.setattr(fetch, "_looked_up", look_up)
    for may_be_loopback in (True, False):
        with pytest.raises(fetch.Unreachable):
            asyncio.run(_ask("http://rebound.example/", may_be_loopback=may_be_loopback))
    assert asked == ["rebound.example"] * 2
