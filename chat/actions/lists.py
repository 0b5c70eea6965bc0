"""What somebody does to their own list of chats. Nobody else notices any of it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import bodies, events, queries
from chat.models import Membership
from superapp.kernel import push, time

P = ParamSpec("P")


def _on_own_seat(
    change: Callable[Concatenate[Membership, P], None],
) -> Callable[..., None]:
    """An action on the viewer's seat, which tells the viewer's other devices."""

    @wraps(change)
    @transaction.atomic
    def action(*, viewer: Account, conversation_id: str, **arguments: object) -> None:
        seat = queries.seat_of(viewer, conversation_id)
        change(seat, **arguments)  # type: ignore[call-arg]
        push.to_accounts([viewer.pk], events.seat_changed(seat.conversation))

    return action


def _set(seat: Membership, **values: object) -> None:
    Membership.objects.filter(pk=seat.pk).update(**values)


@_on_own_seat
def pin_chat(seat: Membership) -> None:
    """Keep it at the top of the list."""
    _set(seat, pinned_at=time.now())


@_on_own_seat
def unpin_chat(seat: Membership) -> None:
    _set(seat, pinned_at=None)


@_on_own_seat
def mute_chat(seat: Membership) -> None:
    """No sound and no number; a grey dot stays."""
    _set(seat, is_muted=True)


@_on_own_seat
def unmute_chat(seat: Membership) -> None:
    _set(seat, is_muted=False)


@_on_own_seat
def mark_unread(seat: Membership) -> None:
    """Show it as unread until it is opened; the read mark itself does not move."""
    _set(seat, is_marked_unread=True)


@_on_own_seat
def hide_chat(seat: Membership) -> None:
    """Out of the list until something new is said."""
    _set(seat, hidden_at_seq=seat.conversation.last_seq, pinned_at=None, is_marked_unread=False)


@_on_own_seat
def archive_chat(seat: Membership) -> None:
    """Out of the list until taken back, whatever is said."""
    _set(seat, is_archived=True, pinned_at=None)


@_on_own_seat
def unarchive_chat(seat: Membership) -> None:
    _set(seat, is_archived=False)


@_on_own_seat
def clear_history(seat: Membership) -> None:
    """Forget everything said so far, for the viewer alone."""
    last = seat.conversation.last_seq
    _set(seat, cleared_seq=last, read_seq=max(seat.read_seq, last), is_marked_unread=False)


@_on_own_seat
def delete_chat(seat: Membership) -> None:
    """Clear and hide. A group that was not saved is then found only by a new message."""
    last = seat.conversation.last_seq
    _set(
        seat,
        cleared_seq=last,
        hidden_at_seq=last,
        read_seq=max(seat.read_seq, last),
        is_marked_unread=False,
        pinned_at=None,
        draft="",
        draft_at=None,
    )


@_on_own_seat
def save_draft(seat: Membership, text: str) -> None:
    """Keep what is being written; an empty text forgets it."""
    kept = bodies.clean_text(text[: settings.DRAFT_MAX])
    _set(seat, draft=kept, draft_at=time.now() if kept else None)


@_on_own_seat
def save_group(seat: Membership) -> None:
    """Keep the group among the contacts, even when its chat is deleted."""
    _set(seat, is_saved=True)


@_on_own_seat
def unsave_group(seat: Membership) -> None:
    _set(seat, is_saved=False)


@_on_own_seat
def remark_group(seat: Membership, remark: str) -> None:
    """The viewer's own name for this group."""
    _set(seat, remark=bodies.clean_text(remark)[: settings.GROUP_TITLE_MAX])


@transaction.atomic
def set_alias(*, viewer: Account, conversation_id: str, alias: str) -> None:
    """The viewer's name within this group, shown to its members. Raises NotAMember."""
    seat = queries.active_seat_of(viewer, conversation_id)
    _set(seat, alias=bodies.clean_text(alias)[: settings.GROUP_ALIAS_MAX])
    push.to_accounts(
        queries.active_ids(seat.conversation), events.conversation_changed(seat.conversation)
    )
