"""Every read about people; each starts from the viewer."""

import hashlib
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.errors import PersonNotFound
from accounts.models import Account, Block, Contact, PersonalToken


def account_of(person: Any) -> Account:
    """The account behind a signed-in person."""
    return Account.objects.select_related("avatar", "person").get(person=person)


def account_for(viewer: Account, public_id: str) -> Account:
    """Somebody the viewer may address by id. Raises PersonNotFound."""
    try:
        return Account.objects.select_related("avatar").get(public_id=public_id, closed_at=None)
    except Account.DoesNotExist:
        raise PersonNotFound from None


def contacts_of(owner: Account) -> QuerySet[Contact]:
    return (
        Contact.objects.filter(owner=owner)
        .select_related("other__avatar")
        .order_by("sort_key", "id")
    )


def are_friends(one: Account, other: Account) -> bool:
    """Friends are two edges: each has the other in their list."""
    edges = Q(owner=one, other=other) | Q(owner=other, other=one)
    return Contact.objects.filter(edges).count() == 2  # noqa: PLR2004  one each way


def has_blocked(owner: Account, other: Account) -> bool:
    return Block.objects.filter(owner=owner, other=other).exists()


def remarks_of(viewer: Account, account_ids: list[int]) -> dict[int, str]:
    """The viewer's own names for these accounts; those without a remark are absent."""
    return dict(
        Contact.objects.filter(owner=viewer, other__in=account_ids)
        .exclude(remark="")
        .values_list("other_id", "remark")
    )


def token_for(secret: str) -> PersonalToken | None:
    """The personal access token with this secret, if its owner may still sign in."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return (
        PersonalToken.objects.select_related("person")
        .filter(digest=digest, person__is_active=True)
        .first()
    )


def live_session_keys(keys: set[str]) -> set[str]:
    """Those of these sessions that still exist and have not run out."""
    return set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
