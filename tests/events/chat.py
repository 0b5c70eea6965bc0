"""One scenario for each action of chat: what is there before, a yield, and the action."""

import hashlib
import io
from datetime import timedelta

from chat import actions
from chat.models import LinkPreview
from superapp.kernel import time
from tests.chat.conftest import say
from tests.permissions.world import photo

SCENARIOS = {}


def scenario(make):
    SCENARIOS[make.__name__] = make
    return make


def _seat(action, **more):
    def steps(w):
        yield
        action(**w.here(who="bob"), **more)

    SCENARIOS[action.__name__] = steps


def _undone(before, action):
    def steps(w):
        before(**w.here("bob"))
        yield
        action(**w.here("bob"))

    SCENARIOS[action.__name__] = steps


for _action in (
    *(actions.pin_chat, actions.mute_chat, actions.mark_unread, actions.hide_chat),
    *(actions.archive_chat, actions.clear_history, actions.delete_chat, actions.save_group),
):
    _seat(_action)
_seat(actions.save_draft, text="Dear")
_seat(actions.remark_group, remark="my soup")
_seat(actions.set_alias, alias="Chef")
_undone(actions.pin_chat, actions.unpin_chat)
_undone(actions.mute_chat, actions.unmute_chat)
_undone(actions.archive_chat, actions.unarchive_chat)
_undone(actions.save_group, actions.unsave_group)


@scenario
def send_message(w):
    yield
    say(w.alice, w.room, "plain")
    say(w.bob, w.group, "@Alice quoted", quote_seq=3, mentions=[w.alice.public_id])


@scenario
def recall_message(w):
    first = w.said("secret")
    w.said("what?", "bob", quote_seq=first.seq)
    yield
    actions.recall_message(**w.at(first.seq))


@scenario
def delete_for_me(w):
    said = w.said("bye")
    yield
    actions.delete_for_me(**w.here("bob", w.room), seqs=[said.seq])


@scenario
def add_reaction(w):
    yield
    actions.add_reaction(**w.at(1, "bob"), emoji="👍")


@scenario
def remove_reaction(w):
    actions.add_reaction(**w.at(1, "bob"), emoji="👍")
    yield
    actions.remove_reaction(**w.at(1, "bob"), emoji="👍")


@scenario
def pat(w):
    yield
    actions.pat(**w.lead(target=w.bob))


@scenario
def mark_played(w):
    said = send_upload(w, "voice", OGG, duration_ms=1000)
    yield
    actions.mark_played(**w.here("bob", w.room), seq=said.seq)


@scenario
def mark_read(w):
    for account in (w.alice, w.bob):
        account.person.shares_read_marks = True
        account.person.save()
    said = w.said("read me")
    yield
    actions.mark_read(account_id=w.bob.pk, conversation_id=w.room.public_id, seq=said.seq)


@scenario
def forward_one_by_one(w):
    yield
    forward(w, actions.forward_one_by_one)


@scenario
def forward_merged(w):
    yield
    forward(w, actions.forward_merged)


def forward(w, action):
    action(
        actor=w.alice,
        source_id=w.room.public_id,
        seqs=[1, 2],
        target_id=w.group.public_id,
        client_id="fwd",
    )


@scenario
def keep_message(w):
    yield
    kept(w)


def kept(w):
    return actions.keep_message(owner=w.bob, conversation_id=w.room.public_id, seq=1)


@scenario
def describe_favourite(w):
    favourite = kept(w)
    yield
    actions.describe_favourite(
        owner=w.bob, favourite_id=favourite.public_id, note="nice", tags=["soup"]
    )


@scenario
def drop_favourite(w):
    favourite = kept(w)
    yield
    actions.drop_favourite(owner=w.bob, favourite_id=favourite.public_id)


@scenario
def send_favourite(w):
    favourite = kept(w)
    yield
    actions.send_favourite(
        owner=w.bob,
        favourite_id=favourite.public_id,
        conversation_id=w.group.public_id,
        client_id="fav",
    )


OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 64


def send_upload(w, kind, data, **more):
    attachment = actions.upload(
        owner=w.alice, kind=kind, content=io.BytesIO(data), size=len(data), **more
    )
    return say(w.alice, w.room, "", kind=kind, attachment_id=attachment.public_id)


@scenario
def keep_sticker(w):
    said = send_upload(w, "image", photo().getvalue())
    yield
    actions.keep_sticker(owner=w.bob, conversation_id=w.room.public_id, seq=said.seq)


@scenario
def drop_sticker(w):
    said = send_upload(w, "image", photo().getvalue())
    sticker = actions.keep_sticker(owner=w.bob, conversation_id=w.room.public_id, seq=said.seq)
    yield
    actions.drop_sticker(owner=w.bob, sticker_id=sticker.public_id)


def scheduled(w):
    return actions.schedule_message(
        author=w.alice,
        conversation_id=w.room.public_id,
        text="later",
        due_at=time.now() + timedelta(hours=1),
    )


@scenario
def schedule_message(w):
    yield
    scheduled(w)


@scenario
def change_scheduled(w):
    row = scheduled(w)
    yield
    later = time.now() + timedelta(hours=2)
    actions.change_scheduled(
        author=w.alice, scheduled_id=row.public_id, text="even later", due_at=later
    )


@scenario
def cancel_scheduled(w):
    row = scheduled(w)
    yield
    actions.cancel_scheduled(author=w.alice, scheduled_id=row.public_id)


@scenario
def send_scheduled(w):
    row = scheduled(w)
    yield
    actions.send_scheduled(scheduled_id=row.public_id)


def reminder(w):
    soon = time.now() + timedelta(hours=1)
    place = w.room.public_id
    return actions.remind_about(owner=w.alice, conversation_id=place, seq=1, due_at=soon)


@scenario
def remind_about(w):
    yield
    reminder(w)


@scenario
def remind(w):
    row = reminder(w)
    yield
    actions.remind(reminder_id=row.pk)


@scenario
def unfurl(w):
    url = "https://example.com/"
    LinkPreview.objects.create(
        url=url,
        digest=hashlib.sha256(url.encode()).hexdigest(),
        title="T",
        fetched_at=time.now(),
        is_ok=True,
    )
    said = w.said(f"look {url}")
    yield
    actions.unfurl(message_id=said.pk, url=url)


@scenario
def refresh_card(w):
    card = {"card": "contact", "ref": w.bob.public_id}
    w.said("", kind="card", body=card)
    yield
    actions.refresh_card(**card)


@scenario
def build_export(w):
    row = actions.export_chat(**w.here("bob"))
    yield
    actions.build_export(export_id=row.pk)


@scenario
def open_direct(w):
    yield
    actions.open_direct(viewer=w.alice, other=w.finn)


@scenario
def open_self(w):
    yield
    actions.open_self(viewer=w.alice)
