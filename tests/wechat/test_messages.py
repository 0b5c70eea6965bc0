"""Messages that a program sends first: what it may, how often, and what it is told otherwise."""

import io

import pytest

from accounts import actions, queries
from accounts.models import ProgramCard
from chat import actions as chats
from chat.models import Attachment, Message
from tests.chat.conftest import say
from tests.chat.files import MP4, picture
from tests.official.businesses import publish
from tests.wechat.bots import carry


def send(program, openid, msgtype="text", **part):
    body = {"touser": openid, "msgtype": msgtype, msgtype: part}
    return program.code("POST", "message/custom/send", body)


@pytest.fixture
def open_window(bob, thread):
    say(bob, thread, "hello")
    return thread


def shown(shop):
    return list(
        Message.objects.filter(author=shop.account).order_by("pk").values_list("text", flat=True)
    )


def test_a_text_arrives_exactly(program, bobs, shop, open_window):
    said = '你好 <b>&"\'\\u4e2d 😀 <a href="http://example.com/?a=1&b=2">link</a>'
    assert send(program, bobs.openid, content=said) == 0
    assert shown(shop) == [said]


def test_five_for_each_message_of_bobs(program, bob, bobs, shop, open_window):
    codes = [send(program, bobs.openid, content=f"n{i}") for i in range(6)]
    assert codes == [0, 0, 0, 0, 0, 45047]
    say(bob, open_window, "again")
    assert send(program, bobs.openid, content="x") == 0


def test_only_in_the_window(program, bobs, thread):
    assert send(program, bobs.openid, content="welcome") == 0, "a minute after following"
    type(bobs).objects.update(window_ends_at=None)
    assert send(program, bobs.openid, content="x") == 45015


@pytest.mark.parametrize(
    ("msgtype", "part", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "长" * 700}, 45002),
        ("hologram", {}, 40008),
        ("wxcard", {"card_id": "x"}, 48008),
        ("news", {"articles": [{"title": "a"}, {"title": "b"}]}, 45008),
        ("news", {"articles": []}, 40035),
        ("music", {"title": "x", "musicurl": "javascript:alert(1)"}, 40035),
        ("msgmenu", {"head_content": "x", "list": "y"}, 40035),
        ("text", {"content": ["x"]}, 40035),
    ],
)
def test_what_is_wrong_has_its_code_and_costs_nothing(
    program, bobs, shop, open_window, msgtype, part, code
):
    assert send(program, bobs.openid, msgtype, **part) == code
    assert shown(shop) == []
    bobs.refresh_from_db()
    assert bobs.window_left == 5


def test_cards(program, bobs, shop, open_window):
    article = {"title": "图文", "description": "d", "url": "http://e.com/?a=1&b=2", "picurl": "x"}
    assert send(program, bobs.openid, "news", articles=[article]) == 0
    items = [{"id": 101, "content": "满意"}, {"id": "102", "content": "不满意"}]
    assert send(program, bobs.openid, "msgmenu", head_content="满意吗", list=items) == 0
    news, menu = Message.objects.filter(author=shop.account).order_by("pk")
    assert news.body["title"] == "图文"
    facts = queries.program_cards([menu.body["ref"]])[menu.body["ref"]].facts
    assert [item["id"] for item in facts["list"]] == ["101", "102"]


def test_to_nobody_and_to_those_who_left(program, bob, bobs, shop, carol, root):
    assert send(program, "", content="x") == 41009
    assert send(program, "bogus", content="x") == 40003
    other = publish(carol, "Carol's Cakes", root)
    theirs = actions.follow_official(person=bob, official=other)
    assert send(program, theirs.openid, content="spy") == 40003
    actions.unfollow_official(person=bob, official=shop)
    assert send(program, bobs.openid, content="come back") == 43004
    assert shown(shop) == []


def test_typing(program, bob, bobs, thread, heard):
    with heard.during():
        body = {"touser": bobs.openid, "command": "Typing"}
        assert program.code("POST", "message/custom/typing", body) == 0
        body["command"] = "CancelTyping"
        assert program.code("POST", "message/custom/typing", body) == 0
        body["command"] = "Dance"
        assert program.code("POST", "message/custom/typing", body) == 40035
    assert [(ids, e["kind"]) for ids, e in heard] == [((bob.pk,), "chat.typing")]


def test_a_repeat_is_said_once(shop, bobs, open_window):
    said = {"msgtype": "text", "text": {"content": "once"}}
    for _try in range(2):
        chats.say_for_program(
            official=shop, follow=bobs, voice=chats.PROGRAM, said=said, client_id="same"
        )
    assert shown(shop) == ["once"]


def test_pages_show_the_cards(program, bob, bobs, open_window, client):
    article = {"title": "Spring tea", "description": "Fresh", "url": "http://e.com/tea"}
    send(program, bobs.openid, "news", articles=[article])
    send(program, bobs.openid, "music", title="Song", musicurl="http://e.com/a.mp3")
    items = [{"id": "1", "content": "Very much"}]
    send(program, bobs.openid, "msgmenu", head_content="Did you like it?", list=items)
    client.force_login(bob.person)
    page = client.get(open_window.get_absolute_url()).content.decode()
    for said in ("Spring tea", "http://e.com/tea", "Song", "Did you like it?", "Very much"):
        assert said in page


AMR = b"#!AMR\n" + b"\x04" * 600


def kept(shop, kind, data):
    made = actions.upload_media(official=shop, kind=kind, content=io.BytesIO(data), size=len(data))
    return made.media_id


def test_files(program, bob, bobs, shop, open_window, client):
    image, voice = kept(shop, "image", picture()), kept(shop, "voice", AMR)
    film = kept(shop, "video", MP4)
    assert send(program, bobs.openid, "image", media_id=image) == 0
    assert send(program, bobs.openid, "image", media_id=image) == 0
    assert send(program, bobs.openid, "voice", media_id=voice) == 0
    part = {"media_id": film, "title": "片名", "description": "说明"}
    assert send(program, bobs.openid, "video", **part) == 0
    assert send(program, bobs.openid, "image", media_id="nope") == 40007
    assert send(program, bobs.openid, "voice", media_id=image) == 40007
    said = Message.objects.filter(author=shop.account).order_by("pk")
    assert [m.kind for m in said] == ["image", "image", "voice", "video"]
    assert said[3].text == "片名\n说明"
    assert said[2].body["ms"] > 0
    assert Attachment.objects.filter(owner=shop.account).count() == 3, "one of each file"
    client.force_login(bob.person)
    page = client.get(open_window.get_absolute_url())
    assert page.status_code == 200
    assert "片名" in page.content.decode()


def test_another_accounts_file_is_unknown(program, bobs, shop, carol, root, open_window):
    other = publish(carol, "Carol's Cakes", root)
    assert send(program, bobs.openid, "image", media_id=kept(other, "image", picture())) == 40007
    assert shown(shop) == []


def test_a_tap_on_a_menu_says_it_once_and_names_the_item(
    program, alice, bob, bobs, served, bot, open_window, client
):
    items = [{"id": "101", "content": "Very much"}, {"id": "102", "content": "Not at all"}]
    send(program, bobs.openid, "msgmenu", head_content="Did you like it?", list=items)
    carry()
    bot.heard.clear()
    card = ProgramCard.objects.get()
    client.force_login(bob.person)
    page = client.get(open_window.get_absolute_url()).content.decode()
    assert f'value="{card.public_id}-2"' in page
    tap = {"client_id": f"{card.public_id}-2", "text": "Not at all", "menu": card.public_id}
    for _again in range(2):
        assert (
            client.post(open_window.get_absolute_url(), {**tap, "item": "102"}).status_code == 302
        )
    lie = {"client_id": "lie", "text": "Free tea", "menu": card.public_id, "item": "101"}
    client.post(open_window.get_absolute_url(), lie)
    carry()
    said = [(p["Content"], p.get("bizmsgmenuid")) for p in bot.pushes()]
    assert said == [("Not at all", "102"), ("Free tea", None)]
