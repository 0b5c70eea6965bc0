"""With a role of its own the application runs as before, and cannot switch the guards off."""

from io import StringIO
from time import monotonic, sleep

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.errors import Error, InsufficientPrivilege

from payments import actions, ledger, queries
from payments.ledger import roles
from payments.models import LedgerAccount, Seal
from superapp.kernel.money import Money
from tests.chat.conftest import room
from tests.payments.between import key, means, rich
from tests.payments.money import give, has, pay
from tests.payments.saving import lies_in, pot_of
from tests.payments.test_ledger_tampering import ATTEMPTS, A, B, door, everything

__all__ = ["room"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

# What the owner of the tables could do, and a superuser.
_REFUSE = (
    "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
)
FORCE = {
    "switch a guard off": "ALTER TABLE ledger_posting DISABLE TRIGGER ledger_written_once",
    "switch all triggers off": "SET session_replication_role = replica",
    "drop a guard": "DROP TRIGGER ledger_only_by_post ON ledger_journal",
    "make the guards say nothing": _REFUSE.format("ledger_refuse"),
    "make the door post something else": _REFUSE.format("ledger_post"),
    "open the door by one's own right": "ALTER FUNCTION ledger_post() SECURITY INVOKER",
    "make tables": "CREATE TABLE public.mine (id int)",
    "post from a trigger of one's own": "CREATE TEMP TABLE mine (id int);"
    " CREATE FUNCTION pg_temp.mine() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN UPDATE public.ledger_account SET balance = balance + 1; RETURN NEW; END';"
    " CREATE TRIGGER mine BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.mine();"
    " INSERT INTO mine VALUES (1)",
    "drop the floor": "ALTER TABLE ledger_account DROP CONSTRAINT ledger_no_overdraft",
    "drop the books": "DROP TABLE ledger_posting CASCADE",
    "rewrite a seal": "UPDATE ledger_seal SET content_hash = 'x'",
    "forget what was migrated": "DELETE FROM django_migrations",
    "give oneself more": "GRANT pg_write_all_data TO CURRENT_USER",
}


@pytest.fixture
def role(db, settings):
    """A role like one that an operator made, and its rights; gone afterwards."""
    name = f"{connection.settings_dict['NAME']}_app"
    run(f"CREATE ROLE {name} LOGIN PASSWORD 'app'")
    settings.LEDGER_ROLE = name
    call_command("ledger_role", stdout=StringIO())
    yield name
    run(f"DROP OWNED BY {name}", f"DROP ROLE {name}")
    run("ALTER FUNCTION ledger_post() SECURITY INVOKER RESET ALL")


@pytest.fixture
def as_role(role):
    """The application signs in as it."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=role, PASSWORD="app")
    yield
    connection.close()
    connection.settings_dict.update(USER=before["USER"], PASSWORD=before["PASSWORD"])


@pytest.fixture
def shell(role):
    """Somebody with the application's password and a SQL shell."""
    there = connection.get_connection_params()
    kept = {name: there[name] for name in ("host", "port", "dbname") if there.get(name)}
    with psycopg.connect(**kept, user=role, password="app", autocommit=True) as found:
        yield found


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def seal_once_others_have_ended():
    """Tests beside this one on the same server write too, in transactions as long as they are."""
    deadline = monotonic() + 120
    while actions.seal_books() is None:
        assert monotonic() < deadline, "another test writes for ever"
        sleep(0.05)


def test_money_moves_as_before(alice, bob, room, as_role):
    rich(alice)
    pot = pot_of(alice, minor=500)
    sent = actions.send_transfer(
        sender=alice,
        conversation_id=room.public_id,
        amount=Money(3000, "CNY"),
        client_id=key(),
        means=means(),
    )
    actions.accept_transfer(receiver=bob, transfer_id=sent.public_id)
    actions.close_pot(owner=alice, pot_id=pot.public_id)
    ledger.freeze_out(ledger.user_available(bob, "CNY"))
    assert (has(alice), has(bob), lies_in(pot)) == (97_000, 3000, 0)
    assert LedgerAccount.objects.get(owner=bob).status == "frozen_out"
    assert actions.check_and_keep().green
    seal_once_others_have_ended()
    assert actions.check_and_keep().green
    assert Seal.objects.count() == 1
    assert not roles.is_owner()


@pytest.mark.parametrize("attempt", (ATTEMPTS | FORCE).values(), ids=ATTEMPTS | FORCE)
def test_the_database_refuses(alice, bob, shell, attempt):
    give(alice, 1000)
    give(bob, 50, "JPY")
    pay("gift:1", alice, bob, 300)
    actions.check_and_keep()
    actions.seal_books()
    before = everything(), list(Seal.objects.values())
    with pytest.raises(Error) as told:
        shell.execute(attempt)
    if attempt in FORCE.values():
        assert isinstance(told.value, InsufficientPrivilege)
    assert (everything(), list(Seal.objects.values())) == before
    assert queries.check_books().is_green


def test_its_own_tables_do_not_stand_in_for_the_books(alice, bob, shell):
    """What the door does by the owner's right it does to the real accounts."""
    give(alice, 1000)
    pay("gift:1", alice, bob, 300)
    for table in ("ledger_account", "ledger_journal", "ledger_posting"):
        shell.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL)")
    shell.execute("INSERT INTO ledger_account SELECT * FROM public.ledger_account")
    shell.execute("UPDATE ledger_account SET balance = 1000000")
    statement = door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="5000")
    said = shell.execute(f"{statement} RETURNING outcome").fetchone()
    assert said == ("insufficient_funds",)
    statement = door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="5")
    assert shell.execute(f"{statement} RETURNING outcome").fetchone() == ("created",)
    assert {has(alice), has(bob)} == {695, 305}
    assert queries.check_books().is_green


def test_a_role_that_could_become_the_owner_is_no_help(role):
    owner = connection.settings_dict["USER"]
    assert roles.unfit(role) == ""
    assert roles.unfit("nobody_at_all").startswith("There is no role")
    assert roles.unfit(owner).startswith("Run this as the owner")
    run(f"ALTER ROLE {role} CREATEROLE")
    assert roles.unfit(role).endswith("may become the owner.")
    run(f"ALTER ROLE {role} NOCREATEROLE", f"GRANT {owner} TO {role}")
    with pytest.raises(CommandError, match="may become the owner"):
        call_command("ledger_role")
    run(f"REVOKE {owner} FROM {role}")


def test_with_one_role_there_is_nothing_to_do_and_the_check_says_what_that_means(db, settings):
    settings.LEDGER_ROLE = ""
    said = StringIO()
    call_command("ledger_role", stdout=said)
    assert "nothing to do" in said.getvalue()
    said = StringIO()
    call_command("ledger_check", stdout=said)
    assert "note I6   This role could switch the guards off" in said.getvalue()
