"""Who somebody is: levels by checks. The document's number is compared, never kept."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import actions as people
from accounts.models import Account, Person
from payments import events
from payments.actions.binding import wallet_of
from payments.errors import (
    AlreadyVerified,
    BadDocument,
    BadName,
    CheckPending,
    MoreProofNeeded,
)
from payments.models import Card, KYCCase, Wallet
from payments.queries.wallet import digest_of_document
from payments.states import KYC_MOVES, CardStatus, KYCStatus
from superapp.kernel import outbox, push, search, time
from superapp.kernel.transitions import move

JOB = "payments.verify"
_NAME = re.compile(r"[^\W\d_][^\d_]{0,78}[^\W\d_.]|[^\W\d_]{2}")
_DOCUMENT = re.compile(r"[0-9A-Z]{6,20}")
# What the sandbox's verifier says to numbers that end so; to all others yes.
_SANDBOX_NO, _SANDBOX_ASKS = "0000", "9999"


@transaction.atomic
def ask_level(*, account: Account, level: int, legal_name: str = "", document: str = "") -> KYCCase:
    """Ask for the next level: 1 by name and document, 2 with a bound card, 3 by staff.

    Raises AlreadyVerified, CheckPending, BadName, BadDocument, MoreProofNeeded.
    """
    wallet_of(account=account)
    wallet = Wallet.objects.select_for_update().get(account=account)
    if level <= wallet.level:
        raise AlreadyVerified
    if level != wallet.level + 1:
        raise MoreProofNeeded
    if KYCCase.objects.filter(account=account, status=KYCStatus.PENDING).exists():
        raise CheckPending
    name, digest, last4 = _proof(account, wallet, level, legal_name, document)
    case = KYCCase.objects.create(
        account=account,
        level=level,
        legal_name=name,
        document_digest=digest,
        document_last4=last4,
        checks=_checks(account, level),
        asked_at=time.now(),
    )
    if level < Wallet.Level.PLUS:
        outbox.soon(JOB, {"case": case.pk})
    push.to_accounts([account.pk], events.wallet_changed(ref=case.public_id))
    return case


def on_verify(payload: Mapping[str, Any]) -> None:
    """The job of the sandbox's verifier: numbers that end in 0000 are nobody's, in 9999 staff decide."""
    case = KYCCase.objects.get(pk=payload["case"])
    if case.status != KYCStatus.PENDING or case.document_last4 == _SANDBOX_ASKS:
        return
    if case.document_last4 == _SANDBOX_NO:
        _decide(case, KYCStatus.REJECTED, None, "unknown_document")
    else:
        _decide(case, KYCStatus.APPROVED, None, "")


@transaction.atomic
def approve_case(*, case: KYCCase, staff: Person, reason: str) -> None:
    """Staff say yes. Raises IllegalTransition for a case that is decided."""
    case.checks = [*case.checks, "staff"]
    case.save(update_fields=["checks"])
    _decide(case, KYCStatus.APPROVED, staff, reason)


@transaction.atomic
def reject_case(*, case: KYCCase, staff: Person, reason: str) -> None:
    """Staff say no. Raises IllegalTransition for a case that is decided."""
    _decide(case, KYCStatus.REJECTED, staff, reason)


def _decide(case: KYCCase, status: KYCStatus, staff: Person | None, reason: str) -> None:
    move(
        case,
        status,
        allowed=KYC_MOVES,
        decided_at=time.now(),
        decided_by=staff,
        reason=search.clean_line(reason)[:200],
    )
    if status == KYCStatus.APPROVED:
        Wallet.objects.filter(account_id=case.account_id, level__lt=case.level).update(
            level=case.level,
            legal_name=case.legal_name,
            document_digest=case.document_digest,
        )
        people.note_identity(account=case.account)
    push.to_accounts([case.account_id], events.wallet_changed(ref=case.public_id))


def _proof(
    account: Account, wallet: Wallet, level: int, legal_name: str, document: str
) -> tuple[str, str, str]:
    if level == Wallet.Level.BASIC:
        name = search.clean_line(legal_name)
        if not _NAME.fullmatch(name):
            raise BadName
        number = "".join(document.split()).upper()
        if not _DOCUMENT.fullmatch(number):
            raise BadDocument
        return name, digest_of_document(number), number[-4:]
    if not Card.objects.filter(account=account, status=CardStatus.ACTIVE).exists():
        raise MoreProofNeeded
    return wallet.legal_name, wallet.document_digest, ""


def _checks(account: Account, level: int) -> list[str]:
    """What supports the claim, for whoever decides."""
    found = ["document"]
    person = account.person
    if person.email:
        found.append("email")
    if person.phone_verified_at:
        found.append("phone")
    if level > Wallet.Level.BASIC:
        cards = Card.objects.filter(account=account, status=CardStatus.ACTIVE)
        found += sorted(set(cards.values_list("kind", flat=True)))
    return found
