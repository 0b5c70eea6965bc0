"""Pages of official accounts, without scripts: found, followed, written to, left."""

import re

import pytest
from django.test import Client

from accounts import actions, queries
from accounts.models import OfficialAccount
from chat import actions as chats
from tests.chat.conftest import say
from tests.official.businesses import publish


def browser(account):
    client = Client()
    client.force_login(account.person)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def menu(noodles):
    buttons = [
        {"type": "text", "name": "Hours", "value": "11 to 22"},
        {
            "name": "More",
            "sub_button": [{"type": "view", "name": "Site", "url": "https://example.com/"}],
        },
    ]
    return actions.replace_menu(official=noodles, buttons=buttons)


def test_from_the_directory_to_the_thread(alice, noodles, clinic, menu):
    page = browser(alice)
    assert "Dr Lin" not in text(page.get("/official/?words=mei noodels"))
    found = page.get("/official/?words=mei noodels")
    assert f"/a/{noodles.account.public_id}/?from=search" in found.content.decode()
    shown = text(page.get(f"/a/{noodles.account.public_id}/?from=search"))
    assert "Mei Noodles Ltd" in shown
    thread = page.post(f"/a/{noodles.account.public_id}/follow/", {"source": "search"}, follow=True)
    assert queries.follow_of(alice, noodles).source == "search"
    assert "Hours" in text(thread)
    assert "Site" in text(thread)
    address = thread.redirect_chain[-1][0]
    assert "11 to 22" in text(page.post(f"{address}menu/0/", follow=True))
    assert page.get(f"{address}menu/1.0/")["Location"] == "https://example.com/"
    assert page.post(f"{address}menu/1.0/").status_code == 404
    assert page.get(f"{address}menu/9/").status_code == 400
    assert "Mei Noodles" in text(page.get("/official/following/"))
    page.post(f"/a/{noodles.account.public_id}/unfollow/")
    assert "You don't follow this account." in text(page.get(address))
    assert page.post(f"{address}menu/0/").status_code == 403


def test_a_code_leads_to_the_page_and_then_to_the_thread(alice, mei, noodles):
    scene = actions.make_poster_code(official=noodles, actor=mei, place="Table 7")
    page = browser(alice)
    assert "Follow" in text(page.get(f"/q/{scene.ticket}/"))
    assert queries.follow_of(alice, noodles) is None
    page.post(f"/q/{scene.ticket}/")
    assert queries.follow_of(alice, noodles).scene_str == "Table 7"
    assert page.get("/q/nothing/").status_code == 404


def test_the_card_of_an_account_opens_its_page(alice, bob, room_of, noodles):
    say(alice, room_of, "", kind="card", body={"card": "contact", "ref": noodles.account.public_id})
    page = browser(bob)
    shown = page.get(f"/chats/{room_of.public_id}/").content.decode()
    address = f"/a/{noodles.account.public_id}/?from=card"
    assert address in shown
    assert page.get(address).status_code == 200


@pytest.fixture
def room_of(alice, bob):
    return chats.open_direct(viewer=alice, other=bob)


def test_subscriptions_are_folded(alice, lin, root, noodles, regular):
    paper = publish(lin, "Morning Paper", root, kind="subscription", category="media")
    actions.follow_official(person=alice, official=paper)
    page = browser(alice)
    inbox = text(page.get("/chats/"))
    assert "Subscriptions" in inbox
    assert "Morning Paper" not in inbox
    assert "Morning Paper" in text(page.get("/chats/subscriptions/"))


def test_suspended_accounts_have_no_page_and_no_composer(alice, noodles, regular, root):
    thread = chats.open_service(viewer=alice, official=noodles)
    actions.suspend_official(official=noodles, staff=root, reason="Complaints")
    page = browser(alice)
    assert page.get(f"/a/{noodles.account.public_id}/").status_code == 404
    shown = page.get(f"/chats/{thread.public_id}/")
    assert "not available" in text(shown)
    assert 'id="composer"' not in shown.content.decode()


def test_applying_and_working_there(alice, mei, noodles):
    page = browser(alice)
    page.post("/official/apply/", {"name": "Alice's Tea", "kind": "service", "category": "food"})
    assert "Alice" in text(page.get("/official/mine/"))
    assert OfficialAccount.objects.get(owner=alice).status == "draft"
    taken = page.post(
        "/official/apply/", {"name": "MEI N00DLES", "kind": "service", "category": "food"}
    )
    assert "looks like it" in text(taken)
    invitation = actions.invite_staff(official=noodles, actor=mei, role="agent")
    assert "Mei invites you" in text(page.get(f"/official/staff/{invitation.token}/"))
    page.post(f"/official/staff/{invitation.token}/")
    assert queries.role_in(alice, noodles).role == "agent"


def test_the_directory_costs_the_same_for_one_and_for_three(
    alice, mei, noodles, root, django_assert_num_queries
):
    def read():
        rows, _next = queries.directory_page(words="mei")
        return [(o.account.name, o.account.avatar_url) for o in rows]

    with django_assert_num_queries(1):
        assert len(read()) == 1
    for name in ("Mei Tea", "Mei Books"):
        publish(mei, name, root)
    with django_assert_num_queries(1):
        assert len(read()) == 3
