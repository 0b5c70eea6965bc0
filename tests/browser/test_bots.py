"""Bots written for WeChat, unmodified and in processes of their own, led here by sdk/ alone.

A developer sets one up in the console; a person writes to it from a phone.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import expect

from accounts import actions, courier
from accounts.actions import pushes
from accounts.models import Follow
from tests import cast
from tests.browser.kit import PHONE
from tests.official import businesses

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS, SDK = ROOT / "tests" / "wechat" / "programs", ROOT / "sdk"
TOKEN = "tokenhere"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture
def shop(transactional_db):
    mei = cast.make_person("Mei")
    return businesses.publish(mei, "Noodles", businesses.make_reviewer())


@pytest.fixture
def delivered():
    """Pushes leave from this process, as they do in one of the deliveries queue."""
    before = pushes._ring
    pushes.set_bell(courier.ring)
    yield
    pushes.set_bell(before)


@pytest.fixture
def start(site, shop, tmp_path):
    """`start("echo_werobot")` → the address at which the program listens."""
    running = []

    def start(name, **more):
        port = _free_port()
        ours = [str(SDK), str(SDK / "site"), os.environ.get("PYTHONPATH", "")]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, ours)),
            "WX_BASE_URL": site.url,
            "BOT_TOKEN": TOKEN,
            "BOT_PORT": str(port),
            **more,
        }
        program = [sys.executable, str(PROGRAMS / f"{name}.py")]
        running.append(
            subprocess.Popen(
                program,
                cwd=tmp_path,  # WeRoBot keeps its sessions in a file where it stands
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        _wait_for(port, running[-1])
        return f"http://127.0.0.1:{port}/"

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=10)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(port, process):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, process.stdout.read().decode()
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the program does not listen")


async def test_an_echo_bot_of_werobot_answers_a_person(browse, alice, shop, start, delivered):
    desk = await browse(shop.owner)
    page = desk.page
    await desk.goto("/business/accounts/program/")
    await page.get_by_role("link", name="Set up a server").click()
    await desk.axe()
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_label("Address").fill("http://127.0.0.1:9/")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("did not answer the test")).to_be_visible()
    await desk.shot("programs-server-refused")
    url = await asyncio.to_thread(start, "echo_werobot")
    await page.get_by_label("Address").fill(url)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text(url)).to_be_visible()
    at_alice = await browse(alice, size=PHONE)
    phone = at_alice.page
    await at_alice.goto("/official/?words=nood")
    await phone.get_by_role("link", name="Noodles").click()
    await phone.get_by_role("button", name="Follow", exact=True).click()
    await expect(phone.get_by_text("Welcome to the robot!").last).to_be_visible()
    await phone.get_by_label("Message to Noodles").fill("你好 <b>bot</b>")
    await phone.get_by_role("button", name="Send", exact=True).click()
    await expect(phone.locator(".bubble__text", has_text="你好 <b>bot</b>")).to_have_count(2)
    await at_alice.shot("bot-echo")
    await desk.goto("/business/accounts/push/")
    await expect(page.get_by_text("subscribe")).to_be_visible()
    await desk.axe()
    await desk.shot("programs-deliveries")
    await desk.goto("/business/accounts/program/")
    await desk.axe()
    await desk.shot("programs-served")
    await page.get_by_role("link", name="Listen no more").click()
    await page.get_by_role("button", name="Listen no more").click()
    await expect(page.get_by_role("link", name="Set up a server")).to_be_visible()


async def test_a_server_on_wechatpy_answers_and_speaks_first(browse, alice, shop, start, delivered):
    def prepare():
        follow = actions.follow_official(person=alice, official=shop)
        return follow, actions.reset_program_secret(official=shop, actor=shop.owner)

    follow, secret = await sync_to_async(prepare)()
    url = await asyncio.to_thread(start, "waiter_wechatpy", BOT_APPID=shop.appid, BOT_SECRET=secret)
    await sync_to_async(actions.save_callback)(
        official=shop, actor=shop.owner, url=url, token=TOKEN, aes_key=AES_KEY, mode="plain"
    )
    visit = await browse(alice, size=PHONE)
    page = visit.page
    await visit.goto(f"/chats/with/{shop.account.public_id}/")
    await page.get_by_label("Message to Noodles").fill("wonton soup")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("One wonton soup, coming up.").last).to_be_visible()
    await expect(page.get_by_text("Your wonton soup is ready.").last).to_be_visible()
    await visit.shot("bot-waiter")
    remark = await sync_to_async(lambda: Follow.objects.get(pk=follow.pk).remark)()
    assert remark == "Likes wonton soup"
