"""Transfers as their two people see them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Account
from payments.errors import RequestNotFound, TransferNotFound
from payments.models import MoneyRequest, Transfer
from payments.queries.people import Check, legal_name_of
from payments.states import RequestStatus, TransferStatus


def status_of(transfer: Transfer, now: datetime) -> TransferStatus:
    """The status with the passing of time applied: a late worker changes nothing for anybody."""
    status = TransferStatus(transfer.status)
    if status == TransferStatus.PENDING and transfer.due_at <= now:
        return TransferStatus.EXPIRED
    if status == TransferStatus.DELAYED and transfer.arrives_at and transfer.arrives_at <= now:
        return TransferStatus.ACCEPTED
    return status


def transfers_seen_by(viewer: Account) -> QuerySet[Transfer]:
    """One's own, and those received: not before they are paid."""
    unpaid = [TransferStatus.PAYING, TransferStatus.FAILED]
    received = Q(receiver=viewer) & ~Q(status__in=unpaid) & Q(shown_at__isnull=False)
    by_code = Q(receiver=viewer, code__isnull=False, status=TransferStatus.ACCEPTED)
    return Transfer.objects.filter(Q(sender=viewer) | received | by_code).select_related(
        "sender__avatar", "receiver__avatar", "conversation", "code"
    )


def transfer_for(viewer: Account, public_id: str) -> Transfer:
    """A transfer of which the viewer is an end. Raises TransferNotFound."""
    found = transfers_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise TransferNotFound
    return found


def check_of(sender: Account, receiver: Account) -> Check:
    """Their masked legal name, and whether the sender never paid them before."""
    before = Transfer.objects.filter(sender=sender, receiver=receiver).exclude(
        status=TransferStatus.FAILED
    )
    return Check(legal_name_of(receiver), is_first=not before.exists())


def request_status_of(request: MoneyRequest, now: datetime) -> RequestStatus:
    """Likewise, of a request."""
    status = RequestStatus(request.status)
    if status == RequestStatus.OPEN and request.due_at <= now:
        return RequestStatus.EXPIRED
    return status


def requests_seen_by(viewer: Account) -> QuerySet[MoneyRequest]:
    """What the viewer asks for, and what is asked of them."""
    return MoneyRequest.objects.filter(Q(asker=viewer) | Q(payer=viewer)).select_related(
        "asker__avatar", "payer__avatar", "conversation"
    )


def request_for(viewer: Account, public_id: str) -> MoneyRequest:
    """A request of which the viewer is an end. Raises RequestNotFound."""
    found = requests_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise RequestNotFound
    return found
