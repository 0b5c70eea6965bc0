"""The platform console: who sees what, buttons instead of fields, and a trace of each step."""

import pytest
from auditlog.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import actions
from accounts.actions.roles import ROLES
from accounts.errors import CannotChangeOwnRole, NotARole
from accounts.models import Person, PersonalToken
from superapp.kernel.errors import NotAllowed
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return Person.objects.create_superuser(email="root@example.com", password="correct horse")


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def staff(role, root, name="Staff"):
    person = cast.make_person(name).person
    actions.grant_role(person=person, role=role, staff=root)
    return person


def page(model, action="changelist", *args):
    return reverse(f"admin:{model}_{action}", args=args)


LISTS = [
    *("accounts_person", "accounts_account", "accounts_personaltoken", "accounts_friendrequest"),
    *("accounts_block", "usersessions_usersession", "auditlog_logentry"),
]
SEEN = {
    "support": {0, 1, 2, 3, 5},
    "safety": {0, 1, 2, 3, 4, 5},
    "finance": {0},
    "auditor": {0, 6},
}


def test_the_console_has_no_sign_in_of_its_own(client, alice):
    answer = client.get("/admin/")
    assert client.get(answer["Location"])["Location"].startswith("/accounts/login/")
    as_alice = client_of(alice.person)
    assert as_alice.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_sees_its_lists_and_no_others(root, alice, role):
    client = client_of(staff(role, root))
    found = {n for n, model in enumerate(LISTS) if client.get(page(model)).status_code == 200}
    assert found == SEEN[role]


@pytest.mark.parametrize("model", LISTS)
def test_superusers_see_all_lists_and_edit_nothing(root, alice, bob, model):
    actions.create_token(person=alice.person, name="Script")
    actions.block_account(owner=alice, account_id=bob.public_id)
    client = client_of(root)
    client.get("/me/")
    assert client.get(page(model)).status_code == 200
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{model}_nonsense")
    assert client.get(page(model, "add")).status_code == 403
    assert client.get(page(model), {"q": "alice"}).status_code == 200


def test_a_row_is_shown_and_cannot_be_posted(root, alice):
    client = client_of(root)
    address = page("accounts_person", "change", alice.person.pk)
    text = client.get(address).content.decode()
    assert "alice@example.com" in text
    assert alice.person.password not in text
    answer = client.post(address, {"is_superuser": "on", "email": "x@example.com"})
    assert answer.status_code == 403
    assert not Person.objects.get(pk=alice.person.pk).is_superuser


def test_no_secret_is_shown(root, alice):
    token, secret = actions.create_token(person=alice.person, name="Script")
    client, other = client_of(root), client_of(alice.person)
    other.get("/me/")
    key = other.cookies["sessionid"].value
    session = alice.person.usersession_set.get()
    for address in (
        page("accounts_personaltoken"),
        page("accounts_personaltoken", "change", token.pk),
        page("usersessions_usersession"),
        page("usersessions_usersession", "change", session.pk),
    ):
        text = client.get(address).content.decode()
        assert client.get(address).status_code == 200
        for hidden in (secret, token.digest, key):
            assert hidden not in text


@pytest.mark.parametrize(
    "query", ["password__startswith=p", "account__person__password__startswith=p", "o=password"]
)
def test_secrets_are_not_asked_for_by_address(root, query):
    answer = client_of(root).get(f"{page('accounts_person')}?{query}")
    assert answer.status_code in {200, 302, 400}
    assert "results" not in str(getattr(answer, "context", "") or "")[:0]


def test_a_person_is_suspended_with_a_reason(root, alice):
    client = client_of(staff("safety", root))
    address = page("accounts_person", "suspend", alice.person.pk)
    assert "Reason" in client.get(address).content.decode()
    assert client.post(address, {"said": " "}).status_code == 200
    assert Person.objects.get(pk=alice.person.pk).is_active
    assert client.post(address, {"said": "spam"}).status_code == 302
    person = Person.objects.get(pk=alice.person.pk)
    assert (person.is_active, person.suspension_reason) == (False, "spam")
    client.post(page("accounts_person", "reinstate", person.pk), {"said": "a mistake"})
    assert Person.objects.get(pk=alice.person.pk).is_active
    reasons = LogEntry.objects.exclude(additional_data=None).values_list(
        "additional_data__reason", flat=True
    )
    assert list(reasons.order_by("pk")) == ["spam", "a mistake"]


def test_a_refusal_is_shown_and_nothing_happens(root):
    other = staff("support", root, "Other")
    client = client_of(staff("safety", root))
    answer = client.post(page("accounts_person", "suspend", other.pk), {"said": "envy"})
    assert "Staff can&#x27;t be suspended here." in answer.content.decode()
    assert Person.objects.get(pk=other.pk).is_active


def test_buttons_follow_the_role(root, alice):
    client = client_of(staff("support", root))
    for button in ("suspend", "reinstate", "make_staff", "take_role"):
        answer = client.post(page("accounts_person", button, alice.person.pk), {"said": "x"})
        assert answer.status_code == 403, button
    assert Person.objects.get(pk=alice.person.pk).is_active
    token, _secret = actions.create_token(person=alice.person, name="Script")
    other = client_of(alice.person)
    other.get("/me/")
    client.post(page("accounts_personaltoken", "revoke", token.pk), {"said": "leaked"})
    assert not PersonalToken.objects.exists()
    client.post(page("accounts_person", "sign_out", alice.person.pk), {"said": "stolen"})
    assert not Session.objects.filter(pk=other.cookies["sessionid"].value).exists()


def test_a_button_for_nobody_is_not_found(root):
    answer = client_of(root).post(page("accounts_person", "suspend", 999_999), {"said": "x"})
    assert answer.status_code == 404


def test_superusers_give_and_take_roles(root, alice):
    client = client_of(root)
    client.post(page("accounts_person", "make_staff", alice.person.pk), {"said": "support"})
    person = Person.objects.get(pk=alice.person.pk)
    assert (person.is_staff, [g.name for g in person.groups.all()]) == (True, ["support"])
    client.post(page("accounts_person", "make_staff", alice.person.pk), {"said": "king"})
    client.post(page("accounts_person", "take_role", alice.person.pk), {"said": "left"})
    person = Person.objects.get(pk=alice.person.pk)
    assert (person.is_staff, person.groups.count()) == (False, 0)
    assert client_of(person).get("/admin/", follow=True).status_code == 403
    assert [e.changes for e in LogEntry.objects.order_by("pk")] == [
        {"role": ["", "support"]},
        {"role": ["support", ""]},
    ]


def test_nobody_raises_themselves(root, alice):
    person = staff("safety", root)
    for who in (alice.person, person, root):
        with pytest.raises(NotAllowed):
            actions.grant_role(person=who, role="support", staff=person)
        with pytest.raises(NotAllowed):
            actions.take_role(person=who, staff=person)
    root.is_superuser = True
    with pytest.raises((NotAllowed, CannotChangeOwnRole)):
        actions.grant_role(person=root, role="support", staff=root)
    with pytest.raises(NotARole):
        actions.grant_role(person=alice.person, role="king", staff=root)
    assert not Person.objects.get(pk=alice.person.pk).is_staff


def test_what_libraries_offer_for_editing_is_not_there(root):
    for model in ("account_emailaddress", "mfa_authenticator", "auth_group"):
        with pytest.raises(NoReverseMatch):
            page(model)
