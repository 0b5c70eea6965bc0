"""Where a program listens: asked before it is believed, and never inside our own network."""

import pytest

from accounts import actions, queries
from accounts.errors import BadCallback, CallbackNotVerified, NoCallback, OfficialNotFound
from accounts.models import Callback
from superapp.kernel.errors import NotAllowed
from tests.official.businesses import hire
from tests.wechat import bots


def save(official, actor, url, **more):
    given = {"token": bots.TOKEN, "aes_key": "", "mode": "plain", **more}
    return actions.save_callback(official=official, actor=actor, url=url, **given)


def test_the_address_is_asked_and_kept(alice, shop, bot):
    kept = save(shop, alice, bot.url, aes_key=bots.AES_KEY, mode="safe")
    assert (kept.url, kept.mode, kept.saved_by) == (bot.url, "safe", alice)
    (asked,) = bot.asked
    assert asked["shop"] == "1", "the query of its own stays"
    assert set(asked) == {"shop", "signature", "timestamp", "nonce", "echostr"}
    shop.refresh_from_db()
    assert shop.is_server_mode


def test_a_wrong_answer_leaves_the_old_settings(alice, served, bot):
    other = bots.Bot(token="another")
    with pytest.raises(CallbackNotVerified):
        save(served, alice, other.url)
    other.close()
    assert Callback.objects.get().url == bot.url
    with pytest.raises(CallbackNotVerified):
        save(served, alice, other.url)  # nobody is there any more
    assert queries.callback_of(served).url == bot.url


@pytest.mark.parametrize(
    "given",
    [
        {"token": "ab"},
        {"token": "with-dash"},
        {"aes_key": "short"},
        {"mode": "safe"},
        {"mode": "secret"},
        {"url": ""},
        {"url": "http://x/" + "y" * 1024},
    ],
)
def test_what_is_misspelt_is_not_even_asked(alice, shop, bot, given):
    with pytest.raises(BadCallback):
        save(shop, alice, **{"url": bot.url, **given})
    assert bot.asked == []
    assert not Callback.objects.exists()


INSIDE = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://2130706433:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "ftp://example.com/",
    "http://user:pw@example.com/",
]


@pytest.mark.parametrize("address", INSIDE)
def test_in_production_no_address_inside_is_asked(alice, shop, bot, settings, address):
    settings.CALLBACK_LOOPBACK = False
    port = bot.server.server_port
    with pytest.raises(CallbackNotVerified):
        save(shop, alice, address.format(port=port))
    assert bot.asked == []


@pytest.mark.parametrize("address", INSIDE[2:3] + INSIDE[4:])
def test_trying_things_out_opens_this_machine_alone(alice, shop, bot, settings, address):
    assert settings.CALLBACK_LOOPBACK
    with pytest.raises(CallbackNotVerified):
        save(shop, alice, address.format(port=bot.server.server_port))


def test_a_redirect_is_no_answer(alice, shop, bot):
    other = bots.Bot()
    other.echo = lambda query: f"<a href='{bot.url}'>"
    with pytest.raises(CallbackNotVerified):
        save(shop, alice, other.url)
    other.close()
    assert bot.asked == []


def test_only_developers_say_where(alice, bob, bobs, shop, bot):
    with pytest.raises(OfficialNotFound):
        save(shop, bob, bot.url)
    hire(shop, alice, bob, "operator")
    with pytest.raises(NotAllowed):
        save(shop, bob, bot.url)
    assert bot.asked == []
    with pytest.raises(NotAllowed):
        actions.drop_callback(official=shop, actor=bob)


def test_without_a_server_the_console_answers_again(alice, served):
    actions.drop_callback(official=served, actor=alice)
    served.refresh_from_db()
    assert not served.is_server_mode
    assert queries.callback_of(served) is None
    with pytest.raises(NoCallback):
        actions.drop_callback(official=served, actor=alice)


def test_the_api_door(alice, shop, bot, client):
    client.force_login(alice.person)
    address = f"/api/v1/business/{shop.account.public_id}/callback/"
    assert client.get(address).json()["code"] == "accounts.no_callback"
    given = {"url": bot.url, "token": bots.TOKEN}
    said = client.post(address, given, content_type="application/json")
    assert said.status_code == 200
    assert (said.json()["url"], said.json()["mode"]) == (bot.url, "plain")
    assert bots.TOKEN not in said.content.decode()
    assert client.get(address).json() == said.json()
    refused = client.post(address, {**given, "token": "other"}, content_type="application/json")
    assert refused.json()["code"] == "accounts.callback_not_verified"
    assert client.delete(address).status_code == 204
