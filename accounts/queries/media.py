"""Files of programs."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.errors import MediaNotFound
from accounts.models import Media, OfficialAccount
from superapp.kernel import time


def media_of(
    official: OfficialAccount, media_id: str, *, kinds: Collection[str] = Media.Kind.values
) -> Media:
    """One of the account's files that is still kept, with its stored file. Raises MediaNotFound,
    also when it is not of these kinds."""
    found = _kept().filter(official=official, media_id=media_id, kind__in=kinds).first()
    if found is None:
        raise MediaNotFound
    return found


def media_by_address(media_id: str) -> Media:
    """For the address that servers of programs fetch: who knows it may look. Raises MediaNotFound."""
    found = _kept().filter(media_id=media_id).first()
    if found is None:
        raise MediaNotFound
    return found


def _kept() -> QuerySet[Media]:
    return Media.objects.select_related("file").filter(
        Q(expires_at=None) | Q(expires_at__gt=time.now())
    )
