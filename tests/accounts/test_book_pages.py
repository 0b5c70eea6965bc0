"""Pages of the Contacts tab: what they say and to whom, without scripts."""

import re

import pytest
from django.test import Client

from accounts import actions, queries
from accounts.models import Account, Contact, FriendRequest, Person, PersonalToken, Tag
from tests import cast
from tests.accounts.pages import ask, at, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(alice):
    return signed_in(alice)


MEMBERS_ONLY = [
    *("me", "profile", "handle", "avatar", "cover", "qr", "settings", "settings-language"),
    *("settings-finding", "settings-privacy", "settings-chats", "settings-theme"),
    *("settings-security", "settings-devices", "settings-tokens", "settings-blocked"),
    *("contacts", "find", "requests", "tags", "scan"),
]


@pytest.mark.parametrize("name", MEMBERS_ONLY)
def test_strangers_to_the_house_are_asked_to_sign_in(client, as_alice, name):
    assert client.get(at(name)).headers["Location"] == f"/accounts/login/?next={at(name)}"
    response = as_alice.get(at(name))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


POSTS_ONLY = [
    *("avatar-remove", "cover-remove", "qr-reset", "devices-end", "requests-seen"),
    *("qr-login-start", "qr-login-claim", "qr-login-withdraw", "sandbox-sign-in"),
]


@pytest.mark.parametrize("name", POSTS_ONLY)
def test_what_changes_something_is_a_post_with_a_token(alice, name):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice.person)
    assert careful.get(at(name)).status_code == 405
    assert careful.post(at(name)).status_code == 403


def test_what_is_not_ours_is_not_there(alice, bob, carol):
    tag = actions.create_tag(owner=alice, name="Mine")
    request = ask(carol, alice)
    token, _secret = actions.create_token(person=alice.person, name="x")
    as_bob = signed_in(bob)
    for name, args in (
        ("tag", [tag.public_id]),
        ("tag-rename", [tag.public_id]),
        ("tag-delete", [tag.public_id]),
        ("request", [request.public_id]),
        ("request-ignore", [request.public_id]),
        ("token-revoke", [token.public_id]),
        ("contact", [carol.public_id]),
        ("contact-edit", [carol.public_id]),
        ("contact-delete", [carol.public_id]),
        ("contact-mark", [carol.public_id, "star"]),
        ("person", ["acc_nobody"]),
        ("ask", ["acc_nobody"]),
        ("block", ["acc_nobody"]),
        ("unblock", ["acc_nobody"]),
        ("device-end", ["ses_nothing"]),
    ):
        assert as_bob.post(at(name, *args)).status_code in {404, 405}, name
        assert as_bob.get(at(name, *args)).status_code in {404, 405}, name
    assert Tag.objects.get() == tag
    assert FriendRequest.objects.get().status == "pending"
    assert PersonalToken.objects.get() == token


@pytest.mark.parametrize(
    ("path", "status"),
    [("/people/a%00/", 404), ("/c/a%00/", 404), ("/contacts/?q=a%00", 400), ("/me/?%00", 400)],
)
def test_a_nul_in_an_address_is_refused(as_alice, path, status):
    assert as_alice.get(path).status_code == status


# address book


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "asked"),
    [("contacts", 5), ("requests", 6), ("tags", 6), ("settings-blocked", 5)],
)
def test_lists_ask_the_same_however_long_they_are(
    alice, as_alice, name, asked, count, settings, django_assert_num_queries
):
    for n in range(count):
        friend = cast.make_person(f"Friend {n}")
        actions.add_edge(owner=alice, other=friend)
        ask(cast.make_person(f"Stranger {n}"), alice)
        actions.create_tag(owner=alice, name=f"Tag {n}")
        actions.block_account(owner=alice, account_id=friend.public_id)
    as_alice.get(at(name))  # notes that the device was seen
    settings.SANDBOX_CLOCK = False  # it is read once a second, whoever asks
    with django_assert_num_queries(asked):
        response = as_alice.get(at(name))
    assert response.status_code == 200


def test_the_list_stands_in_sections_with_the_starred_on_top(alice, as_alice):
    for called in ("王小明", "Zoe", "阿明"):
        actions.add_edge(owner=alice, other=cast.make_person(called))
    zoe = Contact.objects.get(owner=alice, other__name="Zoe")
    actions.star_contact(owner=alice, contact_id=zoe.other.public_id)
    text = words(as_alice.get(at("contacts")))
    order = [text.index(part) for part in ("Starred", "Zoe", "A 阿 阿明", "W 王 王小明", "Z Z Zoe")]
    assert order == sorted(order)


def test_the_search_box_knows_initials(alice, as_alice, carol):
    actions.add_edge(owner=alice, other=cast.make_person("王小明"))
    found = words(as_alice.get(at("contacts"), {"q": "wxm"}))
    assert "王小明" in found
    assert "Nobody like that" in words(as_alice.get(at("contacts"), {"q": "car\u202eol"}))


def test_a_friends_page_has_the_remark_and_a_strangers_says_how_to_add(alice, bob, carol, as_alice):
    actions.edit_contact(owner=alice, contact_id=bob.public_id, remark="Bobby", note="", phones=[])
    friend = words(as_alice.get(at("contact", bob.public_id)))
    assert "Bobby Calls themselves Bob" in friend
    assert "Delete from my contacts" in friend
    stranger = words(as_alice.get(at("person", carol.public_id)))
    assert "Add to contacts" not in stranger
    way = queries.way_to(alice, carol, "card")
    assert "Add to contacts" in words(as_alice.get(at("person", carol.public_id), {"way": way}))
    actions.set_ways_to_find(account=carol, choices={"is_found_by_card": False})
    assert "Add to contacts" not in words(as_alice.get(at("person", carol.public_id), {"way": way}))


def test_an_official_or_closed_account_has_no_persons_page(alice, bob, as_alice):
    shop = Account.objects.create(name="Tea House", kind=Account.Kind.OFFICIAL)
    assert as_alice.get(at("person", shop.public_id)).status_code == 404
    Account.objects.filter(pk=bob.pk).update(closed_at="2026-01-01T00:00Z")
    assert as_alice.get(at("person", bob.public_id)).status_code == 404
    assert "Bob" not in words(as_alice.get(at("contacts")))


def test_names_are_text_wherever_they_stand(alice, bob, as_alice):
    evil = "<script>alert(1)</script>"
    actions.edit_contact(
        owner=alice, contact_id=bob.public_id, remark=evil, note=evil, phones=["<b>1"]
    )
    actions.edit_profile(account=bob, name="<img src=x>", gender="", region=evil, signature="<i>")
    for name in ("contact", "contact-edit", "contact-delete"):
        page = as_alice.get(at(name, bob.public_id)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_contact_is_described_starred_limited_and_deleted(alice, bob, as_alice):
    tag = actions.create_tag(owner=alice, name="Work")
    data = {"remark": "B", "phones": "1\n\n2", "note": "n", "tag_ids": [tag.public_id]}
    answer = as_alice.post(at("contact-edit", bob.public_id), data)
    assert answer["Location"] == at("contact", bob.public_id)
    for mark in ("star", "limit"):
        as_alice.post(at("contact-mark", bob.public_id, mark))
    row = queries.edge_of(alice, bob)
    assert (row.remark, row.phones, row.note, row.is_starred, row.is_chat_only) == (
        "B",
        ["1", "2"],
        "n",
        True,
        True,
    )
    assert list(row.tags.all()) == [tag]
    for mark in ("unstar", "lift"):
        as_alice.post(at("contact-mark", bob.public_id, mark))
    assert as_alice.get(at("contact-delete", bob.public_id)).status_code == 200
    assert queries.edge_of(alice, bob) == row
    as_alice.post(at("contact-delete", bob.public_id))
    assert queries.edge_of(alice, bob) is None


def test_too_many_numbers_are_said_at_the_field(alice, bob, as_alice):
    data = {"remark": "", "phones": "1\n2\n3\n4\n5\n6", "note": ""}
    response = as_alice.post(at("contact-edit", bob.public_id), data)
    assert response.context["form"].errors == {"phones": ["Five numbers at most."]}
    assert queries.edge_of(alice, bob).phones == []


def test_somebody_is_blocked_after_a_question_and_unblocked(alice, carol, as_alice):
    assert as_alice.get(at("block", carol.public_id)).status_code == 200
    assert not queries.has_blocked(alice, carol)
    as_alice.post(at("block", carol.public_id))
    assert queries.has_blocked(alice, carol)
    assert "Carol" in words(as_alice.get(at("settings-blocked")))
    as_alice.post(at("unblock", carol.public_id))
    assert not queries.has_blocked(alice, carol)


def test_somebody_is_found_asked_and_says_yes_without_scripts(alice, carol, as_alice):
    actions.set_handle(account=carol, handle="carol_01")
    found = as_alice.post(at("find"), {"q": "carol_01"})
    page = as_alice.get(found["Location"])
    asking = re.search(r'href="([^"]+/ask/[^"]+)"', page.content.decode()).group(1)
    form = as_alice.get(asking.replace("&amp;", "&")).context["form"]
    sent = as_alice.post(
        at("ask", carol.public_id), {"way": form["way"].value(), "note": "Alice here"}
    )
    assert sent["Location"] == f"{at('requests')}?show=sent"
    assert "Waiting" in words(as_alice.get(sent["Location"]))
    as_carol = signed_in(carol)
    listed = words(as_carol.get(at("requests")))
    assert "Alice here" in listed
    request = FriendRequest.objects.get().public_id
    tag = actions.create_tag(owner=carol, name="Work")
    done = as_carol.post(at("request", request), {"remark": "A.", "tag_ids": [tag.public_id]})
    assert done["Location"] == at("contact", alice.public_id)
    assert queries.are_friends(alice, carol)
    assert queries.edge_of(carol, alice).remark == "A."
    again = as_carol.post(at("request", request), {"remark": "B."})
    assert again["Location"] == as_carol.get(at("request", request))["Location"]
    assert again["Location"] == at("person", alice.public_id)
    assert queries.edge_of(carol, alice).remark == "A."
    assert as_alice.get(at("request", request)).status_code == 404


def test_a_look_up_that_finds_nobody_says_so_at_the_field(as_alice):
    response = as_alice.post(at("find"), {"q": "nobody_01"})
    assert response.context["form"].errors == {"q": ["We couldn't find anybody like that."]}


def test_asking_without_a_way_is_refused_on_the_form(alice, carol, as_alice):
    response = as_alice.post(at("ask", carol.public_id), {"way": "made up", "note": ""})
    assert response.context["form"].non_field_errors() == ["This person can't be added this way."]
    assert not FriendRequest.objects.exists()


def test_a_request_is_ignored_and_the_badge_goes_when_seen(alice, carol, as_alice):
    request = ask(carol, alice)
    assert 'data-seen="' in as_alice.get(at("requests")).content.decode()
    as_alice.post(at("requests-seen"))
    assert 'data-seen="' not in as_alice.get(at("requests")).content.decode()
    as_alice.post(at("request-ignore", request.public_id))
    assert "Ignored" in words(as_alice.get(at("requests")))


def test_looking_at_a_page_changes_nothing(alice, carol, as_alice):
    request = ask(carol, alice)
    as_alice.get(at("requests"))
    as_alice.get(at("request", request.public_id))
    row = FriendRequest.objects.get()
    assert (row.status, row.is_seen) == ("pending", False)


def test_a_personal_code_leads_to_the_card_of_its_owner(alice, carol, as_alice, client):
    token = Person.objects.get(account=carol).qr_token
    answer = as_alice.get(at("card", token))
    assert answer["Location"].startswith(f"/people/{carol.public_id}/?way=")
    stranger = client.get(at("card", token))
    assert "Carol" not in words(stranger)
    assert f"/accounts/login/?next={at('card', token)}" in stranger.content.decode()
    assert words(client.get(at("card", "no-such-token"))) == words(stranger)


def test_my_code_shows_where_it_leads_and_can_be_replaced(alice, as_alice):
    old = Person.objects.get(account=alice).qr_token
    page = as_alice.get(at("qr")).content.decode()
    assert f"http://testserver/c/{old}/" in page
    assert 'src="data:image/svg+xml' in page
    as_alice.post(at("qr-reset"))
    assert old not in as_alice.get(at("qr")).content.decode()


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("http://testserver/me/?x=1", "/me/?x=1"),
        (" http://testserver/contacts/ ", "/contacts/"),
        ("https://testserver/me/", ""),
        ("http://testserver.evil.example/me/", ""),
        ("http://evil.example/me/", ""),
        ("//evil.example/me/", ""),
        ("javascript:alert(1)", ""),
        ("http://testserver/no/such/page/", ""),
        ("http://[", ""),
        ("<script>", ""),
    ],
)
def test_a_scanned_code_opens_only_when_it_is_ours(as_alice, code, path):
    answer = as_alice.post(at("scan"), {"code": code})
    if path:
        assert answer["Location"] == path
    else:
        assert answer.status_code == 200
        assert "This code is not one of ours" in words(answer)
        assert "<script>" not in answer.content.decode().replace("<script src", "")
