"""What an account's browsers may show, as plain JSON; and what they do when they hear of a change.

`state_of` is fetched through the queries that pages use. `heard` is the browser: it keeps its old
state and fetches again only what an event names.
"""

import copy

from django.db.models import Model

from accounts import queries as people
from accounts.actions import AUDIENCES, CHAT_PREFERENCES, WAYS_TO_FIND
from accounts.models import PersonalToken
from chat import events, queries
from chat.models import Membership
from payments import queries as money
from payments.cards import CARDS
from payments.models import Bill

FOLDERS = ("main", "greetings", "archive")
_KEPT = ("c", "seq", "at", "by", "type", "text", "body", "client_id")
_NOTED = ("remark", "note", "phones", "is_starred", "is_chat_only")


def state_of(account):
    seats = list(Membership.objects.filter(account=account).select_related("conversation"))
    rooms = {
        seat.conversation.public_id: queries.seat_of(account, seat.conversation.public_id)
        for seat in seats
    }
    return {
        "id": account.public_id,
        "rows": {name: _row(account, name) for name in rooms},
        "rooms": {name: _room(seat) for name, seat in rooms.items()},
        "threads": {name: _thread(seat) for name, seat in rooms.items()},
        "read_by_peer": {name: queries.peer_read_seq(seat) for name, seat in rooms.items()},
        "joining": {name: _ids(queries.join_requests_for(seat)) for name, seat in rooms.items()},
        "invitations": _ids(queries.invitations_of(account)),
        "favourites": [
            (f.public_id, f.text, f.note, f.tags) for f in queries.favourites_of(account)
        ],
        "scheduled": [(s.public_id, s.text, str(s.due_at)) for s in queries.scheduled_of(account)],
        "reminders": [r.pk for r in queries.reminders_of(account)],
        "stickers": _ids(queries.stickers_for(account)),
        # One that is still being made is shown by the browser that asked for it.
        "exports": [e.public_id for e in queries.exports_of(account) if e.ready_at],
        "unread": queries.unread_total(account),
        "greetings": queries.greetings_waiting(account),
        **_people(account),
        "wallet": _wallet(account),
    }


def _wallet(account):
    wallet, case = money.wallet_for(account), money.last_case(account)
    return {
        "cards": _ids(money.cards_of(account)),
        "looks": [wallet.level, wallet.hides_amounts, bool(wallet.password_hash)],
        "password": str(wallet.password_changed_at),
        "check": case and [case.public_id, case.status],
        "pots": [(p.public_id, p.name, p.amount, p.goal) for p in money.pots_of(account)],
        "standings": [
            (s.public_id, s.status, str(s.on), [(str(r.on), r.status) for r in money.runs_of(s)])
            for s in money.standings_of(account).order_by("pk")
        ],
        "balances": [str(balance) for balance in money.balances_of(account)],
        "bills": [
            (bill.kind, bill.ref, bill.amount, bill.status)
            for bill in Bill.objects.filter(account=account).order_by("pk")
        ],
    }


def _card(row):
    """What a card of money says of its object to this viewer."""
    if row.shape != "card" or row.message.body["card"] not in CARDS:
        return None
    return {name: _fact(value) for name, value in (row.card or {}).items()}


def _fact(value):
    if isinstance(value, Model):
        return {field.attname: str(getattr(value, field.attname)) for field in value._meta.fields}
    return str(value)


def _ids(rows):
    return [row.public_id for row in rows]


def _row(account, name):
    row = queries.inbox_row(account, name)
    seat = row.seat
    return {
        # Whoever is out is told nothing more: what a group is called now comes with the page.
        "looks": [row.title, row.face.avatar_url] if seat.status == "active" else [],
        "preview": row.preview,
        "unread": row.unread,
        "is_mentioned": row.is_mentioned,
        "is_marked": seat.is_marked_unread,
        "is_pinned": row.is_pinned,
        "is_muted": seat.is_muted,
        "draft": seat.draft,
        "folders": [f for f in FOLDERS if queries.is_listed(account, name, folder=f)],
    }


def _room(seat):
    group = seat.conversation
    own = {
        "status": seat.status,
        "role": seat.role,
        "names": [seat.alias, seat.remark],
        "is_saved": seat.is_saved,
    }
    if seat.status != "active":
        return own
    return own | {
        "title": queries.title_for(seat),
        "may_write": queries.may_write(seat),
        "announcement": [group.announcement, seat.announcement_seen_at is not None],
        "needs_approval": group.needs_approval,
        "code": group.qr_token if queries.is_code_good(group) else "",
        "is_greeting": group.greeter_id is not None,
        "members": [(m.account.public_id, m.role, m.alias) for m in queries.members_of(seat)],
        "former": [m.account.public_id for m in queries.former_members_of(seat)],
    }


def _thread(seat):
    return {str(row.message.seq): _message(row, seat) for row in queries.newest_page(seat).rows}


def _message(row, seat):
    wire = events.message_wire(row.message, seat.conversation)
    return {
        **{key: wire[key] for key in _KEPT},
        "reactions": [(r.emoji, r.count, r.is_mine) for r in row.reactions],
        "is_played": row.is_played,
        "card": _card(row),
    }


def _people(account):
    person = people.account_of(account.person).person
    shown = people.account_of(person)
    return {
        "contacts": {
            c.other.public_id: {
                "name": c.other.name,
                "handle": c.other.handle,
                "avatar": c.other.avatar_url,
                **{key: getattr(c, key) for key in _NOTED},
                "tags": sorted(t.name for t in c.tags.all()),
            }
            for c in people.contacts_of(account)
        },
        "tags": [(t.public_id, t.name, t.size) for t in people.tags_of(account)],
        "received": [
            (r.public_id, r.shown, r.is_seen, r.note) for r in people.requests_received(account)
        ],
        "sent": [(r.public_id, r.shown) for r in people.requests_sent(account)],
        "requests_waiting": people.requests_waiting(account),
        "blocks": [b.other.public_id for b in people.blocks_of(account)],
        "follows": [f.official.appid for f in people.followed_by(account)],
        "me": {
            "name": shown.name,
            "handle": shown.handle,
            "avatar": shown.avatar_url,
            "cover": person.cover_url,
            "said": [person.gender, person.region, person.signature],
            "audiences": [getattr(person, name) for name in AUDIENCES],
        },
        "settings": {
            "choices": [getattr(person, name) for name in (*WAYS_TO_FIND, *CHAT_PREFERENCES)],
            "language": [person.language, person.time_zone],
            "code": person.qr_token,
        },
        "sessions": [d.id for d in people.devices_of(person)],
        "tokens": sorted(t.name for t in PersonalToken.objects.filter(person=person)),
    }


def heard(state, told, fresh):
    """The state of a browser that had `state`, heard `told`, and may fetch parts of `fresh`."""
    state = copy.deepcopy(state)
    for event in told:
        _HEARS[event["kind"]](state, event, fresh)
    return state


def _fetch(state, fresh, *parts, name=None):
    for part in parts:
        if name is None:
            state[part] = fresh[part]
        elif name in fresh[part]:
            state[part][name] = fresh[part][name]
        else:
            state[part].pop(name, None)


def _again(*parts):
    return lambda state, event, fresh: _fetch(state, fresh, *parts)


def _row_again(state, event, fresh):
    _fetch(state, fresh, "rows", name=event["c"])
    _fetch(state, fresh, "unread")


def _said(state, event, fresh):
    """The words come with the event; only the row is asked for, or a chat not known so far."""
    if event["c"] not in state["threads"]:
        _room_again(state, event, fresh)
        return
    message = {key: event[key] for key in _KEPT} | {"reactions": [], "is_played": True}
    message["is_played"] = event["type"] != "voice" or event["by"] == fresh["id"]
    # Everything but plain text is drawn by the server.
    drawn = fresh["threads"].get(event["c"], {}).get(str(event["seq"]), {})
    message["card"] = drawn.get("card")
    state["threads"][event["c"]].setdefault(str(event["seq"]), message)
    _row_again(state, event, fresh)


def _changed(state, event, fresh):
    thread, now = state["threads"].get(event["c"], {}), fresh["threads"].get(event["c"], {})
    for seq in map(str, event["seqs"]):
        if seq in now:
            thread[seq] = now[seq]
    _row_again(state, event, fresh)


def _hidden(state, event, fresh):
    for seq in map(str, event["seqs"]):
        state["threads"][event["c"]].pop(seq, None)
    _row_again(state, event, fresh)


def _room_again(state, event, fresh):
    """The conversation anew, and which messages are in sight; not what known messages say."""
    name = event["c"]
    known = state["threads"].get(name, {})
    _fetch(state, fresh, "rooms", "threads", "read_by_peer", "joining", name=name)
    if name in state["threads"]:
        state["threads"][name] = {**fresh["threads"][name]} | {
            seq: said for seq, said in known.items() if seq in fresh["threads"][name]
        }
    _row_again(state, event, fresh)
    _fetch(state, fresh, "greetings")


def _told_many(state, event, fresh):
    """The list again, and the newest page of the thread with that account."""
    _fetch(state, fresh, "rows", "unread", "threads")


def _peer_read(state, event, fresh):
    state["read_by_peer"][event["c"]] = event["seq"]


def _joining(state, event, fresh):
    _fetch(state, fresh, "joining", name=event["c"])
    _fetch(state, fresh, "invitations")


def _contact(state, event, fresh):
    _fetch(state, fresh, "contacts", name=event["account"])
    _names(state, fresh)


def _profile(state, event, fresh):
    _fetch(state, fresh, "contacts", name=event["account"]["id"])
    if event["account"]["id"] == fresh["id"]:
        _fetch(state, fresh, "me")
    _names(state, fresh)


def _names(state, fresh):
    """Somebody is called or looks different: every row and title that shows them."""
    _fetch(state, fresh, "rows", "rooms", "tags")


_HEARS = {
    "chat.message_sent": _said,
    "chat.messages_changed": _changed,
    "chat.messages_hidden": _hidden,
    "chat.conversation_changed": _room_again,
    "chat.seat_changed": _room_again,
    "chat.read_moved": _row_again,
    "chat.peer_read": _peer_read,
    "chat.typing": lambda state, event, fresh: None,
    "chat.favourites_changed": _again("favourites"),
    "chat.scheduled_changed": _again("scheduled", "reminders"),
    "chat.stickers_changed": _again("stickers"),
    "chat.join_requests_changed": _joining,
    "chat.export_ready": _again("exports"),
    "accounts.friend_request_received": _again("received", "requests_waiting"),
    "accounts.friend_requests_changed": _again("received", "sent", "requests_waiting"),
    "accounts.friend_request_accepted": _again("sent"),
    "accounts.contacts_changed": _contact,
    "accounts.tags_changed": _again("tags", "contacts"),
    "accounts.blocks_changed": _again("blocks"),
    "accounts.profile_changed": _profile,
    "accounts.broadcast_changed": _told_many,
    "accounts.follows_changed": _again("follows"),
    "chat.service_message": lambda state, event, fresh: None,
    "accounts.settings_changed": _again("settings"),
    "accounts.sessions_changed": _again("sessions", "tokens"),
    "payments.wallet_changed": _again("wallet"),
}
