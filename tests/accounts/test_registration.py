"""Coming, proving an address, being forgotten; and every try is counted."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress

from accounts import actions, queries
from accounts.errors import AddressTaken, BadAddress, BadName
from accounts.models import Account, Person, SandboxLetter
from superapp.kernel import outbox
from superapp.kernel.errors import TooMany


def test_signing_up_makes_an_account_and_a_login_together(db):
    person = actions.register_person(
        name=" 王小明 ", password="correct horse", email="Wang@Example.com", language="zh-hans"
    )
    account = person.account
    assert (account.name, account.sort_key, person.email) == (
        "王小明",
        "wang xiao ming",
        "wang@example.com",
    )
    assert person.check_password("correct horse")
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_a_refused_sign_up_leaves_nothing(alice):
    for fields, refusal in (
        ({"email": "alice@example.com"}, AddressTaken),
        ({"email": "ALICE@example.com"}, AddressTaken),
        ({}, BadAddress),
        ({"email": "new@example.com", "name": " "}, BadName),
    ):
        with pytest.raises(refusal):
            actions.register_person(**({"name": "Eve", "password": "x"} | fields))
    assert Account.objects.get() == alice


def test_staff_are_enrolled_with_everything(db):
    root = actions.enrol_staff(name="Root", email="root@example.com", password="x")
    assert (root.is_staff, root.is_superuser, root.account.name) == (True, True, "Root")


def test_two_without_an_address_do_not_collide(alice, bob):
    for account in (alice, bob):
        account.person.email = ""
        account.person.save()
    assert set(Person.objects.values_list("email", flat=True)) == {None}


def test_an_address_that_is_never_proved_is_free_again(db):
    person = actions.register_person(name="Eve", password="x", email="eve@example.com")
    with time_machine.travel(person.date_joined + timedelta(days=1, minutes=1), tick=False):
        outbox.run_due(outbox.DEFAULT, limit=5)
    assert not Account.objects.exists()


def test_whoever_proved_something_or_signed_in_stays(db):
    proved = actions.enrol_person(name="A", password="x", email="a@example.com")
    by_phone = actions.register_person(name="B", password="x", phone="+8613800138000")
    actions.set_unproved_phone(person=by_phone, phone="+8613800138001")
    actions.prove_phone(person=by_phone, phone="+8613800138001")
    used = actions.register_person(name="C", password="x", email="c@example.com")
    Person.objects.filter(pk=used.pk).update(last_login="2026-01-01T00:00Z")
    for person in (proved, by_phone, used):
        actions.forget_unproved_person(person_id=person.pk)
    assert Person.objects.count() == 3


def test_a_number_belongs_to_one_person(alice, bob):
    actions.prove_phone(person=alice.person, phone="+8613800138000")
    for take in (actions.prove_phone, actions.set_unproved_phone):
        with pytest.raises(AddressTaken):
            take(person=bob.person, phone="+8613800138000")
    assert Person.objects.get(account=bob).phone is None


def test_letters_go_through_the_outbox_to_the_sandbox(db, settings):
    settings.EMAIL_BACKEND = "accounts.senders.SandboxEmail"
    actions.send_email(to="eve@example.com", subject="Your code", body="123456")
    actions.send_text(phone="+8613800138000", text="654321")
    assert not SandboxLetter.objects.exists()
    assert outbox.run_due(outbox.DELIVERIES, limit=5) == 2
    assert [(x.subject, x.body) for x in queries.letters_to("eve@example.com")] == [
        ("Your code", "123456")
    ]
    assert [x.body for x in queries.letters_to("+8613800138000")] == ["654321"]


def test_codes_are_counted_when_sent_and_when_tried(db, settings):
    actions.count_code_sent(to="eve@example.com")
    with pytest.raises(TooMany) as refused:
        actions.count_code_sent(to="EVE@example.com")
    assert 55 < refused.value.retry_after <= 60
    actions.count_code_sent(to="other@example.com")
    for _ in range(5):
        actions.count_code_try(attempt="s:1")
    with pytest.raises(TooMany):
        actions.count_code_try(attempt="s:1")
    actions.count_code_try(attempt="s:2")


def test_passwords_are_counted_by_address_and_by_network(db, settings):
    settings.PASSWORD_TRIES, settings.PASSWORD_TRIES_PER_IP = 2, 4
    for _ in range(2):
        actions.count_password_try(login="eve@example.com", ip="10.0.0.1")
    with pytest.raises(TooMany):
        actions.count_password_try(login="EVE@example.com", ip="10.0.0.2")
    actions.forgive_password_tries(login="eve@example.com")
    actions.count_password_try(login="eve@example.com", ip="10.0.0.1")
    actions.count_password_try(login="bob@example.com", ip="10.0.0.1")
    with pytest.raises(TooMany):
        actions.count_password_try(login="carol@example.com", ip="10.0.0.1")


def test_second_factors_are_counted(alice, settings):
    settings.PASSWORD_TRIES = 1
    actions.count_second_factor_try(person_id=alice.person.pk)
    with pytest.raises(TooMany):
        actions.count_second_factor_try(person_id=alice.person.pk)
    actions.forgive_second_factor_tries(person_id=alice.person.pk)
    actions.count_second_factor_try(person_id=alice.person.pk)
