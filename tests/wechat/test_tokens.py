"""Secrets, access tokens and tickets of programs."""

from datetime import timedelta

import pytest

from accounts import actions
from accounts.errors import OfficialNotFound
from accounts.models import ProgramToken
from superapp.kernel import time
from superapp.kernel.errors import NotAllowed
from tests.official.businesses import hire

ADDRESSES = {"ip_list": ["127.0.0.1"]}


def later(**after):
    return time.pretend(time.now() + timedelta(**after))


def test_a_token_lives_two_hours(program):
    with later(seconds=7199):
        assert program.ask("GET", "getcallbackip") == ADDRESSES
    with later(seconds=7201):
        assert program.code("GET", "getcallbackip") == 42001


def test_the_token_before_lives_five_minutes_more(program):
    first = program.token
    second = program.fetch()["access_token"]
    assert first != second
    assert program.ask("GET", "getcallbackip", access_token=first) == ADDRESSES
    with later(minutes=6):
        assert program.code("GET", "getcallbackip", access_token=first) == 42001
        assert program.ask("GET", "getcallbackip", access_token=second) == ADDRESSES


def test_answers_are_what_clients_parse(client, program):
    answer = client.get("/cgi-bin/token", {"grant_type": "client_credential", "appid": "wx0"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json; encoding=utf-8"
    assert answer.json()["errcode"] == 41004
    assert " rid: " in answer.json()["errmsg"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "0" * 32}, 40125),
    ],
)
def test_what_is_wrong_with_a_request_has_its_code(program, given, code):
    assert program.fetch(**given)["errcode"] == code


def test_no_token_and_a_strange_one(program):
    program.token = ""
    assert program.code("GET", "getcallbackip") == 41001
    assert program.code("GET", "getcallbackip", access_token="stale") == 40001
    assert program.code("POST", "getcallbackip", {}) == 43001
    assert program.code("GET", "menu/create") == 43002
    assert program.code("GET", "no/such/thing") == 40066


def test_a_stable_token_stays_the_same_until_it_is_forced(program):
    def ask(**more):
        given = {
            "grant_type": "client_credential",
            "appid": program.official.appid,
            "secret": program.secret,
            **more,
        }
        return program.ask("POST", "stable_token", given)

    first, again = ask(), ask(force_refresh=False)
    assert first["access_token"] == again["access_token"]
    program.fetch()
    assert program.ask("GET", "getcallbackip", access_token=first["access_token"]) == ADDRESSES, (
        "the other kind does not touch it"
    )
    forced = ask(force_refresh=True)
    assert forced["access_token"] != first["access_token"]
    assert program.code("GET", "getcallbackip", access_token=first["access_token"]) == 42001
    with later(seconds=7000):
        assert 0 < ask()["expires_in"] <= 200
    assert ask(secret="bad")["errcode"] == 40125
    assert ask(secret={"a": 1})["errcode"] == 40097
    assert "access_token" in ask(force_refresh=[])


def test_a_ticket_is_one_for_everybody(program):
    first = program.ask("GET", "ticket/getticket", type="jsapi")
    again = program.ask("GET", "ticket/getticket", type="jsapi")
    other = program.ask("GET", "ticket/getticket", type="wx_card")
    assert first["ticket"] == again["ticket"] != other["ticket"]
    assert program.code("GET", "ticket/getticket", type="what") == 40097
    assert program.code("GET", "getcallbackip", access_token=first["ticket"]) == 40001


def test_the_quota_of_a_day(program, settings):
    settings.PROGRAM_TOKENS_PER_DAY = 2
    assert "access_token" in program.fetch()
    assert program.fetch()["errcode"] == 45009
    with later(days=1, minutes=1):
        assert "access_token" in program.fetch()


def test_a_new_secret_ends_everything_before(program, alice):
    before = program.token
    program.secret = actions.reset_program_secret(official=program.official, actor=alice)
    assert program.code("GET", "getcallbackip", access_token=before) == 40001
    assert "access_token" in program.fetch()


def test_only_developers_make_secrets(program, bob, bobs):
    with pytest.raises(OfficialNotFound):
        actions.reset_program_secret(official=program.official, actor=bob)
    hire(program.official, program.official.owner, bob, "agent")
    with pytest.raises(NotAllowed):
        actions.reset_program_secret(official=program.official, actor=bob)
    assert program.ask("GET", "getcallbackip") == ADDRESSES


def test_a_suspended_account_has_no_programs(program, root):
    actions.suspend_official(official=program.official, staff=root, reason="Complaints")
    assert program.code("GET", "getcallbackip") == 40001
    assert program.fetch()["errcode"] == 40013


def test_what_is_stored_is_no_token(program):
    row = ProgramToken.objects.get(official=program.official)
    assert program.token not in {row.nonce, row.digest}
    assert program.code("GET", "getcallbackip", access_token=row.nonce) == 40001


def test_the_actions_behind_the_doors(program, alice):
    shop = actions.authenticate_program(appid=program.official.appid, secret=program.secret)
    assert shop == program.official
    stable = actions.issue_stable_token(official=shop)
    assert actions.issue_stable_token(official=shop).token == stable.token
    assert actions.replace_stable_token(official=shop).token != stable.token
    ticket = actions.program_ticket(official=shop, kind="jsapi")
    tokens = {actions.issue_program_token(official=shop).token, stable.token, ticket.token}
    assert len(tokens) == 3
    assert all(16 <= len(token) <= 512 for token in tokens)
