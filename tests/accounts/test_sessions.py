"""Devices, tokens and sign-in by QR code: each ends at once, sockets included."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from accounts import actions, ports, queries
from accounts.errors import (
    BadName,
    NotConfirmedYet,
    QRLoginNotFound,
    SessionNotFound,
    TokenNotFound,
    TooManyTokens,
)
from accounts.models import Person, PersonalToken, QRLogin
from superapp.kernel.errors import Conflict, TooMany
from tests.accounts.devices import CHROME, IPHONE, sign_in


def test_the_list_says_what_where_and_when(alice, bob):
    here, phone = sign_in(alice), sign_in(alice, agent=IPHONE, ip="203.0.113.9")
    sign_in(bob)
    devices = queries.devices_of(alice.person, current_key=here)
    assert [(d.name, d.place, d.is_current) for d in devices] == [
        ("Chrome, Windows", "This computer", True),
        ("Safari, iPhone", "Local network", False),
    ]
    assert devices[1].id == queries.session_id(phone)
    assert here not in devices[0].id


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME + " Edg/130.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox, Linux",
        ),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
        ("Android" * 5000, "Android"),
    ],
)
def test_devices_are_named_by_what_they_say(agent, name):
    assert queries.device_name(agent) == name


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("127.0.0.1", "This computer"),
        ("10.1.2.3", "Local network"),
        ("8.8.8.8", "8.8.8.…"),
        ("2001:4860:4860::8888", "2001:4860:4860:…"),
        ("nonsense", "Unknown place"),
    ],
)
def test_places_are_what_an_address_says_without_its_end(ip, place):
    assert queries.place_of(ip) == place


def test_activity_is_written_now_and_then(alice, django_assert_num_queries):
    key = sign_in(alice)
    with django_assert_num_queries(0):
        actions.note_activity(person=alice.person, session_key=key, ip="::1", user_agent="x")
        actions.note_activity(person=alice.person, session_key="", ip="::1", user_agent="x")


def test_ending_a_session_ends_it_and_its_sockets(alice, bob, dropped):
    here, phone, theirs = sign_in(alice), sign_in(alice), sign_in(bob)
    with dropped.during():
        actions.end_session(person=alice.person, session_id=queries.session_id(phone))
    assert set(Session.objects.values_list("pk", flat=True)) == {here, theirs}
    assert dropped == [(alice.pk, {phone})]
    with dropped.during():
        for gone in (phone, theirs):
            with pytest.raises(SessionNotFound):
                actions.end_session(person=alice.person, session_id=queries.session_id(gone))
    assert Session.objects.count() == 2


def test_ending_all_others_keeps_this_one(alice, dropped):
    here, phone, old = sign_in(alice), sign_in(alice), sign_in(alice)
    with dropped.during():
        assert actions.end_other_sessions(person=alice.person, keep=here) == 2
    assert [s.pk for s in Session.objects.all()] == [here]
    assert dropped == [(alice.pk, {phone, old})]
    with dropped.during():
        assert actions.end_other_sessions(person=alice.person, keep=here) == 0
    assert len(dropped) == 1


def test_signing_out_closes_the_sockets_of_that_session(alice, dropped):
    key = sign_in(alice)
    with dropped.during():
        actions.forget_session(person=alice.person, session_key=key)
    assert dropped == [(alice.pk, {key})]


def test_a_new_password_ends_other_sessions_and_every_token(alice, bob, dropped):
    here, phone, theirs = sign_in(alice), sign_in(alice), sign_in(bob)
    _token, secret = actions.create_token(person=alice.person, name="Script")
    _other, kept = actions.create_token(person=bob.person, name="Script")
    with dropped.during():
        actions.set_password(person=alice.person, password="brand new horse", keep=here)
    assert set(Session.objects.values_list("pk", flat=True)) == {here, theirs}
    assert queries.token_for(secret) is None
    assert queries.token_for(kept) is not None
    assert dropped == [(alice.pk, {phone, ""})]
    assert Person.objects.get(pk=alice.person.pk).check_password("brand new horse")


def test_all_access_ends_but_the_session_that_is_kept(alice, dropped):
    here, phone = sign_in(alice), sign_in(alice)
    actions.create_token(person=alice.person, name="Script")
    with dropped.during():
        actions.end_all_access(person=alice.person, keep=here)
    assert [s.pk for s in Session.objects.all()] == [here]
    assert not PersonalToken.objects.exists()
    assert dropped == [(alice.pk, {phone, ""})]


def test_a_strange_device_is_announced_to_whoever_listens(alice, heard, monkeypatch):
    seen = []
    port = type(ports.new_device_seen)("test")
    port.register(lambda person, device: seen.append((person, device)))
    monkeypatch.setattr(ports, "new_device_seen", port)
    with heard.during():
        actions.greet_device(person=alice.person, device="Safari, iPhone")
    assert seen == [(alice.person, "Safari, iPhone")]
    assert heard.kinds() == ["accounts.sessions_changed"]


# ----------------------------------------------------------------------------------------- tokens


def test_a_secret_is_shown_once_and_only_its_sum_is_kept(alice):
    token, secret = actions.create_token(person=alice.person, name=" My script ")
    assert (token.name, token.hint) == ("My script", secret[-4:])
    assert secret not in str(PersonalToken.objects.values().get())
    assert queries.token_for(secret) == token
    assert queries.token_for(secret + "x") is None


def test_tokens_are_named_and_few(alice, settings):
    settings.TOKENS_MAX = 1
    with pytest.raises(BadName):
        actions.create_token(person=alice.person, name=" ")
    actions.create_token(person=alice.person, name="one")
    with pytest.raises(TooManyTokens):
        actions.create_token(person=alice.person, name="two")
    assert PersonalToken.objects.count() == 1


def test_the_use_of_a_token_is_written_now_and_then(alice, django_assert_num_queries):
    token, _secret = actions.create_token(person=alice.person, name="one")
    actions.note_token_use(token=token)
    assert PersonalToken.objects.get().last_used_at is not None
    with django_assert_num_queries(0):
        actions.note_token_use(token=token)


def test_a_revoked_token_opens_nothing_and_nobody_revokes_anothers(alice, bob, dropped):
    token, secret = actions.create_token(person=alice.person, name="one")
    with pytest.raises(TokenNotFound):
        actions.revoke_token(person=bob.person, token_id=token.public_id)
    assert queries.token_for(secret) == token
    with dropped.during():
        actions.revoke_token(person=alice.person, token_id=token.public_id)
    assert queries.token_for(secret) is None
    assert dropped == [(alice.pk, {""})]


# ------------------------------------------------------------------------------- sign-in by QR code


@pytest.fixture
def waiting(db):
    return actions.start_qr_login(device="Chrome, Windows", place="Local network", ip="10.0.0.1")


def test_the_phone_scans_and_confirms_and_the_browser_gets_in_once(alice, waiting):
    row, secret = waiting
    assert row.due_at - row.created_at == timedelta(minutes=5)
    assert actions.scan_qr_login(person=alice.person, token=row.token).status == "scanned"
    with pytest.raises(NotConfirmedYet):
        actions.claim_qr_login(token=row.token, secret=secret)
    actions.confirm_qr_login(person=alice.person, token=row.token)
    assert actions.claim_qr_login(token=row.token, secret=secret) == alice.person
    with pytest.raises(QRLoginNotFound):
        actions.claim_qr_login(token=row.token, secret=secret)
    assert QRLogin.objects.get().status == "used"


def test_seeing_the_code_is_not_enough_to_get_in(alice, waiting):
    row, _secret = waiting
    actions.confirm_qr_login(person=alice.person, token=row.token)
    for guess in ("", row.token, row.claim_digest):
        with pytest.raises(QRLoginNotFound):
            actions.claim_qr_login(token=row.token, secret=guess)
    assert QRLogin.objects.get().status == "confirmed"


def test_only_the_one_who_scanned_confirms(alice, carol, waiting):
    row, _secret = waiting
    actions.scan_qr_login(person=alice.person, token=row.token)
    for answer in (actions.scan_qr_login, actions.confirm_qr_login, actions.cancel_qr_login):
        with pytest.raises(QRLoginNotFound):
            answer(person=carol.person, token=row.token)
    assert QRLogin.objects.get().status == "scanned"


def test_either_side_cancels(alice, waiting):
    row, secret = waiting
    actions.cancel_qr_login(person=alice.person, token=row.token)
    with pytest.raises(QRLoginNotFound):
        actions.claim_qr_login(token=row.token, secret=secret)
    other, key = actions.start_qr_login(device="", place="", ip="10.0.0.1")
    actions.withdraw_qr_login(token=other.token, secret=key)
    with pytest.raises(QRLoginNotFound):
        actions.confirm_qr_login(person=alice.person, token=other.token)
    with pytest.raises(QRLoginNotFound):
        actions.withdraw_qr_login(token=row.token, secret="guess")


def test_a_code_is_over_after_five_minutes(alice, waiting):
    row, secret = waiting
    actions.confirm_qr_login(person=alice.person, token=row.token)
    late = row.due_at + timedelta(seconds=1)
    with time_machine.travel(late, tick=False), pytest.raises(QRLoginNotFound):
        actions.claim_qr_login(token=row.token, secret=secret)


def test_a_confirmation_is_not_given_twice(alice, waiting):
    row, _secret = waiting
    actions.confirm_qr_login(person=alice.person, token=row.token)
    with pytest.raises(Conflict):
        actions.confirm_qr_login(person=alice.person, token=row.token)


def test_somebody_who_was_suspended_meanwhile_is_not_let_in(alice, waiting):
    row, secret = waiting
    actions.confirm_qr_login(person=alice.person, token=row.token)
    Person.objects.filter(account=alice).update(is_active=False)
    with pytest.raises(QRLoginNotFound):
        actions.claim_qr_login(token=row.token, secret=secret)


def test_codes_are_not_made_without_end(db):
    for _ in range(30):
        actions.start_qr_login(device="", place="", ip="10.0.0.2")
    with pytest.raises(TooMany):
        actions.start_qr_login(device="", place="", ip="10.0.0.2")
    assert QRLogin.objects.count() == 30
