"""Small answers and cards: reactions, pats, voices played, people shown to each other."""

import pytest

from accounts.models import Person
from chat import actions, cards, queries
from chat.errors import (
    AlreadyRecalled,
    BadMessage,
    BadReaction,
    ConversationNotFound,
    MessageNotFound,
    NotAMember,
    NotReachable,
)
from chat.models import Message, Reaction, VoicePlayed
from tests.chat.conftest import say
from tests.chat.files import OGG, send


def at(actor, conversation, seq=1):
    return {"actor": actor, "conversation_id": conversation.public_id, "seq": seq}


def shown(viewer, conversation, seq=1):
    (row,) = queries.rows_at(queries.seat_of(viewer, conversation.public_id), [seq])
    return row


def test_a_reaction_counts_once_each_and_is_told(alice, bob, room, heard):
    say(alice, room)
    with heard.during():
        actions.add_reaction(**at(bob, room), emoji="👍")
        actions.add_reaction(**at(bob, room), emoji="👍")
        actions.add_reaction(**at(alice, room), emoji="👍")
    assert [(r.emoji, r.count, r.is_mine) for r in shown(bob, room).reactions] == [("👍", 2, True)]
    assert [(ids, e["kind"], e["seqs"], e["change"]) for ids, e in heard] == [
        ((alice.pk, bob.pk), "chat.messages_changed", [1], change) for change in (1, 2)
    ]


def test_it_is_taken_back_by_whoever_gave_it(alice, bob, room, heard):
    say(alice, room)
    actions.add_reaction(**at(bob, room), emoji="👍")
    with heard.during():
        actions.remove_reaction(**at(alice, room), emoji="👍")
    assert (Reaction.objects.count(), heard) == (1, [])
    actions.remove_reaction(**at(bob, room), emoji="👍")
    assert shown(bob, room).reactions == []


def test_reactions_have_bounds(alice, bob, carol, room, group, heard):
    say(alice, room)
    say(alice, group)
    actions.pat(actor=alice, conversation_id=room.public_id, target=bob)
    actions.remove_member(actor=alice, conversation_id=group.public_id, member=bob)
    for refusal, act in (
        (BadReaction, lambda: actions.add_reaction(**at(bob, room), emoji="<b>")),
        (AlreadyRecalled, lambda: actions.add_reaction(**at(bob, room, 2), emoji="👍")),
        (MessageNotFound, lambda: actions.add_reaction(**at(bob, room, 9), emoji="👍")),
        (NotAMember, lambda: actions.add_reaction(**at(bob, group), emoji="👍")),
        (NotAMember, lambda: actions.remove_reaction(**at(bob, group), emoji="👍")),
        (ConversationNotFound, lambda: actions.add_reaction(**at(carol, room), emoji="👍")),
        (ConversationNotFound, lambda: actions.remove_reaction(**at(carol, room), emoji="👍")),
    ):
        with pytest.raises(refusal), heard.during():
            act()
    assert not Reaction.objects.exists()
    assert heard == []


def test_a_pat_is_a_line_that_can_be_taken_back(alice, bob, group):
    actions.pat(actor=alice, conversation_id=group.public_id, target=bob)
    notice = Message.objects.get()
    assert (notice.kind, notice.body["code"]) == ("system", "pat")
    assert (notice.body["actor"]["name"], notice.body["target"]["name"]) == ("Alice", "Bob")
    actions.recall_message(**at(alice, group))
    assert shown(bob, group).shape == "recalled"


def test_only_members_are_patted_and_only_by_members(alice, bob, carol, room, group, heard):
    actions.remove_member(actor=alice, conversation_id=group.public_id, member=bob)
    place = group.public_id
    for refusal, actor, target in (
        (NotAMember, alice, carol),
        (NotAMember, alice, bob),
        (NotAMember, bob, alice),
        (ConversationNotFound, carol, alice),
    ):
        with pytest.raises(refusal), heard.during():
            actions.pat(actor=actor, conversation_id=place, target=target)
    assert not Message.objects.exists()
    assert heard == []


def test_whoever_deleted_me_is_not_patted(alice, bob, room):
    from accounts import actions as people

    people.delete_contact(owner=bob, contact_id=alice.public_id)
    with pytest.raises(NotReachable):
        actions.pat(actor=alice, conversation_id=room.public_id, target=bob)
    assert not Message.objects.exists()


def test_a_voice_is_played_once_and_only_own_devices_hear(alice, bob, room, heard):
    send(alice, room, "voice", OGG, duration_ms=1000)
    assert (shown(bob, room).is_played, shown(alice, room).is_played) == (False, True)
    place = {"viewer": bob, "conversation_id": room.public_id, "seq": 1}
    with heard.during():
        for _ in range(2):
            actions.mark_played(**place)
    assert (shown(bob, room).is_played, VoicePlayed.objects.count()) == (True, 1)
    assert [(ids, e["kind"], e["seqs"]) for ids, e in heard] == [
        ((bob.pk,), "chat.messages_changed", [1])
    ]


def test_nobody_plays_what_they_do_not_see(alice, carol, room):
    send(alice, room, "voice", OGG, duration_ms=1000)
    with pytest.raises(ConversationNotFound):
        actions.mark_played(viewer=carol, conversation_id=room.public_id, seq=1)
    assert not VoicePlayed.objects.exists()


def card_of(account):
    return {"card": "contact", "ref": account.public_id}


def test_alice_shows_bob_to_dora(alice, bob, group):
    said = say(alice, group, "", kind="card", body=card_of(bob))
    assert said.body == {**card_of(bob), "title": "Bob"}
    dora = group.memberships.get(account__name="Dora").account
    row = shown(dora, group)
    assert (row.card["account"], row.card_template) == (bob, "chat/cards/_contact.html")
    assert queries.inbox_row(dora, group.public_id).preview == "Alice: [Contact] Bob"


def test_a_card_needs_somebody_one_knows_who_allows_it(alice, bob, carol, room, heard):
    Person.objects.filter(account=bob).update(is_card_shareable=False)
    for account in (bob, carol):
        with pytest.raises(BadMessage), heard.during():
            say(alice, room, "", kind="card", body=card_of(account))
    assert not Message.objects.exists()
    assert heard == []
    assert say(alice, room, "", kind="card", body=card_of(alice)).body["title"] == "Alice"


def test_a_card_is_forwarded_but_an_invitation_is_not(alice, bob, room, settings):
    said = say(alice, room, "", kind="card", body=card_of(bob))
    assert actions.may_forward(message=said)
    settings.GROUP_INSTANT_MAX = 1
    actions.create_group(owner=alice, members=[bob], title="Club")
    invitation = Message.objects.get(conversation=room, body__card=actions.INVITATION_CARD)
    assert not actions.may_forward(message=invitation)
    assert invitation.body["title"] == "Club"


def test_an_invitation_is_shown_to_its_two_people_alone(alice, bob, carol, room, settings):
    settings.GROUP_INSTANT_MAX = 1
    actions.create_group(owner=alice, members=[bob], title="Club")
    ref = Message.objects.get(conversation=room, kind="card").body["ref"]
    card = cards.registry[actions.INVITATION_CARD]
    assert card.load(bob, [ref])[ref]["is_mine"]
    assert not card.load(alice, [ref])[ref]["is_mine"]
    assert card.load(carol, [ref]) == {}
    with pytest.raises(BadMessage):
        say(bob, room, "", kind="card", body={"card": actions.INVITATION_CARD, "ref": ref})


def test_when_the_thing_behind_a_card_changes_its_readers_fetch_it_again(
    alice, bob, carol, room, group, heard
):
    say(alice, room, "", kind="card", body=card_of(bob))
    say(alice, group, "", kind="card", body=card_of(bob))
    say(alice, group, "something else")
    with heard.during():
        actions.refresh_card(**card_of(bob))
    assert [(e["c"], e["kind"], e["seqs"]) for _ids, e in heard] == [
        (place.public_id, "chat.messages_changed", [1]) for place in (room, group)
    ]
    assert all(carol.pk not in ids for ids, _event in heard)
