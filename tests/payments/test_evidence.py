"""A bank asks why it should not give the money back: staff answer once, in time, and it decides."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from payments import actions, queries
from payments.errors import (
    BadEvidence,
    DisputeAnswered,
    DisputeOver,
    EvidenceLate,
    EvidenceTooLarge,
)
from payments.gateways import Silent
from payments.gateways.stripe_gateway import StripeGateway
from payments.models import Dispute, SandboxObject
from superapp.kernel import media, time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.models import Job
from tests import cast
from tests.payments import festival, wallets
from tests.payments.wallets import bind, has, run_gateway, top_up, verify

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n\x00\xff"


@pytest.fixture
def root(db):
    return festival.root(cast.make_person("Root"))


@pytest.fixture
def disputed(alice):
    verify(alice)
    top_up(alice, 5000, bind(alice, wallets.DISPUTED))
    pass_time(15)
    return Dispute.objects.get()


def pass_time(seconds):
    """The gateway, its bank and we do what is due by then."""
    with time_machine.travel(time.now() + timedelta(seconds=seconds)):
        run_gateway()


def the_bank_decides():
    """We tell it, it takes its time, and then tells us."""
    for seconds in (30, 60, 90):
        pass_time(seconds)


def at_the_bank(dispute):
    return SandboxObject.objects.get(pk=dispute.external_id).data


def green():
    assert [(one.code, one.faults) for one in queries.check_books().rules if one.faults] == []


def test_a_statement_with_a_receipt_wins(disputed, alice, root):
    actions.answer_dispute(
        dispute=disputed, staff=root, text=" winning_evidence\r\n", content=io.BytesIO(PDF)
    )
    assert has(alice) == 0
    the_bank_decides()
    disputed.refresh_from_db()
    assert (disputed.status, disputed.answer, has(alice)) == ("won", "winning_evidence", 5000)
    assert disputed.answered_by == root
    assert disputed.taken_at is not None
    named = at_the_bank(disputed)["evidence"]["uncategorized_file"]
    upload = SandboxObject.objects.get(pk=named).data
    assert (upload["filename"], upload["size"]) == ("evidence.pdf", len(PDF))
    assert upload["_sha256"] == disputed.answer_file.sha256
    green()


def test_a_weak_statement_loses(disputed, alice, root):
    actions.answer_dispute(dispute=disputed, staff=root, text="losing_evidence")
    the_bank_decides()
    disputed.refresh_from_db()
    assert (disputed.status, has(alice)) == ("lost", 0)
    green()


def test_other_words_wait_for_whoever_plays_the_bank(disputed, alice, root):
    actions.answer_dispute(dispute=disputed, staff=root, text="She was there. 她来过。")
    pass_time(8 * 24 * 3600)
    disputed.refresh_from_db()
    assert disputed.status == "open"
    assert at_the_bank(disputed)["evidence"]["uncategorized_text"] == "She was there. 她来过。"
    actions.decide_in_sandbox(dispute=disputed, outcome="won")
    the_bank_decides()
    assert has(alice) == 5000
    green()


def test_who_says_nothing_in_a_week_loses(disputed, alice):
    pass_time(6 * 24 * 3600)
    disputed.refresh_from_db()
    assert disputed.status == "open"
    pass_time(7 * 24 * 3600 + 60)
    disputed.refresh_from_db()
    assert (disputed.status, has(alice)) == ("lost", 0)
    green()


def test_there_is_one_answer(disputed, root):
    for _press in range(2):
        actions.answer_dispute(dispute=disputed, staff=root, text="losing_evidence")
    assert Job.objects.filter(kind=actions.EVIDENCE_JOB).count() == 1
    with pytest.raises(DisputeAnswered):
        actions.answer_dispute(dispute=disputed, staff=root, text="winning_evidence")
    the_bank_decides()
    with pytest.raises(DisputeOver):
        actions.answer_dispute(dispute=disputed, staff=root, text="winning_evidence")


def test_what_is_refused(disputed, alice, root, settings):
    def answer(text="Because.", content=None, staff=root):
        return actions.answer_dispute(
            dispute=disputed, staff=staff, text=text, content=content and io.BytesIO(content)
        )

    settings.EVIDENCE_TEXT_MAX, settings.EVIDENCE_FILE_MAX = 20, 1024
    with pytest.raises(NotAllowed):
        answer(staff=alice.person)
    for text in ("", " \n", "x" * 21, "a\0b"):
        with pytest.raises(BadEvidence):
            answer(text)
    for content in (b"MZ\x90\x00" + b"\0" * 60, b"<svg onload=alert(1)>", b"hello"):
        with pytest.raises(BadEvidence):
            answer(content=content)
    with pytest.raises(EvidenceTooLarge):
        answer(content=PDF + b"\0" * 1024)
    with time_machine.travel(disputed.due_at), pytest.raises(EvidenceLate):
        answer()
    disputed.refresh_from_db()
    assert (disputed.answer, disputed.answered_at, disputed.answer_file) == ("", None, None)
    assert not Job.objects.filter(kind=actions.EVIDENCE_JOB).exists()


def test_a_silent_gateway_is_told_again(disputed, alice, root, monkeypatch):
    whole, calls = StripeGateway.answer, []

    def answer(gateway, **told):
        calls.append(told)
        if len(calls) == 1:
            raise Silent
        whole(gateway, **told)
        if len(calls) == 2:
            raise Silent  # it was taken, and we did not hear so

    monkeypatch.setattr(StripeGateway, "answer", answer)
    actions.answer_dispute(dispute=disputed, staff=root, text="Because.", content=io.BytesIO(PDF))
    for seconds in (1, 60, 600, 3600):
        pass_time(seconds)
    disputed.refresh_from_db()
    assert len(calls) == 3
    assert disputed.taken_at is not None
    assert at_the_bank(disputed)["evidence_details"]["submission_count"] == 1


def test_staff_answer_from_the_console(disputed, alice, root):
    console = Client()
    console.force_login(root)
    address = reverse("admin:payments_dispute_respond", args=[disputed.pk])
    shown = reverse("admin:payments_dispute_show_file", args=[disputed.pk])
    row = reverse("admin:payments_dispute_change", args=[disputed.pk])
    page = console.get(row).content.decode()
    assert (address in page, shown in page) == (True, False)
    assert "CN¥50.00" in page
    assert "5000" not in page
    assert console.get(shown).status_code == 403
    assert 'enctype="multipart/form-data"' in console.get(address).content.decode()
    bad = {"text": "Because.", "file": SimpleUploadedFile("a.pdf", b"hello")}
    page = console.post(address, bad)
    assert "attach a PDF, PNG or JPEG" in page.content.decode()
    good = {"text": "winning_evidence", "file": SimpleUploadedFile("a.exe", PDF)}
    assert console.post(address, good).status_code == 302
    disputed.refresh_from_db()
    assert media.read(disputed.answer_file) == PDF
    assert shown in console.get(row).content.decode()
    answer = console.get(shown)
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF
    the_bank_decides()
    assert has(alice) == 5000


def test_the_console_shows_the_answer_as_it_was_written(disputed, root):
    actions.answer_dispute(dispute=disputed, staff=root, text="They paid.\nTwice <b>.")
    console = Client()
    console.force_login(root)
    page = console.get(reverse("admin:payments_dispute_change", args=[disputed.pk]))
    assert "They paid.<br>Twice &lt;b&gt;." in page.content.decode()
    green()
