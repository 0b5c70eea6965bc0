"""Looking people up: only where they let themselves be found, and only so often."""

import pytest

from accounts import actions, ports, queries
from accounts.errors import BadAddress, PersonNotFound
from accounts.models import Account, Person
from chat import actions as groups
from superapp.kernel.errors import TooMany
from tests import cast


def switch(account, **fields):
    Person.objects.filter(account=account).update(**fields)


def test_an_id_and_a_proved_number_find_their_owner(alice, carol):
    Account.objects.filter(pk=alice.pk).update(handle="alice_01")
    actions.prove_phone(person=alice.person, phone="+8613800138000")
    by_handle = actions.find_person(viewer=carol, words=" ALICE_01 ")
    by_phone = actions.find_person(viewer=carol, words="138 0013 8000")
    assert (by_handle.account, by_phone.account) == (alice, alice)
    assert queries.source_of(carol, alice, by_handle.way) == "handle"
    assert queries.source_of(carol, alice, by_phone.way) == "phone"


def test_what_is_switched_off_or_unproved_finds_nobody(alice, carol):
    Account.objects.filter(pk=alice.pk).update(handle="alice_01")
    switch(alice, is_found_by_handle=False, phone="+8613800138000")
    for words in ("alice_01", "+8613800138000", "Alice", "", "x" * 5000):
        with pytest.raises(PersonNotFound):
            actions.find_person(viewer=carol, words=words)
    actions.prove_phone(person=alice.person, phone="+8613800138000")
    switch(alice, is_found_by_phone=False)
    with pytest.raises(PersonNotFound):
        actions.find_person(viewer=carol, words="+8613800138000")


def test_look_ups_are_counted_found_or_not(alice, carol, settings):
    settings.LOOKUPS_PER_DAY = 2
    Account.objects.filter(pk=alice.pk).update(handle="alice_01")
    actions.find_person(viewer=carol, words="alice_01")
    with pytest.raises(PersonNotFound):
        actions.find_person(viewer=carol, words="nobody_1")
    with pytest.raises(TooMany):
        actions.find_person(viewer=carol, words="alice_01")
    with pytest.raises(TooMany):
        actions.scan_person(viewer=carol, token=alice.person.qr_token)
    assert actions.find_person(viewer=alice, words="alice_01").account == alice


def test_a_personal_code_works_until_it_is_reset_or_switched_off(alice, carol):
    old = alice.person.qr_token
    found = actions.scan_person(viewer=carol, token=old)
    assert (found.account, queries.source_of(carol, alice, found.way)) == (alice, "qr")
    new = actions.reset_qr(account=alice)
    with pytest.raises(PersonNotFound):
        actions.scan_person(viewer=carol, token=old)
    assert actions.scan_person(viewer=carol, token=new).account == alice
    switch(alice, is_found_by_qr=False)
    with pytest.raises(PersonNotFound):
        actions.scan_person(viewer=carol, token=new)


@pytest.mark.parametrize(
    ("typed", "email", "phone"),
    [
        (" Alice@Example.COM ", "alice@example.com", ""),
        ("13800138000", "", "+8613800138000"),
        ("+44 20 7946 0018", "", "+442079460018"),
    ],
)
def test_one_field_takes_both_kinds_of_address(typed, email, phone):
    assert queries.read_address(typed) == queries.Address(email, phone)


@pytest.mark.parametrize(
    "typed", ["", "alice", "a@b", "12", "@" * 500, "+86 138\n00138000", "9" * 40]
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadAddress):
        queries.read_address(typed)


def test_people_who_meet_anyhow_may_ask_unless_it_is_switched_off(alice, carol, monkeypatch):
    meetings = type(ports.meetings)("test")
    meetings.register("group", lambda viewer, other: {viewer, other} == {alice, carol})
    monkeypatch.setattr(ports, "meetings", meetings)
    way = queries.profile_for(carol, alice.public_id).way
    assert queries.source_of(carol, alice, way) == "group"
    assert queries.open_way(carol, alice, "made up").count(":") == 2
    switch(alice, is_found_by_group=False)
    assert queries.profile_for(carol, alice.public_id).way == ""


def test_a_group_is_such_a_meeting(alice, bob, carol):
    assert queries.profile_for(carol, alice.public_id).way == ""
    cast.make_friends(bob, carol)
    groups.create_group(owner=bob, members=[alice, carol], title="Choir")
    way = queries.profile_for(carol, alice.public_id).way
    assert queries.source_of(carol, alice, way) == "group"
