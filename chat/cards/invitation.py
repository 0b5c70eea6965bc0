"""The invitation to a group, in the chat of the two: its invited person can say yes there."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from chat.errors import BadMessage
from chat.models import JoinRequest
from chat.queries.names import faces_of


class InvitationCard:
    template = "chat/cards/_invitation.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the one who invited sends it; the action that invites does so."""
        request = (
            JoinRequest.objects.filter(public_id=ref, inviter=author)
            .select_related("conversation")
            .first()
        )
        if request is None:
            raise BadMessage
        return request.conversation.title

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = JoinRequest.objects.filter(public_id__in=refs).select_related(
            "conversation__avatar", "account"
        )
        requests = [r for r in found if viewer.pk in {r.account_id, r.inviter_id}]
        faces = faces_of({r.conversation_id for r in requests})
        return {
            request.public_id: {
                "request": request,
                "faces": faces.get(request.conversation_id, []),
                "is_mine": request.account_id == viewer.pk,
            }
            for request in requests
        }

    def preview(self, title: str) -> str:
        return _("[Group invitation] %(title)s") % {"title": title}

    def may_forward(self) -> bool:
        return False
