"""Chats in the console: numbers for staff, words only where somebody reported them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions as people
from chat import actions
from chat.models import ChatExport, Conversation, LinkPreview, Membership, Message, Report
from superapp.kernel import time
from tests import cast
from tests.chat.conftest import say

MODELS = [Conversation, Report, ChatExport, LinkPreview]
SECRET = "words between friends"


@pytest.fixture
def root(db):
    return cast.make_person("Root", is_staff=True, is_superuser=True)


def console(account):
    client = Client()
    client.force_login(account.person)
    return client


def with_role(root, name, role):
    account = cast.make_person(name)
    people.grant_role(person=account.person, role=role, staff=root.person)
    return console(account)


def at(model, page="changelist", *args):
    return reverse(f"admin:chat_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def world(alice, bob, room, group, root):
    """One row of everything, with words that staff have no business to read."""
    for place in (room, group):
        say(alice, place, SECRET)
    actions.announce(actor=alice, conversation_id=group.public_id, text=f"announced {SECRET}")
    actions.renew_group_qr(actor=alice, conversation_id=group.public_id)
    say(bob, room, "<b>rude</b>")
    reported = actions.report_message(
        reporter=alice, conversation_id=room.public_id, seq=2, category="abuse", note="look"
    )
    export = actions.export_chat(viewer=alice, conversation_id=room.public_id)
    preview = LinkPreview.objects.create(
        url="https://example.com/", digest="d", title="Example", fetched_at=time.now(), is_ok=True
    )
    return {Conversation: group, Report: reported, ChatExport: export, LinkPreview: preview}


@pytest.mark.parametrize("model", MODELS)
def test_superusers_look_at_everything_and_edit_nothing(root, world, model):
    client, row = console(root), world[model]
    assert client.get(at(model)).status_code == 200
    assert client.get(at(model, "change", row.pk)).status_code == 200
    before = list(model.objects.values())
    for method, address in (
        ("get", at(model, "add")),
        ("post", at(model, "add")),
        ("post", at(model, "change", row.pk)),
        ("post", at(model, "delete", row.pk)),
    ):
        assert getattr(client, method)(address, {"title": "hacked"}).status_code == 403
    assert list(model.objects.values()) == before


def test_what_people_say_is_nowhere_but_in_reports(root, world):
    client = console(root)
    group = world[Conversation]
    group.refresh_from_db()
    for model in (Conversation, ChatExport, LinkPreview):
        for page in (at(model), at(model, "change", world[model].pk)):
            shown = client.get(page).content.decode()
            assert SECRET not in shown
            assert group.qr_token not in shown
    assert SECRET in client.get(at(Report, "change", world[Report].pk)).content.decode()
    assert Message.objects.filter(text=SECRET).count() == 2  # there was something to leak


def test_evidence_is_text_not_markup(root, world):
    shown = console(root).get(at(Report, "change", world[Report].pk)).content.decode()
    assert "&lt;b&gt;rude&lt;/b&gt;" in shown
    assert "<b>rude</b>" not in shown


def test_members_are_listed_but_not_changed(root, world):
    group = world[Conversation]
    shown = console(root).get(at(Conversation, "change", group.pk)).content.decode()
    assert all(name in shown for name in ("Alice", "Bob", "Dora"))
    console(root).post(
        at(Conversation, "change", group.pk),
        {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"},
    )
    assert Membership.objects.filter(conversation=group, status="active").count() == 3


def test_safety_closes_a_report_with_its_outcome_once(root, world):
    client, row = with_role(root, "Sam", "safety"), world[Report]
    address = reverse("admin:chat_report_close", args=[row.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"said": ""}).status_code == 200
    row.refresh_from_db()
    assert row.closed_at is None
    assert client.post(address, {"said": "warned Bob"}).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.closed_at is None) == ("Sam: warned Bob", False)
    assert client.get(f"{at(Report)}?open=1").content.decode().count(row.public_id) == 0
    assert row.public_id in client.get(f"{at(Report)}?open=0").content.decode()


def test_the_queue_shows_open_reports_first(root, world, alice, room):
    actions.close_report(staff=root, report=world[Report], outcome="done")
    fresh = actions.report_conversation(
        reporter=alice, conversation_id=room.public_id, category="spam"
    )
    shown = console(root).get(at(Report)).content.decode()
    assert shown.index(fresh.public_id) < shown.index(world[Report].public_id)


@pytest.mark.parametrize("role", ["support", "auditor"])
def test_other_staff_see_no_reports_and_close_none(root, world, role):
    client, row = with_role(root, "Olga", role), world[Report]
    for model in MODELS:
        assert client.get(at(model)).status_code == 403
        assert client.get(at(model, "change", world[model].pk)).status_code == 403
    assert client.post(
        reverse("admin:chat_report_close", args=[row.pk]), {"said": "nothing to see"}
    ).status_code in {403, 404}
    row.refresh_from_db()
    assert row.closed_at is None


def test_people_are_sent_to_sign_in(alice, world):
    for client in (Client(), console(alice)):
        for model in MODELS:
            answer = client.get(at(model))
            assert (answer.status_code, SECRET in answer.content.decode()) in {
                (302, False),
                (403, False),
            }
    assert Report.objects.get().closed_at is None
