"""What a program hears of what Bob does: once, in order, in time, and who hears nothing."""

import base64
import io
import struct
import time as clock
from datetime import timedelta

import pytest

from accounts import actions, queries
from accounts.actions import pushes
from accounts.models import Follow, Push
from chat import actions as chats
from chat.models import Message
from superapp.kernel import time, wechat
from tests import cast
from tests.chat.conftest import say
from tests.chat.files import picture
from tests.wechat import bots
from tests.wechat.bots import carry, text

MENU = [
    {"type": "click", "name": "Today", "key": "TODAY"},
    {"type": "view", "name": "Map", "url": "https://example.com/?a=1&b=2"},
    {"type": "text", "name": "Hours", "value": "9 to 5"},
]


def said_to(bob, shop):
    rows = Message.objects.filter(author=shop.account).exclude(kind="system").order_by("pk")
    return list(rows.values_list("text", flat=True))


def test_a_text_arrives_as_it_was_written(bob, bobs, served, bot, thread):
    written = "你好 a<b>&amp; 😀 x]]>y"
    message = say(bob, thread, written)
    carry()
    ((path, query, headers, body),) = bot.heard
    assert body.startswith(b"<xml>")
    assert path.startswith("/wx?shop=1&")
    assert headers["Content-Type"].startswith("text/xml")
    assert query["openid"] == bobs.openid
    signed = wechat.signature(bots.TOKEN, query["timestamp"], query["nonce"])
    assert query["signature"] == signed
    (found,) = bot.pushes()
    assert abs(int(found.pop("CreateTime")) - message.sent_at.timestamp()) < 2
    assert found == {
        "ToUserName": served.original_id,
        "FromUserName": bobs.openid,
        "MsgType": "text",
        "Content": written,
        "MsgId": str(message.pk),
    }
    push = Push.objects.get()
    assert (push.status, push.outcome, push.tries, push.fields) == ("done", "ok", 1, [])


def test_an_account_without_a_program_writes_nothing_down(bob, bobs, shop, thread):
    say(bob, thread, "hello")
    actions.unfollow_official(person=bob, official=shop)
    assert not Push.objects.exists()


def test_events(bob, alice, served, bot):
    actions.save_menu_draft(official=served, actor=alice, buttons=MENU)
    actions.publish_menu(official=served, actor=alice)
    number = actions.make_scene(official=served, scene_id=4711, seconds=60)
    words = actions.make_scene(official=served, scene_str="桌_7", seconds=None)
    follow = actions.scan_scene(person=bob, scene=number)
    actions.scan_scene(person=bob, scene=words)
    for path in "012":
        actions.press_menu(person=bob, official=served, path=path)
    actions.report_location(
        person=bob, official=served, latitude=23.1, longitude=113.3, precision=20
    )
    actions.unfollow_official(person=bob, official=served)
    actions.follow_official(person=bob, official=served)
    carry()
    left_out = {"ToUserName", "FromUserName", "CreateTime", "MsgType"}
    assert {found["FromUserName"] for found in bot.pushes()} == {follow.openid}
    assert {found["MsgType"] for found in bot.pushes()} == {"event"}
    assert [{k: v for k, v in p.items() if k not in left_out} for p in bot.pushes()] == [
        {"Event": "subscribe", "EventKey": "qrscene_4711", "Ticket": number.ticket},
        {"Event": "SCAN", "EventKey": "桌_7", "Ticket": words.ticket},
        {"Event": "CLICK", "EventKey": "TODAY"},
        {"Event": "VIEW", "EventKey": "https://example.com/?a=1&b=2"},
        {"Event": "LOCATION", "Latitude": "23.1", "Longitude": "113.3", "Precision": "20"},
        {"Event": "unsubscribe"},
        {"Event": "subscribe"},
    ]


def test_places_and_shared_pages_and_what_has_no_type(bob, bobs, served, bot, thread):
    body = {"lat": 23.134521, "lng": 113.358803, "scale": 20, "name": "位置"}
    say(bob, thread, "", kind="location", body=body)
    article = {"title": "官网", "description": "d", "url": "http://example.com/?a=1&b=2"}
    shown = chats.say_for_program(
        official=served,
        follow=queries.follow_of(bob, served),
        voice=chats.REPLY,
        said={"msgtype": "news", "news": {"articles": [article]}},
        client_id="news",
    )
    place = {"actor": bob, "source_id": thread.public_id, "target_id": thread.public_id}
    chats.forward_one_by_one(**place, seqs=[shown.seq], client_id="again")
    carry()
    where, link = bot.pushes()
    assert (where["Location_X"], where["Location_Y"]) == ("23.134521", "113.358803")
    assert (where["Scale"], where["Label"]) == ("20", "位置")
    assert [link[k] for k in ("MsgType", "Title", "Url")] == ["link", "官网", article["url"]]


def test_a_slow_answer_is_asked_for_again_with_the_same_number(bob, bobs, served, bot, thread):
    bot.delays = [0.6, 0.6]
    bot.says = lambda found: (200, text(found, "at last"))
    say(bob, thread, "hello?")
    carry()
    first, second, third = bot.pushes()
    assert first["MsgId"] == second["MsgId"] == third["MsgId"]
    assert said_to(bob, served) == ["at last"]
    push = Push.objects.get()
    assert (push.status, push.outcome, push.tries) == ("done", "replied", 3)


def test_after_three_tries_bob_reads_that_nobody_answers(bob, bobs, served, bot, thread):
    bot.says = lambda found: (500, "oops")
    say(bob, thread, "one")
    say(bob, thread, "two")
    carry()
    assert [found["Content"] for found in bot.pushes()] == ["one"] * 3 + ["two"] * 3
    notices = Message.objects.filter(kind="system", body__code="program_silent")
    assert notices.count() == 1, "not for every message"
    assert list(Push.objects.values_list("status", "outcome")) == [("failed", "http 500")] * 2
    callback = queries.callback_of(served)
    assert callback.failing_since is not None
    assert callback.trouble == "http 500"
    bot.says = lambda found: (200, "")
    say(bob, thread, "three")
    carry()
    assert queries.callback_of(served).failing_since is None


def test_redirects_lead_nowhere(bob, bobs, served, bot, thread):
    inner = bots.Bot()
    bot.says = lambda found: (302, inner.url)
    say(bob, thread, "hello")
    carry()
    assert Push.objects.get().outcome == "http 302"
    assert inner.heard == []
    inner.close()


def test_bob_and_dora_do_not_wait_for_each_other_but_bobs_words_stay_in_order(
    bob, bobs, served, bot, thread, settings
):
    dora = cast.make_person("Dora")
    actions.follow_official(person=dora, official=served)
    hers = chats.open_service(viewer=dora, official=served)
    carry()
    bot.heard.clear()
    settings.PUSH_SECONDS = 5

    def answer(found):
        clock.sleep(0.6 if found["Content"] == "slow" else 0)
        return 200, ""

    bot.says = answer
    say(bob, thread, "slow")
    say(bob, thread, "after")
    say(dora, hers, "quick")
    carry()
    said = [found["Content"] for found in bot.pushes()]
    assert sorted(said[:2]) == ["quick", "slow"]
    assert said[2:] == ["after"]


def test_the_lease_of_a_courier_that_died_ends(bob, bobs, served, bot, thread):
    say(bob, thread, "hello")
    (parcel,) = pushes.claim_pushes(room={served.pk: 9})
    assert pushes.claim_pushes(room={served.pk: 9}) == []
    assert pushes.sweep_pushes() == [served.pk]
    carry()
    assert bot.heard == []
    with time.pretend(time.now() + timedelta(seconds=55)):
        pushes.sweep_pushes()
    carry()
    assert len(bot.heard) == 1
    pushes.end_pushes(ends=[pushes.End(parcel, 1, 5, "timeout")])  # the late one changes nothing
    assert Push.objects.get().status == "done"


def test_what_waited_too_long_is_not_sent(bob, bobs, served, bot, thread):
    say(bob, thread, "hello")
    with time.pretend(time.now() + timedelta(seconds=61)):
        assert pushes.sweep_pushes() == []
    carry()
    assert bot.heard == []
    assert Push.objects.values_list("status", "fields").get() == ("late", [])


def test_what_waits_for_a_server_that_was_given_up_is_dropped(
    alice, bob, bobs, served, bot, thread
):
    say(bob, thread, "hello")
    actions.drop_callback(official=served, actor=alice)
    carry()
    assert bot.heard == []
    assert Push.objects.get().status == "late"


def test_the_log_is_the_shops_own_and_ends(alice, bob, bobs, served, bot, thread, client, settings):
    for word in ("one", "two", "three"):
        say(bob, thread, word)
    carry()
    client.force_login(alice.person)
    address = f"/api/v1/business/{served.account.public_id}/pushes/"
    items = client.get(address).json()["items"]
    assert [item["kind"] for item in items] == ["text"] * 3
    assert items[0]["openid"] == bobs.openid
    assert "three" not in str(items)
    client.force_login(bob.person)
    assert client.get(address).status_code == 404
    settings.PUSH_LOG_ROWS = 2
    actions.forget_pushes()
    assert Push.objects.count() == 2
    Push.objects.update(created_at=time.now() - timedelta(days=4))
    actions.forget_pushes()
    assert not Push.objects.exists()


def test_safe_mode_shows_nothing_and_opens_with_the_key(alice, bob, bobs, served, bot, thread):
    given = {"url": bot.url, "token": bots.TOKEN, "aes_key": bots.AES_KEY}
    actions.save_callback(official=served, actor=alice, mode="safe", **given)
    say(bob, thread, "密文")
    carry()
    (found,) = bot.pushes()
    assert set(found) == {"ToUserName", "Encrypt"}
    query = bot.heard[0][1]
    parts = (bots.TOKEN, query["timestamp"], query["nonce"], found["Encrypt"])
    assert (query["encrypt_type"], query["msg_signature"]) == ("aes", wechat.signature(*parts))
    opened = wechat.Seal(bots.AES_KEY, served.appid).opened(found["Encrypt"])
    assert wechat.read_xml(opened.encode())["Content"] == "密文"
    actions.save_callback(official=served, actor=alice, mode="compat", **given)
    bot.heard.clear()
    say(bob, thread, "both")
    carry()
    (found,) = bot.pushes()
    assert found["Content"] == "both"
    assert "Encrypt" in found


@pytest.mark.parametrize("length", range(0, 40, 8))
def test_the_seal_pads_to_32_bytes(length):
    seal = wechat.Seal(bots.AES_KEY, "wx0123456789abcdef")
    sealed = seal.closed("x" * length)
    raw = base64.b64decode(sealed)
    assert len(raw) % 32 == 0
    plain = seal._cipher().decryptor().update(raw)
    assert struct.unpack(">I", plain[16:20]) == (length,)
    assert seal.opened(sealed) == "x" * length
    with pytest.raises(wechat.Unreadable):
        wechat.Seal(bots.AES_KEY, "wxffffffffffffffff").opened(sealed)


def test_a_person_who_left_is_not_told_of_silence(bob, bobs, served, bot, thread):
    bot.says = lambda found: (500, "")
    say(bob, thread, "bye")
    actions.unfollow_official(person=bob, official=served)
    carry()
    assert not Message.objects.filter(kind="system", body__code="program_silent").exists()
    assert not Follow.objects.get(pk=bobs.pk).is_following


def test_files_of_followers_are_fetched_by_the_program(program, bob, bobs, served, bot, thread):
    voice = b"#!AMR\n" + b"\x04" * 600
    film = base64.b64decode("AAAAIGZ0eXBpc29tAAACAGlzb21pc28yYXZjMW1wNDEAAAAIZnJlZQ==") + b"\0" * 99
    for kind, data in (("image", picture()), ("voice", voice), ("video", film)):
        upload = chats.upload(
            owner=bob,
            kind=kind,
            content=io.BytesIO(data),
            size=len(data),
            duration_ms=1000 if kind == "voice" else 0,
        )
        say(bob, thread, "", kind=kind, attachment_id=upload.public_id)
    carry()
    image, heard, seen = bot.pushes()
    for found, sent in ((image, picture()), (heard, voice)):
        answer = program.client.get(
            "/cgi-bin/media/get", {"access_token": program.token, "media_id": found["MediaId"]}
        )
        assert answer.status_code == 200
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert said == sent
    assert heard["Format"] == "amr"
    assert image["PicUrl"].startswith("http://")
    path = image["PicUrl"].partition("://")[2].partition("/")[2]
    assert program.client.get(f"/{path}").status_code == 200
    assert {"MediaId", "ThumbMediaId", "MsgId"} <= set(seen)


def test_what_was_taken_back_meanwhile_is_not_sent_along(bob, bobs, served, bot, thread):
    data = picture()
    upload = chats.upload(owner=bob, kind="image", content=io.BytesIO(data), size=len(data))
    say(bob, thread, "", kind="image", attachment_id=upload.public_id)
    push = Push.objects.get()
    gone = [[n, {**v, "file": 0} if isinstance(v, dict) else v] for n, v in push.fields]
    Push.objects.update(fields=gone)
    carry()
    (found,) = bot.pushes()
    assert (found["PicUrl"], found["MediaId"]) == ("", "")
