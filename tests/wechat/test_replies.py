"""What a program answers to a push: shown to Bob once, or not at all."""

import pytest

from accounts import actions, queries
from accounts.models import Push
from chat import actions as chats
from chat.models import Message
from superapp.kernel import wechat
from superapp.kernel.wechat import Unreadable, read_xml
from tests.chat.conftest import say
from tests.wechat import bots
from tests.wechat.bots import carry, text


def answers(bob, thread, bot, make):
    """What Bob sees after the program answered, and how the push ended."""
    bot.says = lambda found: (200, make(found))
    say(bob, thread, "hello")
    carry()
    shown = Message.objects.filter(conversation=thread).exclude(author=bob).order_by("pk")
    return [m for m in shown if m.kind != "system"], Push.objects.latest("pk")


def of(found, kind, *fields):
    return wechat.xml_of(
        [
            ("ToUserName", found["FromUserName"]),
            ("FromUserName", found["ToUserName"]),
            ("CreateTime", 1712345678901),
            ("MsgType", kind),
            *fields,
        ]
    )


def test_a_text(bob, bobs, served, bot, thread):
    said = "回复 <&> ]] 😀\nsecond line"
    shown, push = answers(bob, thread, bot, lambda found: text(found, said))
    assert [m.text for m in shown] == [said]
    assert push.outcome == "replied"
    bobs.refresh_from_db()
    assert bobs.window_left == 5, "an answer costs nothing"


@pytest.mark.parametrize("body", ["", "success", "  success\n"])
def test_nothing(bob, bobs, served, bot, thread, body):
    shown, push = answers(bob, thread, bot, lambda found: body)
    assert (shown, push.status, push.outcome) == ([], "done", "ok")
    assert len(bot.heard) == 1


def test_articles_and_music(bob, bobs, served, bot, thread):
    def news(found):
        item = [("Title", "标题"), ("Description", "a & <b>"), ("PicUrl", "http://e/i.png")]
        article = ("item", [*item, ("Url", "http://example.com/a?x=1&y=2")])
        fields = [("ArticleCount", 2), ("Articles", [article, article]), ("Content", "")]
        return "  <?xml version='1.0'?>\n" + of(found, "news", *fields)

    (shown,), _push = answers(bob, thread, bot, news)
    card = queries.program_cards([shown.body["ref"]])[shown.body["ref"]]
    assert shown.body["title"] == "标题"
    assert len(card.facts["articles"]) == 2
    assert card.facts["articles"][0]["url"] == "http://example.com/a?x=1&y=2"

    def music(found):
        heard = [
            ("Title", "歌"),
            ("MusicUrl", "http://e.com/a.mp3"),
            ("HQMusicUrl", "javascript:x"),
        ]
        return of(found, "music", ("Music", heard))

    (_news, shown), _push = answers(bob, thread, bot, music)
    facts = queries.program_cards([shown.body["ref"]])[shown.body["ref"]].facts
    assert (facts["musicurl"], facts["hqmusicurl"]) == ("http://e.com/a.mp3", "")


def test_a_program_leaves_bob_to_a_person(alice, bob, bobs, served, bot, thread):
    shown, push = answers(bob, thread, bot, lambda found: of(found, "transfer_customer_service"))
    assert (shown, push.outcome) == ([], "replied")
    bobs.refresh_from_db()
    assert bobs.handed_over_at is not None

    chats.speak_as(
        official=served, follow=bobs, voice=chats.Voice(staff=alice), client_id="a", text="Hi"
    )
    bobs.refresh_from_db()
    assert bobs.handed_over_at is None


BOMB = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><xml><Content>&b;</Content></xml>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><xml><Content>&f;</Content></xml>"
DEEP = f"<xml>{'<a>' * 50}x{'</a>' * 50}</xml>"
MANY = f"<xml>{'<a>x</a>' * 1000}</xml>"


@pytest.mark.parametrize(
    "make",
    [
        lambda found: "hello, not XML",
        lambda found: BOMB,
        lambda found: OUTSIDE,
        lambda found: "<xml><MsgType>text</MsgType></xml>",
        lambda found: of(found, "hologram"),
        lambda found: of(found, "image"),
        lambda found: of(found, "news", ("Articles", [])),
        lambda found: text(found, "x").replace(found["FromUserName"], "oSomebodyElse"),
        lambda found: wechat.xml_of([("Encrypt", "AAAA"), ("MsgSignature", "x")]),
    ],
)
def test_nonsense_is_not_shown_and_not_asked_for_again(bob, bobs, served, bot, thread, make):
    shown, push = answers(bob, thread, bot, make)
    assert shown == []
    assert (push.status, push.outcome[:10]) == ("failed", "unreadable")
    assert len(bot.heard) == 1
    assert Message.objects.filter(kind="system", body__code="program_silent").count() == 1


def test_an_answer_without_end_is_not_read(bob, bobs, served, bot, thread, settings):
    settings.WECHAT_REPLY_MAX = 2000
    shown, push = answers(bob, thread, bot, lambda found: text(found, "x" * 5000))
    assert (shown, push.outcome) == ([], "unreachable")


@pytest.mark.parametrize("raw", [BOMB, OUTSIDE, DEEP, MANY, "", "<a/>", "<xml>", "\x00", "<xml/>x"])
def test_what_the_reader_refuses(raw):
    with pytest.raises(Unreadable):
        read_xml(raw.encode())


def sealed(found, served, said, *, appid="", token=bots.TOKEN):
    closed = wechat.Seal(bots.AES_KEY, appid or served.appid).closed(said)
    stamp, nonce = "1712345678901", "77"
    return wechat.xml_of(
        [
            ("Encrypt", closed),
            ("MsgSignature", wechat.signature(token, stamp, nonce, closed)),
            ("TimeStamp", int(stamp)),
            ("Nonce", nonce),
        ]
    )


@pytest.fixture
def safe(alice, served, bot):

    given = {"url": bot.url, "token": bots.TOKEN, "aes_key": bots.AES_KEY, "mode": "safe"}
    actions.save_callback(official=served, actor=alice, **given)

    def make(said, **more):
        """An answer in the seal of the account, to whoever is inside the sealed push."""

        def answer(found):
            opened = wechat.Seal(bots.AES_KEY, served.appid).opened(found["Encrypt"])
            inside = read_xml(opened.encode())
            return sealed(found, served, said(inside) if callable(said) else said, **more)

        return answer

    return make


def test_a_sealed_answer(bob, bobs, served, bot, thread, safe):
    shown, push = answers(bob, thread, bot, safe(lambda inside: text(inside, "密文")))
    assert [m.text for m in shown] == ["密文"]
    shown, push = answers(bob, thread, bot, safe("success"))
    assert (len(shown), push.outcome) == (1, "ok")


@pytest.mark.parametrize("more", [{"appid": "wxffffffffffffffff"}, {"token": "stolen"}])
def test_a_seal_of_another_is_refused(bob, bobs, served, bot, thread, safe, more):
    made = safe(lambda inside: text(inside, "evil"), **more)
    shown, push = answers(bob, thread, bot, made)
    assert (shown, push.status) == ([], "failed")


def test_in_safe_mode_plain_text_is_refused(bob, bobs, served, bot, thread, safe):
    found = {"FromUserName": bobs.openid, "ToUserName": served.original_id}
    shown, push = answers(bob, thread, bot, lambda _sealed: text(found, "plain"))
    assert (shown, push.outcome) == ([], "unreadable: plain text")
