"""Every address of the product × everybody who may come: one table, nothing left out.

A route that is missing from the table fails, and so does a line without its route.
"""

import json

import pytest
from django.db import connection

from superapp.kernel import push
from tests.conftest import Heard
from tests.database import undone
from tests.permissions import world as worlds
from tests.permissions.console import CONSOLE
from tests.permissions.pages import FORMS, PAGES
from tests.permissions.programs import OPERATIONS
from tests.permissions.world import VISITORS, WORDS

ROUTES = {route.key: route for route in worlds.routes()}
OURS = {key for key, route in ROUTES.items() if not route.pattern.startswith("api/v1/")}
# What a refused request may write: when a session was last used, and one more counted try.
NOTED = {"usersessions_usersession", "kernel_tally"}
# The same for everybody, so that a browser or a proxy may keep them.
SHARED = {"service-worker", "javascript-catalog"}


@pytest.fixture
def world(db, settings):
    settings.API_BURST = 1_000_000
    return worlds.make(settings)


@pytest.fixture
def watch(world, django_capture_on_commit_callbacks):
    """`watch(visitor, method, address, …)` asks, undoes it, and says what came of it."""
    told = Heard()
    before = push.set_speaker(told)

    def ask(visitor, method, address, body=None, **headers):
        told.clear()
        with undone():
            written = writes()
            with django_capture_on_commit_callbacks(execute=True):
                status, found, said = worlds.ask(
                    world.clients[visitor], method, address, body, **headers
                )
            changed = {table for table, count in writes().items() if count != written.get(table)}
        return Answer(status, found, said, changed - NOTED, list(told))

    yield ask
    push.set_speaker(before)


class Answer:
    def __init__(self, status, headers, body, changed, told):
        self.status, self.headers, self.body = status, headers, body
        self.changed, self.told = changed, told

    @property
    def is_refused(self):
        return self.status in {401, 403, 404, 405} or "/login/" in self.headers.get("Location", "")

    @property
    def is_public(self):
        """Whether somebody else could be shown it."""
        kept = self.headers.get("Cache-Control", "")
        return not ("private" in kept or "no-store" in kept)


def writes():
    """How often each table was written in this transaction, also by what was rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


def differences(rules, ask, visitor):
    """Lines of the table that are not so, and what else is wrong with an answer."""
    for rule in rules:
        answer = ask(visitor, rule)
        wanted = rule.expected[visitor]
        if answer.status != wanted:
            yield f"{rule}: {answer.status} instead of {wanted}"
        if answer.is_refused and (answer.changed or answer.told):
            yield f"{rule}: refused, but wrote {answer.changed} and told {answer.told}"
        if answer.is_public and rule.key not in SHARED:
            yield f"{rule}: may be kept for others ({answer.headers.get('Cache-Control')})"


def test_every_page_stands_in_the_table_and_no_other_does():
    assert {rule.key for rule in [*PAGES, *FORMS, *CONSOLE]} == OURS


def operations():
    """(route, method) of every operation of the API."""
    for key, route in ROUTES.items():
        if route.pattern.startswith("api/v1/"):
            view = route.callback.view_class
            yield from ((key, m.upper()) for m in view.http_method_names if hasattr(view, m))


def test_every_operation_of_the_api_stands_in_the_table_and_no_other_does():
    found = {pair for pair in operations() if pair[1] != "OPTIONS"}
    assert {(rule.key, rule.verb) for rule in OPERATIONS} == found


def calls(world, watch):
    """Asks as a program does: JSON, and a token instead of a session."""

    def ask(visitor, rule, ids=world.ids):
        body = rule.filled(ids)
        token = world.tokens.get(visitor)
        return watch(
            "anonymous",
            rule.verb,
            rule.address(ROUTES[rule.key], ids),
            b"" if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    return ask


def visits(world, watch):
    """Asks as a browser does."""

    def ask(visitor, rule, ids=world.ids):
        return watch(visitor, rule.verb, rule.address(ROUTES[rule.key], ids), rule.filled(ids))

    return ask


def listed(lines):
    return "".join(f"\n  {line}" for line in lines)


@pytest.mark.parametrize("visitor", VISITORS)
def test_what_everybody_gets_from_a_page(visitor, world, watch):
    found = list(differences([*PAGES, *FORMS, *CONSOLE], visits(world, watch), visitor))
    assert not found, listed(found)


@pytest.mark.parametrize("visitor", VISITORS)
def test_what_everybody_gets_from_the_api(visitor, world, watch):
    found = list(differences(OPERATIONS, calls(world, watch), visitor))
    assert not found, listed(found)


def with_ids(rules):
    return [rule for rule in rules if set(ROUTES[rule.key].arguments) - set(WORDS)]


@pytest.mark.parametrize("visitor", ["stranger", "staff"])
def test_what_is_missing_and_what_is_not_theirs_look_the_same(visitor, world, watch):
    for rules, door in ((PAGES + FORMS, visits), (OPERATIONS, calls)):
        ask = door(world, watch)
        for rule in with_ids(rules):
            if rule.expected[visitor] == 404:
                theirs, missing = ask(visitor, rule), ask(visitor, rule, world.missing())
                assert missing.status == 404, rule
                if door is calls:
                    assert (rule, theirs.body) == (rule, missing.body)


def test_nobody_is_told_what_the_table_did_not_expect(world, watch):
    """The watch sees: what a member does is written, and told to the others."""
    said = visits(world, watch)("member", next(r for r in FORMS if r.key == "chat:thread"))
    assert "chat_message" in said.changed
    assert [event["kind"] for _ids, event in said.told][:1] == ["chat.message_sent"]
