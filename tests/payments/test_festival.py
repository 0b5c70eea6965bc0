"""Campaigns: on which days they are, who may switch them, and what packets wear then."""

import re
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.test import Client

from payments import actions, queries
from payments.errors import BadCampaign, BadDay, CoverNotOffered, KeyReused
from payments.models import Campaign, RedPacket
from superapp.kernel.errors import NotAllowed
from tests.chat.conftest import group, room
from tests.payments.between import key, pack, rich
from tests.payments.festival import NEW_YEAR, campaign, root
from tests.payments.saving import at
from tests.payments.wallets import PASSWORD

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(carol):
    return root(carol)


@pytest.fixture
def payer(alice):
    return rich(alice)


def browser(account):
    client = Client()
    client.force_login(account.person)
    return client


@pytest.mark.parametrize(
    ("calendar", "text", "day"),
    [
        ("lunar", "2026-1-1", date(2026, 2, 17)),
        ("lunar", "2027-01-01", date(2027, 2, 6)),
        ("lunar", "2027-01-15", date(2027, 2, 20)),
        ("lunar", "2034-01-01", date(2034, 2, 19)),
        # The year 2033 has its leap month after the eleventh, which many tables had wrong.
        ("lunar", "2033-11+-01", date(2033, 12, 22)),
        ("lunar", "2026-08-15", date(2026, 9, 25)),
        ("gregorian", "2027-02-14", date(2027, 2, 14)),
    ],
)
def test_days_of_both_calendars(calendar, text, day):
    assert queries.day_of(calendar, text) == day


@pytest.mark.parametrize(
    ("calendar", "text"),
    [
        ("lunar", "2026-13-01"),
        ("lunar", "2026-12-31"),
        ("lunar", "2026-05+-01"),
        ("lunar", "1800-01-01"),
        ("gregorian", "2027-02-29"),
        ("gregorian", "2027-02+-01"),
        ("gregorian", "tomorrow"),
        ("gregorian", "２０２７-01-01"),
    ],
)
def test_days_that_no_calendar_has(calendar, text):
    with pytest.raises(BadDay):
        queries.day_of(calendar, text)


def test_it_runs_on_its_days_when_it_is_on(staff):
    made = campaign(staff, is_on=False)
    assert (made.begins_on, made.ends_on) == (date(2027, 1, 30), date(2027, 2, 20))
    with at("2027-02-06"):
        assert not queries.festival().is_on
        actions.switch_campaign_on(staff=staff, campaign=made)
        assert queries.festival().covers == ["lanterns", "plum"]
    for day, is_on in (
        *(("2027-01-29", False), ("2027-01-30", True), ("2027-02-20", True)),
        ("2027-02-21", False),
    ):
        with at(day):
            assert queries.festival().is_on == is_on, day
    with at("2027-02-06"):
        actions.switch_campaign_off(staff=staff, campaign=made)
        assert queries.festival().covers == []


def test_two_at_once_offer_what_both_have(staff):
    campaign(staff)
    campaign(staff, name="Carp days", covers=["fish", "plum"], greetings=["Plenty"], words=[])
    with at("2027-02-06"):
        now = queries.festival()
    assert now.names == ["Lunar New Year", "Carp days"]
    assert now.covers == ["lanterns", "plum", "fish"]
    assert now.greetings == ["Happy New Year", "恭喜发财", "Plenty"]


def test_words_are_found_however_they_are_written(staff):
    campaign(staff)
    with at("2027-02-06"):
        now = queries.festival()
    assert now.is_wished("HAPPY new year, all of you")
    assert now.is_wished("祝大家恭喜发财!")
    assert not now.is_wished("Happy birthday")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": " "}, BadCampaign),
        ({"begins": "2027-01-16"}, BadCampaign),
        ({"ends": "2027-06-01"}, BadCampaign),
        ({"covers": ["hats"]}, BadCampaign),
        ({"covers": [], "greetings": [" "], "words": []}, BadCampaign),
        ({"calendar": "maya"}, BadCampaign),
        ({"begins": "2026-12-31"}, BadDay),
    ],
)
def test_campaigns_that_are_none(staff, more, why):
    with pytest.raises(why):
        campaign(staff, **more)
    assert Campaign.objects.count() == 0


def test_only_those_who_may_plan_and_switch(staff, bob):
    made = campaign(staff)
    bob.person.is_staff = True
    bob.person.save()
    given = {"staff": bob.person, "campaign": made}
    for call in (
        lambda: actions.plan_campaign(staff=bob.person, **NEW_YEAR),
        lambda: actions.change_campaign(**given, **NEW_YEAR),
        lambda: actions.switch_campaign_off(**given),
        lambda: actions.switch_campaign_on(**given),
    ):
        with pytest.raises(NotAllowed):
            call()
    made.refresh_from_db()
    assert (made.status, Campaign.objects.count()) == ("on", 1)


def test_who_switched_it_is_kept(staff):
    campaign(staff)
    found = LogEntry.objects.get_for_model(Campaign).order_by("pk")
    assert [entry.changes["campaign"] for entry in found] == [["", "off"], ["off", "on"]]
    assert {entry.actor for entry in found} == {staff}


def test_a_packet_remembers_its_cover(staff, payer, group):
    campaign(staff)
    with at("2027-02-06"):
        packet = pack(payer, group, kind="lucky", count=2, cover="plum")
        for cover in ("fish", "hats"):
            with pytest.raises(CoverNotOffered):
                pack(payer, group, kind="lucky", count=2, cover=cover)
    with at("2027-03-01"):
        with pytest.raises(CoverNotOffered):
            pack(payer, group, kind="lucky", count=2, cover="plum")
        page = browser(payer).get(f"/pay/packets/{packet.public_id}/").content.decode()
    assert "cover--plum" in page
    assert list(RedPacket.objects.values_list("cover", flat=True)) == ["plum"]


def test_another_cover_is_another_packet(staff, payer, group):
    campaign(staff)
    with at("2027-02-06"):
        pack(payer, group, kind="lucky", count=2, cover="plum", client_id="one")
        with pytest.raises(KeyReused):
            pack(payer, group, kind="lucky", count=2, client_id="one")


def test_the_form_offers_covers_and_greetings_to_everybody(staff, payer, bob, room, group):
    campaign(staff)
    for who, place in ((payer, group), (payer, room), (bob, room)):
        address = f"/pay/chats/{place.public_id}/packet/"
        with at("2027-02-06"):
            page = browser(who).get(address).content.decode()
            assert re.search(r'value="lanterns"[^>]*checked', page)
            assert 'data-wish="恭喜发财"' in page
            assert 'value="Happy New Year"' in page
            assert "Lunar New Year" in page
        with at("2027-03-01"):
            page = browser(who).get(address).content.decode()
            assert "lanterns" not in page
            assert "data-wish" not in page


def test_from_the_form_to_the_card(staff, payer, bob, group):
    campaign(staff)
    form = {
        "currency": "CNY",
        "source": "balance",
        "password": PASSWORD,
        "kind": "lucky",
        "amount": "8.88",
        "count": "2",
        "greeting": "恭喜发财",
        "cover": "lanterns",
        "client_id": key(),
    }
    with at("2027-02-06"):
        address = f"/pay/chats/{group.public_id}/packet/"
        assert browser(payer).post(address, form).status_code == 302
        packet = RedPacket.objects.get()
        thread = browser(bob).get(f"/chats/{group.public_id}/").content.decode()
        assert "mcard--gift cover--lanterns" in thread
        assert "js/payments/festival" in thread
        browser(bob).post(f"/pay/packets/{packet.public_id}/open/")
        page = browser(bob).get(f"/pay/packets/{packet.public_id}/").content.decode()
        assert f'data-celebrate="{packet.public_id}"' in page
        words = browser(bob).get("/pay/festival/")
        assert words.json() == {"words": ["Happy New Year", "恭喜发财"]}
        assert "private" in words.headers["Cache-Control"]


def test_it_is_planned_and_switched_in_the_console(staff, carol):
    client = browser(carol)
    form = {
        **{name: NEW_YEAR[name] for name in ("name", "calendar", "begins", "ends", "covers")},
        "greetings": "Happy New Year\n恭喜发财",
        "words": "恭喜发财\n",
    }
    wrong = client.post("/admin/payments/campaign/add/", form | {"ends": "2026-12-01"})
    assert "an end that is not before its beginning" in wrong.content.decode()
    assert Campaign.objects.count() == 0
    sent = client.post("/admin/payments/campaign/add/", form)
    made = Campaign.objects.get()
    assert (made.words, made.status) == (["恭喜发财"], "off")
    page = client.get(sent.headers["Location"]).content.decode()
    assert "Switch on" in page
    assert "Switch off" not in page
    on = next(re.finditer(r'href="([^"]*switch[-_]on[^"]*)"', page))[1]
    assert "Lunar New Year" in client.get(on).content.decode()
    client.post(on)
    made.refresh_from_db()
    assert made.status == "on"
    page = client.get(sent.headers["Location"]).content.decode()
    change = next(re.finditer(r'href="([^"]*change_it[^"]*)"', page))[1]
    assert "2026-12-23" in client.get(change).content.decode()
    client.post(change, form | {"name": "Spring Festival"})
    made.refresh_from_db()
    assert (made.name, made.status) == ("Spring Festival", "on")
