"""The business console: broadcasts from composing to their report, home, figures."""

import pytest
from django.urls import reverse

from accounts import queries
from accounts.actions import publishing
from accounts.models import Broadcast
from chat.models import Message
from superapp.kernel import outbox
from tests.official.businesses import hire
from tests.official.test_pages import browser, text
from tests.publishing.casting import cast
from tests.publishing.conftest import follow


def press(page, name, row, data=None):
    return page.post(reverse(f"business:accounts_broadcast_{name}", args=[row.pk]), data or {})


def test_two_people_send_a_broadcast(alice, mei, wei, noodles, article):
    follow(noodles, alice, mei)
    at_mei, at_wei = browser(mei), browser(wei)
    make = reverse("business:accounts_broadcast_make")
    assert article.title in text(at_mei.get(make))
    at_mei.post(make, {"articles": [article.public_id]})
    row = Broadcast.objects.get()
    press(at_mei, "preview", row, {"handles": ""})
    assert Message.objects.filter(author=noodles.account, body__card="broadcast").count() == 1
    press(at_mei, "edit", row, {"text": "", "articles": [article.public_id], "tag": ""})
    press(at_mei, "submit", row)
    refused = press(at_mei, "approve", row)
    assert "Somebody else" in text(refused)
    change = reverse("business:accounts_broadcast_change", args=[row.pk])
    shown = at_wei.get(change).content.decode()
    assert reverse("business:accounts_broadcast_approve", args=[row.pk]) in shown
    assert reverse("business:accounts_broadcast_recall", args=[row.pk]) not in shown
    press(at_wei, "approve", row)
    outbox.run_due(outbox.DEFAULT, limit=10)
    row.refresh_from_db()
    assert (row.status, row.sent_to) == ("sent", 2)
    assert "Sent to: 2" in text(at_wei.get(change))
    assert "1 of 4" in text(at_mei.get(reverse("business:accounts_broadcast_changelist")))
    press(at_wei, "recall", row)
    row.refresh_from_db()
    assert row.status == "recalled"


def test_a_draft_goes_back_and_is_cancelled(alice, mei, wei, noodles):
    follow(noodles, alice)
    page = browser(mei)
    page.post(reverse("business:accounts_broadcast_make"), {"text": "Dumplings"})
    row = Broadcast.objects.get()
    press(page, "submit", row)
    press(browser(wei), "send_back", row, {"said": "A typo"})
    row.refresh_from_db()
    assert row.status == "draft"
    press(page, "cancel", row)
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_home_and_figures_say_what_was_counted(alice, mei, wei, noodles, article):
    follow(noodles, alice)
    publishing.read_article(reader=alice, article=article)
    cast(noodles, mei, wei)
    page = browser(mei)
    home = page.get("/business/")
    assert "Reads today 1" in text(home)
    assert 'role="img" aria-label="Reads from' in home.content.decode()
    shown = page.get(reverse("business:accounts_figure_show"))
    assert "Dumplings today" in text(shown)
    assert "Profile page: 1" in text(shown)
    sheet = page.get(reverse("business:accounts_figure_export")).content.decode().splitlines()
    assert sheet[0] == "day,followers,follow,unfollow,message,menu,read,share,click"
    assert sheet[-1].endswith(",1,1,0,0,0,1,0,0")
    assert len(sheet) == 31


def test_an_agent_sees_no_figures(bob, mei, noodles):
    hire(noodles, mei, bob, "agent")
    page = browser(bob)
    assert "Reads today" not in text(page.get("/business/"))
    for name in ("show", "export"):
        assert page.get(reverse(f"business:accounts_figure_{name}")).status_code == 403


@pytest.mark.parametrize("days", [1, 3])
def test_figures_cost_the_same_however_many_days(mei, noodles, days, django_assert_num_queries):
    today = publishing.today_of(official=noodles)
    for n in range(days):
        publishing.count(official_id=noodles.pk, what="read", day=today.replace(day=1 + n))
    with django_assert_num_queries(2):
        assert len(queries.publishing.figures_by_day(noodles)) == 30
