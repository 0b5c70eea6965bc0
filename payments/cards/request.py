"""The card of a request for money, for its two people."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from chat.errors import BadMessage
from payments.models import MoneyRequest
from payments.queries.transfers import request_status_of, requests_seen_by
from superapp.kernel import time


class RequestCard:
    template = "payments/cards/_request.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the action that asks shows it, once."""
        request = MoneyRequest.objects.filter(public_id=ref, asker=author, shown_at=None).first()
        if request is None:
            raise BadMessage
        return request.note

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        now = time.now()
        return {
            request.public_id: {
                "request": request,
                "status": request_status_of(request, now),
                "is_mine": request.asker_id == viewer.pk,
            }
            for request in requests_seen_by(viewer).filter(public_id__in=refs)
        }

    def preview(self, title: str) -> str:
        label = _("[Money request]")
        return f"{label} {title}".rstrip()

    def may_forward(self) -> bool:
        return False
