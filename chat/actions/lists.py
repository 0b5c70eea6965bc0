"""What somebody does to their own list of chats. Nobody else notices any of it.

Each of these raises ConversationNotFound for a chat in which the viewer has no seat.
"""

from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import bodies, events, queries
from chat.models import Membership
from superapp.kernel import push, time


def pin_chat(*, viewer: Account, conversation_id: str) -> None:
    """Keep it at the top of the list."""
    _set(viewer, conversation_id, pinned_at=time.now())


def unpin_chat(*, viewer: Account, conversation_id: str) -> None:
    """Let it sink to its place again."""
    _set(viewer, conversation_id, pinned_at=None)


def mute_chat(*, viewer: Account, conversation_id: str) -> None:
    """No sound and no red number; a grey one stays."""
    _set(viewer, conversation_id, is_muted=True)


def unmute_chat(*, viewer: Account, conversation_id: str) -> None:
    """Tell the viewer again when something is said."""
    _set(viewer, conversation_id, is_muted=False)


def mark_unread(*, viewer: Account, conversation_id: str) -> None:
    """Show it as unread until it is opened; the read mark itself does not move."""
    _set(viewer, conversation_id, is_marked_unread=True)


@transaction.atomic
def hide_chat(*, viewer: Account, conversation_id: str) -> None:
    """Out of the list until something new is said."""
    seat = queries.seat_of(viewer, conversation_id)
    _change(
        seat,
        hidden_at_seq=seat.conversation.last_seq,
        broadcasts_hidden_at=time.now(),
        pinned_at=None,
        is_marked_unread=False,
    )


def archive_chat(*, viewer: Account, conversation_id: str) -> None:
    """Out of the list until taken back, whatever is said."""
    _set(viewer, conversation_id, is_archived=True, pinned_at=None)


def unarchive_chat(*, viewer: Account, conversation_id: str) -> None:
    """Back into the list."""
    _set(viewer, conversation_id, is_archived=False)


@transaction.atomic
def clear_history(*, viewer: Account, conversation_id: str) -> None:
    """Forget everything said so far, for the viewer alone."""
    _change(**_cleared(queries.seat_of(viewer, conversation_id)))


@transaction.atomic
def delete_chat(*, viewer: Account, conversation_id: str) -> None:
    """Clear and hide. A group that was not saved is then found only by a new message."""
    seat = queries.seat_of(viewer, conversation_id)
    _change(
        **_cleared(seat),
        hidden_at_seq=seat.conversation.last_seq,
        broadcasts_hidden_at=time.now(),
        pinned_at=None,
        draft="",
        draft_at=None,
    )


def save_draft(*, viewer: Account, conversation_id: str, text: str) -> None:
    """Keep what is being written; an empty text forgets it. Longer ones are cut at DRAFT_MAX."""
    kept = bodies.clean_text(text[: settings.DRAFT_MAX])
    _set(viewer, conversation_id, draft=kept, draft_at=time.now() if kept else None)


def save_group(*, viewer: Account, conversation_id: str) -> None:
    """Keep the group among the contacts, even when its chat is deleted."""
    _set(viewer, conversation_id, is_saved=True)


def unsave_group(*, viewer: Account, conversation_id: str) -> None:
    """Out of the contacts again."""
    _set(viewer, conversation_id, is_saved=False)


def remark_group(*, viewer: Account, conversation_id: str, remark: str) -> None:
    """The viewer's own name for this group."""
    kept = bodies.clean_text(remark)[: settings.GROUP_TITLE_MAX]
    _set(viewer, conversation_id, remark=kept)


@transaction.atomic
def set_alias(*, viewer: Account, conversation_id: str, alias: str) -> None:
    """The viewer's name within this group, shown to its members. Raises NotAMember."""
    seat = queries.active_seat_of(viewer, conversation_id)
    kept = bodies.clean_text(alias)[: settings.GROUP_ALIAS_MAX]
    Membership.objects.filter(pk=seat.pk).update(alias=kept)
    push.to_accounts(
        queries.active_ids(seat.conversation), events.conversation_changed(seat.conversation)
    )


@transaction.atomic
def _set(viewer: Account, conversation_id: str, **values: Any) -> None:
    _change(queries.seat_of(viewer, conversation_id), **values)


def _change(seat: Membership, **values: Any) -> None:
    """Change the viewer's own seat and tell their other devices."""
    Membership.objects.filter(pk=seat.pk).update(**values)
    push.to_accounts([seat.account_id], events.seat_changed(seat.conversation))


def _cleared(seat: Membership) -> dict[str, Any]:
    last = seat.conversation.last_seq
    return {
        "seat": seat,
        "cleared_seq": last,
        "read_seq": max(seat.read_seq, last),
        "broadcasts_read_at": time.now(),
        "broadcasts_cleared_at": time.now(),
        "is_marked_unread": False,
    }
