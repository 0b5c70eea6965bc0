"""Templates: what the library offers, and the cards that followers see."""

import pytest

from accounts import actions, ports, queries
from accounts.models import TemplateMessage
from accounts.ports import EventKind
from chat import actions as chat
from chat import queries as chats
from chat.errors import BadMessage
from chat.models import Message
from superapp.kernel.ports import Port
from tests.official.businesses import publish
from tests.permissions.world import ask as visit

STRANGER = "oNoSuchUserAtAll000000000000"
DATA = {
    "first": {"value": "恭喜你", "color": "#173177"},
    "keyword1": {"value": "39.8元"},
    "remark": {"value": "再见"},
}


@pytest.fixture
def template(program):
    body = {"template_id_short": "TM00015"}
    return program.ask("POST", "template/api_add_template", body)["template_id"]


@pytest.fixture
def happened(monkeypatch):
    """What listeners to official accounts hear."""
    heard = []
    port = Port("accounts.official_events")
    for handler in ports.official_events._handlers:
        port.register(handler)
    port.register(heard.extend)
    monkeypatch.setattr(ports, "official_events", port)
    return heard


@pytest.fixture
def send(program, bobs, template):
    def send(**more):
        given = {"touser": bobs.openid, "template_id": template, "data": DATA, **more}
        return program.ask("POST", "message/template/send", given)

    return send


def thread_of(bob, shop):
    return chats.direct_with(bob, shop.account)


def shown_to(client, person, address):
    client.force_login(person.person)
    return visit(client, "GET", address)[2].decode()


def test_a_template_from_beginning_to_end(program, template):
    assert len(template) == 43
    (found,) = program.ask("GET", "template/get_all_private_template")["template_list"]
    assert found == {
        "template_id": template,
        "title": "订单支付成功",
        "primary_industry": "IT科技",
        "deputy_industry": "互联网/电子商务",
        "content": "{{first.DATA}}\n支付金额：{{keyword1.DATA}}\n商品信息：{{keyword2.DATA}}\n{{remark.DATA}}",
        "example": "我们已收到您的货款\n支付金额：39.8元\n商品信息：微信影城影票\n感谢光临",
    }
    again = program.ask("POST", "template/api_add_template", {"template_id_short": "TM00015"})
    assert again == {"errcode": 0, "errmsg": "ok", "template_id": template}
    assert program.code("POST", "template/del_private_template", {"template_id": template}) == 0
    assert program.ask("GET", "template/get_all_private_template") == {"template_list": []}
    assert program.code("POST", "template/del_private_template", {"template_id": template}) == 40037


def test_what_cannot_be_added(program, settings):
    unknown = {"template_id_short": "TM99999"}
    assert program.code("POST", "template/api_add_template", unknown) == 40036
    settings.PROGRAM_TEMPLATES_MAX = 0
    known = {"template_id_short": "TM00015"}
    assert program.code("POST", "template/api_add_template", known) == 45026
    assert not queries.templates_of(program.official).exists()


def test_every_form_of_the_library_can_be_filled(program):
    for short_id, form in queries.LIBRARY.items():
        template = actions.add_template(official=program.official, short_id=short_id)
        filled = {f"keyword{i}": "x" for i in range(1, 4)}
        message = TemplateMessage(content=template.content, data=filled)
        labels = [line.label for line in queries.lines_of(message)]
        assert all(labels), short_id
        assert len(form.example.splitlines()) == len(form.content.splitlines())


def test_trades_are_remembered(program):
    nothing = {"first_class": "其它", "second_class": "其它"}
    found = program.ask("GET", "template/get_industry")
    assert found == {"primary_industry": nothing, "secondary_industry": nothing}
    body = {"industry_id1": "1", "industry_id2": 10}
    assert program.code("POST", "template/api_set_industry", body) == 0
    found = program.ask("GET", "template/get_industry")
    assert found["secondary_industry"] == {"first_class": "餐饮", "second_class": "餐饮"}
    bad = {"industry_id1": "1", "industry_id2": "99"}
    assert program.code("POST", "template/api_set_industry", bad) == 40102


def test_a_follower_sees_a_card_and_the_program_hears_that_it_came(
    program, client, bob, send, happened, heard
):
    with heard.during():
        sent = send(url="http://example.com/o/1", topcolor="#FF0000")
    assert (sent["errcode"], type(sent["msgid"])) == (0, int)
    thread = thread_of(bob, program.official)
    page = shown_to(client, bob, thread.get_absolute_url())
    for said in ("订单支付成功", "恭喜你", "支付金额", "39.8元", "再见", "http://example.com/o/1"):
        assert said in page
    assert "商品信息" not in page, "a line without words stays away"
    (event,) = [event for event in happened if event.kind == EventKind.TEMPLATE_FINISHED]
    assert event.facts == {"msgid": sent["msgid"], "status": "success"}
    assert "chat.message_sent" in [event["kind"] for ids, event in heard if bob.pk in ids]


def test_staff_see_the_card_and_a_stranger_does_not(program, client, alice, carol, bob, send):
    send()
    shop, thread = program.official, thread_of(bob, program.official)
    address = f"/business/inbox/{shop.account.public_id}/{thread.public_id}/"
    assert "39.8元" in shown_to(client, alice, address)
    (message,) = TemplateMessage.objects.all()
    ref = [message.public_id]
    assert list(queries.template_messages_seen_by(carol, ref)) == []
    assert list(queries.template_messages_seen_by(bob, ref)) == [message]


def test_nobody_else_says_it_again(bob, alice, program, send):
    send()
    ref = TemplateMessage.objects.get().public_id
    thread = thread_of(bob, program.official)
    with pytest.raises(BadMessage):
        chat.send_message(
            author=bob,
            conversation_id=thread.public_id,
            client_id="again",
            kind="card",
            body={"card": "template", "ref": ref},
        )
    assert Message.objects.get(kind="card").author == program.official.account


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"touser": ""}, 41009),
        ({"touser": STRANGER}, 40003),
        ({"template_id": "nosuchtemplate"}, 40037),
        ({"data": "x"}, 47003),
        ({"data": {"first": "x"}}, 47003),
        ({"data": {"first": {"value": ["x"]}}}, 47003),
        ({"data": {"first": {"value": "x" * 501}}}, 47003),
        ({"data": {f"k{i}": {"value": "x"} for i in range(31)}}, 47003),
        ({"url": "javascript:alert(1)"}, 47003),
        ({"url": "http://exa mple.com/"}, 47003),
        ({"url": "http://[/"}, 47003),
    ],
)
def test_what_is_wrong_has_its_code_and_nothing_is_sent(send, happened, given, code):
    assert send(**given)["errcode"] == code
    assert not TemplateMessage.objects.exists()
    assert not Message.objects.filter(kind="card").exists()
    assert happened == []


def test_numbers_and_an_empty_address_are_taken(send):
    assert send(url="", data={"keyword1": {"value": 39.8}})["errcode"] == 0
    assert TemplateMessage.objects.get().data == {"keyword1": "39.8"}


def test_whoever_left_gets_nothing(program, bob, send, happened):
    actions.unfollow_official(person=bob, official=program.official)
    happened.clear()
    assert send()["errcode"] == 43004
    assert (TemplateMessage.objects.count(), happened) == (0, [])


def test_whoever_blocked_the_account_gets_nothing_and_the_program_hears_it(
    program, bob, send, happened
):
    actions.block_account(owner=bob, account_id=program.official.account.public_id)
    sent = send()
    assert sent["errcode"] == 0
    (event,) = [event for event in happened if event.kind == EventKind.TEMPLATE_FINISHED]
    assert event.facts == {"msgid": sent["msgid"], "status": "failed:user block"}
    assert TemplateMessage.objects.get().status == "refused"
    assert not Message.objects.filter(kind="card").exists()


def test_it_costs_no_window_and_opens_none(program, bobs, send):
    before = (bobs.window_left, bobs.window_ends_at)
    send()
    bobs.refresh_from_db()
    assert (bobs.window_left, bobs.window_ends_at) == before


def test_a_repeat_under_the_same_name_is_sent_once(send):
    first = send(client_msg_id="order-1")
    assert send(client_msg_id="order-1")["msgid"] == first["msgid"]
    assert send(client_msg_id="order-2")["msgid"] != first["msgid"]
    assert Message.objects.filter(kind="card").count() == 2


def test_the_quota_of_a_day(send, settings):
    settings.PROGRAM_TEMPLATES_PER_DAY = 1
    assert send()["errcode"] == 0
    assert send()["errcode"] == 45009
    assert TemplateMessage.objects.count() == 1


def test_another_shop_cannot_use_it(program, carol, root, template, bobs):
    other = publish(carol, "Carol's Cakes", root)
    program.official = other
    program.secret = actions.reset_program_secret(official=other, actor=carol)
    program.token = program.fetch()["access_token"]
    given = {"touser": bobs.openid, "template_id": template, "data": DATA}
    assert program.code("POST", "message/template/send", given) == 40003
    assert program.ask("GET", "template/get_all_private_template") == {"template_list": []}
    assert program.code("POST", "template/del_private_template", {"template_id": template}) == 40037
