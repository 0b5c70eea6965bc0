"""What the risk rules look at: counts of a few rows, each by an index."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet, Sum

from accounts import queries as people
from accounts.models import Account
from payments.models import Bill, RiskCase, Transfer, Wallet
from payments.queries.limits import from_home
from payments.states import BillKind, BillStatus, RiskStatus, TransferStatus
from superapp.kernel import time
from superapp.kernel.money import Money

_FROM_PEOPLE = (BillKind.TRANSFER, BillKind.REQUEST, BillKind.SPLIT)


def is_frozen(account: Account) -> bool:
    """Whether staff let nothing out of the wallet."""
    return Wallet.objects.filter(account=account, frozen_at__isnull=False).exists()


def paid_lately(account: Account) -> int:
    """How many payments somebody began in the last hour."""
    since = time.now() - timedelta(hours=1)
    return Bill.objects.filter(account=account, at__gte=since, amount__lt=0).count()


def signed_in_lately(account: Account, session: str) -> bool:
    """Whether this browser signed in a short time ago. Programs sign in nowhere."""
    seconds = settings.RISK_NEW_SESSION_SECONDS
    if not session or not seconds:
        return False
    began = people.signed_in_at(session)
    return began is None or began > time.now() - timedelta(seconds=seconds)


def knows_payee(account: Account, payee: str) -> bool:
    """Whether somebody has this one's money already; nobody in particular is known."""
    if not payee:
        return True
    paid = Transfer.objects.filter(sender=account, receiver__public_id=payee)
    return paid.filter(status=TransferStatus.ACCEPTED).exists()


def came_from_many(account: Account, amount: Money) -> bool:
    """Whether most of what came in within a day, from many people, would go out with this."""
    since = time.now() - timedelta(seconds=settings.RISK_MULE_SECONDS)
    came = Bill.objects.filter(
        account=account,
        at__gte=since,
        amount__gt=0,
        currency=amount.currency,
        kind__in=_FROM_PEOPLE,
        status__in=[BillStatus.DONE, BillStatus.WAITING],
    ).aggregate(people=Count("counterparty", distinct=True), amount=Sum("amount"))
    least = from_home(settings.RISK_MULE_AMOUNT, amount.currency).minor
    total = came["amount"] or 0
    is_much = total >= least and amount.minor * 100 >= total * settings.RISK_MULE_PERCENT
    return bool(is_much and came["people"] >= settings.RISK_MULE_PEOPLE)


def cleared_lately(account: Account, rule: str) -> bool:
    """Whether staff looked at the same a short time ago and found nothing wrong."""
    since: datetime = time.now() - timedelta(seconds=settings.RISK_CLEARED_SECONDS)
    rows: QuerySet[RiskCase] = RiskCase.objects.filter(account=account, rule=rule)
    return rows.filter(status=RiskStatus.CLEARED, decided_at__gte=since).exists()
