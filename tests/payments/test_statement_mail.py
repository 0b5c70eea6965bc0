"""Statements by e-mail: only to an address that was proved, once for each request, and not too many."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import SandboxAttachment, SandboxLetter
from payments import actions, queries
from payments.errors import BadPeriod, CurrencyNotHeld, NoAddress
from superapp.kernel.errors import Invalid, TooLarge, TooMany
from superapp.kernel.idempotency import KeyReused
from superapp.kernel.models import Job
from tests.payments.test_between_api import caller
from tests.payments.test_statements import history, on  # noqa: F401
from tests.payments.wallets import run_gateway

pytestmark = pytest.mark.django_db
ASKED = {"first": "2026-10", "last": "2026-11", "currency": "CNY", "kind": "csv"}
SANDBOX = "accounts.senders.SandboxEmail"


@pytest.fixture
def alice_mails(history, settings):
    settings.EMAIL_BACKEND = SANDBOX
    EmailAddress.objects.filter(user=history.person).delete()
    EmailAddress.objects.create(user=history.person, email="alice@home.example", verified=True)
    with on(2026, 12, 2):
        yield history


def waiting():
    return Job.objects.filter(kind=actions.STATEMENT_JOB).count()


@pytest.mark.parametrize("kind", ["csv", "ofx", "pdf"])
def test_the_letter_brings_the_file(alice_mails, kind):
    said = actions.mail_statement(account=alice_mails, **ASKED | {"kind": kind})
    assert said == "alice@home.example"
    assert Job.objects.get(kind=actions.STATEMENT_JOB).queue == "deliveries"
    assert not SandboxLetter.objects.exists()
    run_gateway()
    file = SandboxAttachment.objects.get(letter__to="alice@home.example")
    assert file.name == f"statement-2026-10-2026-11-CNY.{kind}"
    page = Client().get("/sandbox/inbox/?to=alice@home.example").content.decode()
    address = f"/sandbox/inbox/{file.public_id}/"
    assert address in page
    got = Client().get(address)
    assert "attachment" in got["Content-Disposition"]
    wanted = {"csv": b"130.00", "ofx": b"<DTEND>20261201", "pdf": b"%PDF-"}
    assert wanted[kind] in got.content
    assert Client().get("/sandbox/inbox/att_nothing/").status_code == 404


def test_no_confirmed_address_no_letter(alice_mails):
    EmailAddress.objects.update(verified=False)
    with pytest.raises(NoAddress) as refused:
        actions.mail_statement(account=alice_mails, **ASKED)
    assert (refused.value.code, waiting()) == ("payments.no_address", 0)


def test_an_address_lost_meanwhile_gets_nothing(alice_mails):
    actions.mail_statement(account=alice_mails, **ASKED)
    EmailAddress.objects.update(verified=False)
    run_gateway()
    assert not SandboxLetter.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"first": "2026-11", "last": "2026-10"}, BadPeriod),
        ({"first": "2025-11"}, BadPeriod),
        ({"first": "2026-13"}, Invalid),
        ({"first": ""}, Invalid),
        ({"last": "2027-01"}, Invalid),
        ({"currency": "XXX"}, CurrencyNotHeld),
        ({"kind": "exe"}, Invalid),
    ],
)
def test_what_is_refused(alice_mails, wrong, refusal):
    with pytest.raises(refusal):
        actions.mail_statement(account=alice_mails, **ASKED | wrong)
    assert waiting() == 0
    actions.mail_statement(account=alice_mails, **ASKED | {"first": "2025-12"})
    assert waiting() == 1


def test_one_request_one_letter_and_some_a_day(alice_mails, settings):
    settings.STATEMENT_MAILS_PER_DAY = 2
    for _try in range(3):
        actions.mail_statement(account=alice_mails, **ASKED, client_key="press1")
    assert waiting() == 1
    with pytest.raises(KeyReused):
        actions.mail_statement(account=alice_mails, **ASKED | {"kind": "pdf"}, client_key="press1")
    actions.mail_statement(account=alice_mails, **ASKED, client_key="press2")
    with pytest.raises(TooMany):
        actions.mail_statement(account=alice_mails, **ASKED, client_key="press3")
    assert waiting() == 2


def test_too_many_rows_are_said_at_once(alice_mails, settings):
    settings.EXPORT_ROWS_MAX = 1
    with pytest.raises(TooLarge):
        actions.mail_statement(account=alice_mails, **ASKED)
    assert waiting() == 0


def test_the_page_says_that_it_is_on_its_way(alice_mails):
    browser = Client()
    browser.force_login(alice_mails.person)
    filled = {"first": "2026-11", "last": "2026-11", "kind": "pdf", "client_key": "press1"}
    page = browser.post("/wallet/statement/?month=2026-11", filled, follow=True).content.decode()
    assert "on its way to alice@home.example" in page
    EmailAddress.objects.update(verified=False)
    filled["client_key"] = "press2"
    page = browser.post("/wallet/statement/?month=2026-11", filled).content.decode()
    assert "Confirm an e-mail address first" in page
    assert waiting() == 1


@pytest.fixture
def ask(alice_mails):
    return caller(alice_mails)


def test_a_program_asks_for_it_and_a_key_asks_once(ask):
    first, again = (ask("POST", "statement-mails/", ASKED, key="k1") for _try in range(2))
    assert first == again == (202, {"to": "alice@home.example"})
    assert waiting() == 1
    other = ask("POST", "statement-mails/", ASKED | {"kind": "ofx"}, key="k1")
    assert (other[0], other[1]["code"], waiting()) == (422, "idempotency.key_reused", 1)
    run_gateway()
    file = SandboxAttachment.objects.get(letter__to="alice@home.example")
    assert file.name == "statement-2026-10-2026-11-CNY.csv"
    assert b"130.00" in Client().get(_address(file)).content


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"first": "2026-11", "last": "2026-10"}, 400, BadPeriod.code),
        ({"first": "2025-11"}, 400, BadPeriod.code),
        ({"first": "2026-13"}, 400, "invalid"),
        ({"first": "2026-1"}, 400, "invalid"),
        ({"first": ["2026-10"]}, 400, "invalid"),
        ({"last": "٢٠٢٦-١١"}, 400, "invalid"),
        ({"last": None}, 400, "invalid"),
        ({"currency": "XXX"}, 400, CurrencyNotHeld.code),
        ({"kind": "exe"}, 400, "invalid"),
    ],
)
def test_a_program_is_told_what_is_wrong(ask, wrong, status, code):
    answer = ask("POST", "statement-mails/", ASKED | wrong)
    assert (answer[0], answer[1]["code"], waiting()) == (status, code, 0)
    assert ask("POST", "statement-mails/", ASKED)[0] == 202
    assert waiting() == 1


def test_a_program_sends_only_its_own_persons_and_only_so_many(ask, bob, settings):
    settings.STATEMENT_MAILS_PER_DAY = 1
    EmailAddress.objects.filter(user=bob.person).delete()
    refused = caller(bob)("POST", "statement-mails/", ASKED)
    assert (refused[0], refused[1]["code"]) == (NoAddress.status, NoAddress.code)
    assert Client().post("/api/v1/statement-mails/", ASKED, "application/json").status_code == 401
    assert waiting() == 0
    assert ask("POST", "statement-mails/", ASKED)[0] == 202
    spent = ask("POST", "statement-mails/", ASKED)
    assert (spent[0], waiting()) == (429, 1)
    EmailAddress.objects.create(user=bob.person, email="bob@home.example", verified=True)
    assert caller(bob)("POST", "statement-mails/", ASKED) == (202, {"to": "bob@home.example"})
    run_gateway()
    files = {one.letter.to: one for one in SandboxAttachment.objects.select_related("letter")}
    assert b"130.00" not in Client().get(_address(files["bob@home.example"])).content
    assert b"130.00" in Client().get(_address(files["alice@home.example"])).content
    assert queries.check_books().is_green


def _address(file):
    return f"/sandbox/inbox/{file.public_id}/"
