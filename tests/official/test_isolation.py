"""Nothing of one business is seen or touched from another: every model and every address is walked.

Mei's restaurant has one of everything, marked ZEBRA; Lin owns a clinic and knows every number.
"""

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.actions import publishing
from accounts.admin import business_site
from accounts.admin.site import BusinessAdmin
from accounts.models import (
    Article,
    AutoReply,
    Broadcast,
    Callback,
    Comment,
    Figure,
    Follow,
    FollowerTag,
    Menu,
    OfficialAccount,
    Page,
    Picture,
    Program,
    Push,
    QRScene,
    Staff,
    StaffInvitation,
    Template,
)
from chat import actions as chats
from superapp.kernel import time
from tests import cast
from tests.chat.conftest import say
from tests.official.businesses import hire
from tests.publishing.conftest import photo, print_article

MARK = "ZEBRA"
_OWNED = (Follow, FollowerTag, Menu, AutoReply, QRScene, Staff, StaffInvitation)
_PROGRAMS = (Program, Push, Template)


def run_a_program(mei, noodles, follow):
    """A secret, a server, something that it was told, a template."""
    actions.reset_program_secret(official=noodles, actor=mei)
    taken = actions.take_template(official=noodles, actor=mei, short_id="TM10015")
    Template.objects.filter(pk=taken.pk).update(title=MARK)
    moment = time.now()
    address = f"https://{MARK}.example.com/"
    Callback.objects.create(
        official=noodles, url=address, token="tea2go", mode="plain", verified_at=moment
    )
    Push.objects.create(
        official=noodles, follow=follow, kind=MARK, status="done", created_at=moment
    )


def publish_something(reader, mei, noodles):
    """An article with a comment, a page, a picture."""
    place = {"official": noodles, "actor": mei}
    article = print_article(noodles, mei, MARK)
    publishing.comment_article(reader=reader, article_id=article.public_id, text=MARK)
    publishing.make_page(**place, title=MARK, slug=MARK.lower())
    publishing.add_picture(**place, picture=photo(), name=MARK)
    message = publishing.Message(text=MARK)
    publishing.compose_broadcast(**place, message=message)
    publishing.count(official_id=noodles.pk, what="read", ref=MARK)


@pytest.fixture
def filled(alice, mei, noodles, clinic):
    """One row of every registered model, which belongs to the restaurant."""
    follow = actions.follow_official(person=alice, official=noodles)
    actions.describe_follower(
        official=noodles, actor=mei, openid=follow.openid, remark=MARK, tag_numbers=[]
    )
    actions.make_tag(official=noodles, actor=mei, name=MARK)
    actions.make_poster_code(official=noodles, actor=mei, place=MARK)
    actions.add_auto_reply(
        official=noodles, actor=mei, trigger="any", title=MARK, replies=[{"text": MARK}]
    )
    buttons = [{"type": "click", "name": MARK, "key": MARK}]
    actions.save_menu_draft(official=noodles, actor=mei, buttons=buttons)
    hire(noodles, mei, cast.make_person(MARK), "agent")
    actions.set_nickname(official=noodles, person=mei, nickname=MARK)
    actions.invite_staff(official=noodles, actor=mei, role="operator")
    actions.rename_official(official=noodles, actor=mei, name=f"{MARK} Noodles")
    run_a_program(mei, noodles, follow)
    thread = chats.open_service(viewer=alice, official=noodles)
    say(alice, thread, MARK)
    publish_something(alice, mei, noodles)
    theirs = {
        model: model.objects.filter(official=noodles).latest("pk")
        for model in (*_OWNED, *_PROGRAMS, Article, Broadcast, Comment, Figure, Page, Picture)
    }
    theirs[OfficialAccount] = noodles
    theirs[LogEntry] = LogEntry.objects.get_for_object(noodles).latest("pk")
    return theirs, thread


def browser(account):
    client = Client()
    client.force_login(account.person)
    return client


def addresses(theirs, thread, noodles):
    """(method, address) of everything that the console answers, with the restaurant's numbers."""
    yield "get", "/business/"
    yield "get", f"/business/?account={noodles.account.public_id}"
    yield "get", f"/business/search/?s={MARK}"
    yield "get", "/business/inbox/"
    inbox = f"/business/inbox/{noodles.account.public_id}/"
    yield "get", inbox
    for method in ("get", "post"):
        yield method, f"{inbox}{thread.public_id}/"
    for model, screen in business_site._registry.items():
        meta, row = model._meta, theirs[model]
        name = f"business:{meta.app_label}_{meta.model_name}"
        listed = reverse(f"{name}_changelist")
        yield from (("get", listed + query) for query in ("", f"?q={MARK}", f"?pk={row.pk}"))
        yield "get", reverse(f"{name}_add")
        for page in ("change", "history", "delete", *screen.actions_detail):
            for method in ("get", "post"):
                yield method, reverse(f"{name}_{page}", args=[row.pk])
        for page in screen.actions_list:
            yield "get", reverse(f"{name}_{page}")
        for field in meta.get_fields():
            if field.is_relation and not field.auto_created:
                query = f"term={MARK}&app_label={meta.app_label}&model_name={meta.model_name}"
                yield "get", f"/business/autocomplete/?{query}&field_name={field.name}"


def leaks(client, theirs, asked):
    """Those of the addresses that show the mark, or change a row of the restaurant."""
    found = []
    before = snapshot(theirs)
    for method, address in asked:
        data = {"said": "x", "role": "agent", "name": "x", "remark": "x", "text": "x"}
        said = getattr(client, method)(
            address, {**data, "client_id": "x"} if method == "post" else {}
        )
        assert said.status_code in {200, 302, 400, 403, 404, 405}, (address, said.status_code)
        shown = (
            said.content.decode(errors="replace")
            .replace(address, "")
            .replace(f"={MARK}", "")
            .replace(f"%3D{MARK}", "")
        )
        shown = shown.replace(f'value="{MARK}"', "")  # what was searched for
        after = snapshot(theirs)
        if (MARK in shown and "search" not in address) or after != before:
            i = shown.find(MARK)
            found.append((method, address, shown[max(0, i - 80) : i + 40]))
        before = after
    return found


def snapshot(theirs):
    return {
        model: list(model._default_manager.filter(pk=row.pk).values())
        for model, row in theirs.items()
    }


def test_another_business_finds_nothing(lin, clinic, noodles, filled):
    theirs, thread = filled
    assert set(theirs) == set(business_site._registry), "a model is registered and not walked"
    page = browser(lin)
    assert page.get("/business/").status_code == 200
    assert leaks(page, theirs, addresses(theirs, thread, noodles)) == []


def test_its_own_business_finds_everything(mei, noodles, filled):
    """The walk sees: the same addresses show the mark to whom they belong."""
    theirs, thread = filled
    asked = addresses(theirs, thread, noodles)
    shown = {address for _method, address, _where in leaks(browser(mei), theirs, asked)}
    for model in theirs:
        meta = model._meta
        if model in {Menu, Program, StaffInvitation, Figure}:
            continue  # an editor, a page, no words of its own, and a page of sums
        name = f"business:{meta.app_label}_{meta.model_name}_changelist"
        assert reverse(name) in shown, model
    assert reverse("business:accounts_program_setup") in shown


def test_a_planted_leak_is_found(lin, clinic, noodles, filled, monkeypatch):
    theirs, thread = filled
    everything = BusinessAdmin.__mro__[1].get_queryset
    monkeypatch.setattr(BusinessAdmin, "get_queryset", everything)
    tag = theirs[FollowerTag]
    asked = [
        (method, address)
        for method, address in addresses(theirs, thread, noodles)
        if "/followertag/" in address
    ]
    found = {address for _method, address, _where in leaks(browser(lin), theirs, asked)}
    assert reverse("business:accounts_followertag_changelist") in found
    assert reverse("business:accounts_followertag_change", args=[tag.pk]) in found


@pytest.mark.parametrize(
    ("role", "allowed", "hidden"),
    [
        ("agent", [], ["follow", "menu", "staff", "officialaccount", "program", "logentry"]),
        ("developer", ["template"], ["follow", "autoreply", "staff", "officialaccount"]),
        ("operator", ["follow", "followertag", "autoreply", "qrscene"], ["staff", "logentry"]),
        ("finance", [], ["follow", "autoreply", "staff", "officialaccount"]),
        ("admin", ["follow", "autoreply", "staff", "officialaccount", "logentry"], []),
    ],
)
def test_roles_open_their_screens(bob, mei, noodles, role, allowed, hidden):
    hire(noodles, mei, bob, role)
    page = browser(bob)
    assert page.get("/business/").status_code == 200
    for model in [*allowed, *hidden]:
        app = "auditlog" if model == "logentry" else "accounts"
        code = page.get(f"/business/{app}/{model}/").status_code
        assert (model, code) == (model, 200 if model in allowed else 403)


def test_people_without_a_business_and_those_who_were_removed_see_nothing(alice, bob, mei, noodles):
    page = browser(alice)
    assert page.get("/business/", follow=True).status_code == 403
    assert page.get("/business/accounts/follow/", follow=True).status_code == 403
    hire(noodles, mei, bob, "admin")
    page = browser(bob)
    assert page.get("/business/accounts/follow/").status_code == 200
    actions.remove_staff(official=noodles, actor=mei, person_id=bob.public_id)
    assert page.get("/business/accounts/follow/", follow=True).status_code == 403


def test_the_daily_work_of_a_business(alice, mei, noodles, regular):
    page = browser(mei)
    page.post(reverse("business:accounts_followertag_make"), {"name": "Regulars"})
    assert FollowerTag.objects.filter(official=noodles, name="Regulars").exists()
    page.post(
        reverse("business:accounts_autoreply_make"),
        {
            "title": "Hours",
            "trigger": "keyword",
            "keywords": 'hours\n"menu"',
            "replies": "11 to 22\n\nSee you",
            "choice": "all",
        },
    )
    rule = AutoReply.objects.get(official=noodles)
    assert [k["is_exact"] for k in rule.keywords] == [False, True]
    assert [r["text"] for r in rule.replies] == ["11 to 22", "See you"]
    page.post(reverse("business:accounts_autoreply_switch_off", args=[rule.pk]))
    assert not AutoReply.objects.get().is_on
    menu = {
        "b0_name": "Hours",
        "b0_kind": "text",
        "b0_said": "11 to 22",
        "b1_name": "More",
        "b1_0_name": "Site",
        "b1_0_kind": "view",
        "b1_0_said": "https://example.com/",
        "publish": "1",
    }
    page.post(reverse("business:accounts_menu_edit"), menu)
    assert [b["name"] for b in Menu.objects.get().published["button"]] == ["Hours", "More"]
    refused = page.post(
        reverse("business:accounts_menu_edit"), menu | {"b1_0_said": "javascript:alert(1)"}
    )
    assert "This menu can" in refused.content.decode()
    follow = reverse("business:accounts_follow_describe", args=[regular.pk])
    page.post(follow, {"remark": "=Ali", "tag_numbers": ["100"]})
    sheet = page.get(reverse("business:accounts_follow_export")).content.decode()
    assert f"{regular.openid},'=Ali,Regulars,search" in sheet
    thread = chats.open_service(viewer=alice, official=noodles)
    say(alice, thread, "A table?")
    inbox = f"/business/inbox/{noodles.account.public_id}/"
    assert "A table?" in page.get(inbox).content.decode()
    answer = {"text": "At seven.", "client_id": "page-1"}
    shown = page.post(f"{inbox}{thread.public_id}/", answer, follow=True)
    assert "At seven." in shown.content.decode()
    assert "At seven." in browser(alice).get(f"/chats/{thread.public_id}/").content.decode()
