"""What browsers are told about people. Hints: the page fetches what is named here again."""

from accounts.models import Account, Broadcast, FriendRequest, OfficialAccount
from superapp.kernel.push import Event


def account_wire(account: Account) -> dict[str, str]:
    return {"id": account.public_id, "name": account.name, "avatar": account.avatar_url}


def friend_request_received(request: FriendRequest, *, waiting: int) -> Event:
    """Somebody asked; `waiting` is the new number on the badge."""
    return {
        "kind": "accounts.friend_request_received",
        "request": request.public_id,
        "from": account_wire(request.sender),
        "note": request.note,
        "waiting": waiting,
    }


def friend_requests_changed(*, waiting: int) -> Event:
    """The viewer asked, answered or saw requests, here or on another device."""
    return {"kind": "accounts.friend_requests_changed", "waiting": waiting}


def friend_request_accepted(request: FriendRequest) -> Event:
    """The viewer's own request was accepted."""
    return {
        "kind": "accounts.friend_request_accepted",
        "request": request.public_id,
        "by": account_wire(request.receiver),
    }


def contacts_changed(other: Account) -> Event:
    """The viewer's edge to this account appeared, changed or went: fetch the contact again."""
    return {"kind": "accounts.contacts_changed", "account": other.public_id}


def tags_changed() -> Event:
    return {"kind": "accounts.tags_changed"}


def blocks_changed(other: Account) -> Event:
    return {"kind": "accounts.blocks_changed", "account": other.public_id}


def profile_changed(account: Account) -> Event:
    """Somebody the viewer knows (or the viewer) has another name, picture or ID."""
    return {
        "kind": "accounts.profile_changed",
        "account": account_wire(account),
        "handle": account.handle or "",
    }


def settings_changed() -> Event:
    """The viewer changed preferences on another device."""
    return {"kind": "accounts.settings_changed"}


def sessions_changed() -> Event:
    """A device signed in or out, or a token came or went."""
    return {"kind": "accounts.sessions_changed"}


def official_changed(official: OfficialAccount) -> Event:
    """An account that the viewer works for has another status."""
    return {
        "kind": "accounts.official_changed",
        "account": official.account.public_id,
        "status": official.status,
    }


def follows_changed(official: OfficialAccount) -> Event:
    """The viewer followed this account or left it, here or on another device."""
    return {"kind": "accounts.follows_changed", "account": official.account.public_id}


def broadcast_changed(broadcast: Broadcast) -> Event:
    """An account that the viewer follows said something to many, or took it back: fetch the row of
    its thread again, and what is new in it."""
    return {
        "kind": "accounts.broadcast_changed",
        "account": broadcast.official.account.public_id,
        "broadcast": broadcast.public_id,
    }
