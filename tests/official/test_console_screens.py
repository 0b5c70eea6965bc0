"""What the screens of the business console offer and say, by the state of a row and in other languages."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.actions import publishing
from accounts.models import Menu
from chat import actions as chats
from tests.official.businesses import hire
from tests.publishing.conftest import print_article, write


@pytest.fixture
def page(mei, noodles):
    client = Client()
    client.force_login(mei.person)
    return client


def offered(page, row, *names):
    """Which of the buttons stand on the row's page."""
    start = f"business:accounts_{row._meta.model_name}"
    shown = page.get(reverse(f"{start}_change", args=[row.pk])).content.decode()
    return {name for name in names if reverse(f"{start}_{name}", args=[row.pk]) in shown}


def test_only_steps_that_may_be_taken_are_offered(page, alice, mei, noodles, regular):
    place = {"official": noodles, "actor": mei}
    draft, printed = write(noodles, mei, "Draft"), print_article(noodles, mei)
    assert offered(page, draft, "edit", "publish", "withdraw") == {"edit", "publish"}
    assert offered(page, printed, "edit", "publish", "withdraw") == {"withdraw"}
    publishing.withdraw_article(**place, article_id=printed.public_id)
    assert offered(page, printed, "edit", "publish", "withdraw", "copy") == {"copy"}
    rule = actions.add_auto_reply(**place, trigger="any", replies=[{"text": "Thanks"}])
    assert offered(page, rule, "switch_on", "switch_off") == {"switch_off"}
    actions.switch_auto_reply_off(**place, reply_id=rule.public_id)
    assert offered(page, rule, "switch_on", "switch_off") == {"switch_on"}
    assert offered(page, regular, "blacklist", "unblacklist") == {"blacklist"}
    actions.blacklist_follower(**place, openid=regular.openid)
    assert offered(page, regular, "blacklist", "unblacklist") == {"unblacklist"}
    owner, helper = queries.role_in(mei, noodles), hire(noodles, mei, alice, "agent")
    assert offered(page, owner, "change_role", "remove") == set()
    assert offered(page, helper, "change_role", "remove") == {"change_role", "remove"}
    assert offered(page, noodles, "papers", "submit") == {"papers"}, "it was approved"


def test_columns_are_named_in_the_readers_language(page, mei, regular):
    listed = reverse("business:accounts_follow_changelist")
    assert "Followed at" in page.get(listed).content.decode()
    actions.set_language(account=mei, language="ar", time_zone="UTC")
    shown = page.get(listed, headers={"accept-language": "ar"}).content.decode()
    assert "Followed at" not in shown
    assert "وقت المتابعة" in shown


def test_a_text_of_the_menu_keeps_its_lines(page, mei, noodles):
    address = reverse("business:accounts_menu_edit")
    said = {"b0_name": "Today", "b0_kind": "text", "b0_said": "Noodles 28\r\nDumplings 22"}
    page.post(address, said | {"publish": "1"})
    (button,) = Menu.objects.get(official=noodles).published["button"]
    assert button["value"] == "Noodles 28\nDumplings 22"
    shown = page.get(address).content.decode()
    assert re.search(r"<textarea[^>]*>\s*Noodles 28\nDumplings 22</textarea>", shown)


def test_what_a_program_asked_is_seen_and_not_answered_in_the_console(page, noodles, regular):
    menu = {"head_content": "Did you like it?", "list": [{"id": "1", "content": "Very much"}]}
    chats.say_for_program(
        official=noodles,
        follow=regular,
        voice=chats.REPLY,
        said={"msgtype": "msgmenu", "msgmenu": menu},
        client_id="asked",
    )
    thread = chats.open_service(viewer=regular.person, official=noodles)
    answer = page.get(f"/business/inbox/{noodles.account.public_id}/{thread.public_id}/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Very much" in shown
    assert 'name="menu"' not in shown
    reader = Client()
    reader.force_login(regular.person.person)
    assert 'name="menu"' in reader.get(f"/chats/{thread.public_id}/").content.decode()
