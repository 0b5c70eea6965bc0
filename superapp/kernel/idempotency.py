"""A request repeated with the same key gets the first answer and does nothing again."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from superapp.kernel import time
from superapp.kernel.errors import Conflict, Invalid
from superapp.kernel.models import IdempotencyKey

Answer = tuple[int, bytes]
KEY_MAX = 100


class KeyReused(Conflict):
    """The key was used for another request."""

    code = "idempotency.key_reused"
    status = 422
    message = _("This was already done, with other details.")


class BadKey(Invalid):
    code = "idempotency.bad_key"


def once(*, owner: str, key: str, request: bytes, answer: Callable[[], Answer]) -> Answer:
    """Run `answer` once per (owner, key); repeats get what it returned.

    `request` is what the key stands for (method, path and body). A repeat with another request is
    refused with KeyReused. A second caller while the first still runs waits for its row lock. An
    answer that raises, or says 5xx, is not kept: the caller may try again with the same key.
    """
    if not key or len(key) > KEY_MAX or not key.isprintable():
        raise BadKey
    fingerprint = hashlib.sha256(request).hexdigest()
    with transaction.atomic():
        IdempotencyKey.objects.bulk_create(
            [IdempotencyKey(owner=owner, key=key, fingerprint=fingerprint, created_at=time.now())],
            ignore_conflicts=True,
        )
        row = IdempotencyKey.objects.select_for_update().get(owner=owner, key=key)
        if row.fingerprint != fingerprint:
            raise KeyReused
        if row.status:
            return row.status, bytes(row.body)
        status, body = answer()
        if status < 500:
            row.status, row.body = status, body
            row.save(update_fields=["status", "body"])
        return status, body


def tidy() -> None:
    """Forget keys after IDEMPOTENCY_HOURS."""
    IdempotencyKey.objects.filter(
        created_at__lt=time.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    ).delete()
