"""The pages of the business console for those who write programs."""

import re

import pytest
from django.test import Client

from accounts import actions, queries
from accounts.models import Template
from superapp.kernel.errors import NotAllowed
from tests.official.businesses import hire
from tests.wechat import bots

SETUP = "/business/accounts/program/setup/"
SECRET = "/business/accounts/program/new_secret/"


@pytest.fixture
def page(mei, noodles):
    client = Client()
    client.force_login(mei.person)
    return client


def text_of(answer):
    return answer.content.decode()


def test_a_secret_is_shown_once(page, noodles):
    assert "There is none yet" in text_of(page.get(SETUP))
    assert "Show it to nobody" in text_of(page.get(SECRET))
    assert queries.program_of(noodles) is None, "looking makes none"
    shown = page.post(SECRET)
    secret = re.search(r">([0-9a-f]{32})<", text_of(shown))[1]
    assert "no-store" in shown["Cache-Control"]
    assert actions.authenticate_program(appid=noodles.appid, secret=secret) == noodles
    assert secret not in text_of(page.get(SETUP)) + text_of(page.get(SECRET))


def test_a_new_one_ends_the_one_before(page, noodles, mei):
    before = actions.reset_program_secret(official=noodles, actor=mei)
    assert "stops working at once" in text_of(page.get(SECRET))
    after = re.search(r">([0-9a-f]{32})<", text_of(page.post(SECRET)))[1]
    assert after != before
    assert actions.authenticate_program(appid=noodles.appid, secret=after) == noodles


def test_hosts_of_the_site_are_saved_or_refused(page, noodles, mei):
    actions.reset_program_secret(official=noodles, actor=mei)
    saved = page.post(SETUP, {"domains": "shop.example.com\r\n\r\n127.0.0.1:5000"})
    assert saved.status_code == 302
    assert queries.oauth_domains_of(noodles) == ["shop.example.com", "127.0.0.1:5000"]
    refused = page.post(SETUP, {"domains": "https://shop.example.com"})
    assert "without https://" in text_of(refused)
    assert queries.oauth_domains_of(noodles) == ["shop.example.com", "127.0.0.1:5000"]
    page.post(SETUP, {"domains": ""})
    assert queries.oauth_domains_of(noodles) == []


def test_templates_are_taken_and_given_up(page, noodles):
    page.post("/business/accounts/template/make/", {"short_id": "TM10015"})
    template = Template.objects.get(official=noodles)
    listed = text_of(page.get("/business/accounts/template/"))
    assert (template.template_id in listed, "Payment received" in listed) == (True, True)
    shown = text_of(page.get(f"/business/accounts/template/{template.pk}/change/"))
    assert "Two cinema tickets" in shown
    page.post(f"/business/accounts/template/{template.pk}/drop/", {"said": "not needed"})
    assert not Template.objects.exists()


def test_only_developers_take_templates(noodles, mei, bob):
    hire(noodles, mei, bob, "agent")
    with pytest.raises(NotAllowed):
        actions.take_template(official=noodles, actor=bob, short_id="TM10015")
    taken = actions.take_template(official=noodles, actor=mei, short_id="TM10015")
    with pytest.raises(NotAllowed):
        actions.give_template_up(official=noodles, actor=bob, template_id=taken.template_id)
    assert Template.objects.count() == 1
    actions.give_template_up(official=noodles, actor=mei, template_id=taken.template_id)
    actions.add_template(official=noodles, short_id="TM10015")
    template = Template.objects.get()
    actions.delete_template(official=noodles, template_id=template.template_id)
    actions.set_industries(official=noodles, main=1, second=10)
    assert not Template.objects.exists()


@pytest.mark.parametrize(("role", "code"), [("developer", 200), ("agent", 404), ("operator", 404)])
def test_who_gets_there(noodles, mei, bob, role, code):
    hire(noodles, mei, bob, role)
    client = Client()
    client.force_login(bob.person)
    found = {client.get(SETUP).status_code, client.get(SECRET).status_code}
    assert found <= {code, 403}
    assert client.post(SECRET).status_code in {code, 403}
    assert (queries.program_of(noodles) is not None) == (code == 200)


def test_a_server_is_set_up_changed_and_dropped(page, noodles, mei):
    bot = bots.Bot()
    listen = "/business/accounts/program/listen/"
    given = {"url": bot.url, "token": "wrong2go", "mode": "plain", "aes_key": ""}
    assert "did not answer the test" in text_of(page.post(listen, given))
    assert queries.callback_of(noodles) is None
    assert page.post(listen, given | {"token": bots.TOKEN}).status_code == 302
    assert (queries.callback_of(noodles).url, bot.url in text_of(page.get(SETUP))) == (
        bot.url,
        True,
    )
    no_key = given | {"token": bots.TOKEN, "mode": "safe"}
    assert "43 of them" in text_of(page.post(listen, no_key))
    assert page.post(listen, no_key | {"aes_key": bots.AES_KEY}).status_code == 302
    assert queries.callback_of(noodles).mode == "safe"
    bot.close()
    stop = "/business/accounts/program/listen_no_more/"
    page.get(stop)
    assert queries.callback_of(noodles) is not None, "looking drops nothing"
    page.post(stop)
    assert queries.callback_of(noodles) is None
