"""Answering a dispute: what staff tell the payer's bank, once and in time.

The gateway passes an answer on for good, so it is kept here first, and then sent until it is taken.
"""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

import filetype
from django.conf import settings
from django.db import transaction

from accounts.models import Person
from payments import events
from payments.errors import (
    BadEvidence,
    DisputeAnswered,
    DisputeOver,
    EvidenceLate,
    EvidenceTooLarge,
)
from payments.gateways import Evidence, gateway
from payments.models import Dispute
from payments.states import DisputeStatus
from superapp.kernel import media, outbox, push, time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.models import StoredFile

JOB = "payments.evidence"
# What Stripe takes as evidence: https://docs.stripe.com/file-upload
TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@transaction.atomic
def answer_dispute(
    *, dispute: Dispute, staff: Person, text: str, content: BinaryIO | None = None
) -> Dispute:
    """Send the bank a statement, and a PDF, PNG or JPEG if given; there is no second one.

    The same statement again changes nothing. Raises NotAllowed, DisputeOver, EvidenceLate,
    DisputeAnswered, BadEvidence, EvidenceTooLarge.
    """
    if not staff.has_perm("payments.operate_gateway"):
        raise NotAllowed
    text = text.replace("\r\n", "\n").strip()
    row = Dispute.objects.select_for_update(no_key=True).get(pk=dispute.pk)
    if row.answered_at is not None and row.answer == text:
        return row
    _check(row)
    if not 1 <= len(text) <= settings.EVIDENCE_TEXT_MAX or "\0" in text:
        raise BadEvidence
    row.answer, row.answered_at, row.answered_by = text, time.now(), staff
    row.answer_file = _kept(content) if content is not None else None
    row.save(update_fields=["answer", "answered_at", "answered_by", "answer_file"])
    outbox.soon(JOB, {"ref": row.public_id})
    _tell(row)
    return row


def on_answer(payload: Mapping[str, Any]) -> None:
    """The job that sends it. Raises Silent, and is then tried again; the gateway takes it once."""
    rows = Dispute.objects.select_related("answer_file", "operation")
    row = rows.get(public_id=payload["ref"])
    if row.taken_at is not None or row.status != DisputeStatus.OPEN:
        return
    attached = row.answer_file
    evidence = Evidence(row.answer)
    if attached is not None:
        name = f"evidence.{TYPES[attached.content_type]}"
        evidence = Evidence(row.answer, name, media.read(attached))
    gateway().answer(op=row.public_id, external_id=row.external_id, evidence=evidence)
    with transaction.atomic():
        Dispute.objects.filter(pk=row.pk).update(taken_at=time.now())
        _tell(row)


def _check(row: Dispute) -> None:
    if row.status != DisputeStatus.OPEN:
        raise DisputeOver(state=row.status)
    if row.answered_at is not None:
        raise DisputeAnswered
    if row.due_at is not None and row.due_at <= time.now():
        raise EvidenceLate


def _kept(content: BinaryIO) -> StoredFile:
    data = content.read(settings.EVIDENCE_FILE_MAX + 1)
    if len(data) > settings.EVIDENCE_FILE_MAX:
        raise EvidenceTooLarge(limit=settings.EVIDENCE_FILE_MAX // (1024 * 1024))
    found = filetype.guess_mime(data) or ""
    if found not in TYPES or not media.is_clean(io.BytesIO(data)):
        raise BadEvidence
    return media.store(data, found)


def _tell(row: Dispute) -> None:
    push.to_accounts([row.operation.account_id], events.wallet_changed(ref=row.operation.public_id))
