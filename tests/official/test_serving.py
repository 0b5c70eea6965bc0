"""The thread of a person with an account: who may write, who answers, what answers by itself."""

from datetime import timedelta

import pytest

from accounts import actions as people
from accounts import ports
from accounts import queries as known
from accounts.errors import (
    BadAutoReply,
    NotFollowing,
    NotPublished,
    OfficialNotFound,
    TooManyAutoReplies,
    WindowClosed,
    WindowSpent,
)
from accounts.models import Follow
from chat import actions, queries
from chat.actions import PROGRAM, REPLY, Voice
from chat.errors import ConversationNotFound, FollowerLeft, NotReachable, Rejected
from chat.models import Membership, Message, SpokenBy
from superapp.kernel import time
from superapp.kernel.errors import Conflict, NotAllowed, NotFound
from tests.chat.conftest import say
from tests.official.businesses import hire, publish


@pytest.fixture
def thread(alice, noodles, regular):
    return actions.open_service(viewer=alice, official=noodles)


def texts(conversation):
    return list(
        Message.objects.filter(conversation=conversation)
        .order_by("seq")
        .values_list("author__name", "text")
    )


def rule(official, actor, trigger, *texts, **more):
    return people.add_auto_reply(
        official=official,
        actor=actor,
        trigger=trigger,
        replies=[{"kind": "text", "text": text} for text in texts],
        **more,
    )


def test_a_new_follower_finds_the_thread_and_the_welcome(alice, mei, noodles):
    rule(noodles, mei, "follow", "Welcome!", "We open at 11.")
    people.follow_official(person=alice, official=noodles)
    (row,) = queries.inbox_page(alice)[0]
    assert (row.title, row.preview, row.unread) == ("Mei Noodles", "We open at 11.", 2)
    assert texts(row.seat.conversation) == [
        ("Mei Noodles", "Welcome!"),
        ("Mei Noodles", "We open at 11."),
    ]


def test_only_followers_have_a_thread(carol, noodles):
    with pytest.raises(NotFollowing):
        actions.open_service(viewer=carol, official=noodles)
    assert not Membership.objects.exists()


def test_what_a_person_says_waits_for_the_staff_and_opens_the_window(
    alice, mei, noodles, regular, thread, heard
):
    with heard.during():
        say(alice, thread, "Do you have a table?")
    assert ((mei.pk,), "chat.service_message") in [(ids, e["kind"]) for ids, e in heard]
    (row,) = queries.inbox_page(noodles.account)[0]
    assert (row.title, row.unread) == ("Alice", 1)
    regular.refresh_from_db()
    assert regular.window_left == 5


def test_staff_answer_in_the_accounts_name(alice, bob, mei, noodles, regular, thread):
    say(alice, thread, "Do you have a table?")
    hire(noodles, mei, bob, "agent")
    said = actions.speak_as(
        official=noodles, follow=regular, voice=Voice(staff=bob), client_id="a-1", text="At seven."
    )
    assert texts(thread)[-1] == ("Mei Noodles", "At seven.")
    assert SpokenBy.objects.get(message=said).staff == bob
    again = actions.speak_as(
        official=noodles, follow=regular, voice=Voice(staff=bob), client_id="a-1", text="At seven."
    )
    assert (again.pk, SpokenBy.objects.count()) == (said.pk, 1)
    actions.read_as(official=noodles, staff=bob, conversation_id=thread.public_id, seq=said.seq)
    assert queries.inbox_page(noodles.account)[0][0].unread == 0


def test_nobody_else_speaks_for_it(alice, bob, carol, mei, lin, noodles, clinic, regular, thread):
    say(alice, thread)
    regular.refresh_from_db()
    hire(noodles, mei, bob, "finance")
    for person, refusal in ((carol, OfficialNotFound), (lin, OfficialNotFound), (bob, NotAllowed)):
        with pytest.raises(refusal):
            actions.speak_as(
                official=noodles,
                follow=regular,
                voice=Voice(staff=person),
                client_id="x-1",
                text="Hi",
            )
        with pytest.raises(refusal):
            actions.read_as(official=noodles, staff=person, conversation_id=thread.public_id, seq=1)
    with pytest.raises(FollowerLeft):  # another account's follower
        actions.speak_as(official=clinic, follow=regular, voice=REPLY, client_id="x-2", text="Hi")
    with pytest.raises(ConversationNotFound):
        actions.read_as(official=clinic, staff=lin, conversation_id=thread.public_id, seq=1)
    assert [name for name, _text in texts(thread)] == ["Alice"]


def test_a_program_spends_its_window_and_a_reply_does_not(
    alice, noodles, regular, thread, settings
):
    say(alice, thread)
    regular.refresh_from_db()

    def speak(number, voice=PROGRAM):
        return actions.speak_as(
            official=noodles, follow=regular, voice=voice, client_id=f"p-{number}", text="Hi"
        )

    for number in range(settings.WINDOW_MESSAGES):
        speak(number)
    speak(0)  # a repeat costs nothing
    with pytest.raises(WindowSpent):
        speak(9)
    speak(10, REPLY)
    say(alice, thread)
    speak(11)
    with time.pretend(time.now() + timedelta(hours=49)):
        for voice in (PROGRAM, Voice(staff=noodles.owner)):
            regular.refresh_from_db()
            with pytest.raises(WindowClosed):
                speak(12, voice)


def test_after_leaving_neither_writes(alice, noodles, regular, thread):
    say(alice, thread)
    people.unfollow_official(person=alice, official=noodles)
    with pytest.raises(NotFollowing):
        say(alice, thread)
    left = Follow.objects.get(pk=regular.pk)
    with pytest.raises(FollowerLeft):
        actions.speak_as(official=noodles, follow=left, voice=REPLY, client_id="x", text="Hi")
    assert len(texts(thread)) == 1
    people.follow_official(person=alice, official=noodles)
    assert say(alice, thread).seq == 2


def test_a_suspended_account_and_a_blacklisted_follower(alice, mei, noodles, regular, thread, root):
    people.blacklist_follower(official=noodles, actor=mei, openid=regular.openid)
    with pytest.raises(Rejected):
        say(alice, thread)
    people.unblacklist_follower(official=noodles, actor=mei, openid=regular.openid)
    say(alice, thread)
    people.suspend_official(official=noodles, staff=root, reason="Complaints")
    with pytest.raises(NotPublished):
        say(alice, thread)
    assert len(texts(thread)) == 1


def test_nobody_answers_the_houses_own_account(alice):
    people.greet_device(person=alice.person, device="Firefox")
    chat = Membership.objects.get(account=alice).conversation
    with pytest.raises(NotReachable):
        say(alice, chat)


def test_words_are_answered_by_the_first_rule_that_fits(alice, mei, noodles, thread):
    rule(noodles, mei, "any", "We will answer soon.")
    hours = rule(
        noodles, mei, "keyword", "11 to 22", keywords=[{"text": "Hours", "is_exact": False}]
    )
    rule(noodles, mei, "keyword", "Here.", keywords=[{"text": "menu", "is_exact": True}])
    for said in ("opening hours?", "MENU", "the menu please", "ＨＯＵＲＳ"):
        say(alice, thread, said)
    assert [text for name, text in texts(thread) if name == "Mei Noodles"] == [
        "11 to 22",
        "Here.",
        "We will answer soon.",
        "11 to 22",
    ]
    people.switch_auto_reply_off(official=noodles, actor=mei, reply_id=hours.public_id)
    say(alice, thread, "hours")
    assert texts(thread)[-1] == ("Mei Noodles", "We will answer soon.")
    people.switch_auto_reply_on(official=noodles, actor=mei, reply_id=hours.public_id)
    people.change_auto_reply(
        official=noodles,
        actor=mei,
        reply_id=hours.public_id,
        keywords=[{"text": "hours", "is_exact": False}],
        replies=[{"kind": "text", "text": "one"}, {"kind": "text", "text": "two"}],
        choice="random",
    )
    say(alice, thread, "hours")
    assert texts(thread)[-2][0] == "Alice"
    assert texts(thread)[-1][1] in {"one", "two"}
    people.delete_auto_reply(official=noodles, actor=mei, reply_id=hours.public_id)
    with pytest.raises(NotFound):
        people.delete_auto_reply(official=noodles, actor=mei, reply_id=hours.public_id)


def test_a_program_silences_the_rules(alice, mei, noodles, thread):
    rule(noodles, mei, "any", "We will answer soon.")
    type(noodles).objects.filter(pk=noodles.pk).update(is_server_mode=True)
    say(alice, thread)
    assert [name for name, _text in texts(thread)] == ["Alice"]


def test_photos_are_answered_by_the_rule_for_anything(alice, mei, noodles, thread):
    rule(noodles, mei, "any", "Thank you.")
    say(alice, thread, "", kind="location", body={"lat": 1, "lng": 2})
    assert texts(thread)[-1] == ("Mei Noodles", "Thank you.")


@pytest.mark.parametrize(
    "bad",
    [
        {"trigger": "never", "replies": [{"text": "x"}]},
        {"trigger": "any", "replies": []},
        {"trigger": "any", "replies": [{"text": "x"}] * 6},
        {"trigger": "any", "replies": [{"text": ""}]},
        {"trigger": "any", "replies": [{"text": "x" * 601}]},
        {"trigger": "any", "replies": [{"kind": "html", "text": "x"}]},
        {"trigger": "any", "replies": [{"text": "x"}], "keywords": [{"text": "x"}]},
        {"trigger": "keyword", "replies": [{"text": "x"}]},
        {"trigger": "keyword", "replies": [{"text": "x"}], "keywords": [{"text": "x"}] * 11},
        {"trigger": "keyword", "replies": [{"text": "x"}], "keywords": [{"text": " "}]},
        {"trigger": "any", "replies": [{"text": "x"}], "choice": "best"},
    ],
)
def test_rules_that_cannot_be_used_are_refused(mei, noodles, bad):
    with pytest.raises(BadAutoReply):
        people.add_auto_reply(official=noodles, actor=mei, **bad)
    assert known.auto_replies_of(noodles).count() == 0


def test_one_rule_for_any_message_and_a_bounded_number(mei, lin, noodles, settings):
    rule(noodles, mei, "any", "x")
    with pytest.raises(Conflict):
        rule(noodles, mei, "any", "y")
    with pytest.raises(OfficialNotFound):
        rule(noodles, lin, "follow", "y")
    settings.AUTO_REPLIES_MAX = 1
    with pytest.raises(TooManyAutoReplies):
        rule(noodles, mei, "follow", "y")
    rules = list(known.auto_replies_of(noodles))
    assert people.answers_to(rules=rules, text="anything") == [{"kind": "text", "text": "x"}]
    assert people.answers_to_follow(rules=rules) == []


def test_the_words_of_a_menu_are_said_in_the_thread(alice, noodles, thread):
    people.replace_menu(
        official=noodles, buttons=[{"type": "text", "name": "Hours", "value": "11 to 22"}]
    )
    people.press_menu(person=alice, official=noodles, path="0")
    assert texts(thread) == [("Mei Noodles", "11 to 22")]


def test_programs_hear_of_messages_in_their_order(alice, noodles, thread, monkeypatch):
    seen = []
    port = type(ports.official_events)("test")
    port.register(lambda events: seen.extend((e.kind, e.facts["seq"]) for e in events))
    monkeypatch.setattr(ports, "official_events", port)
    say(alice, thread, "one")
    say(alice, thread, "two")
    assert seen == [("message", 1), ("message", 2)]


def test_subscription_accounts_stand_in_their_folder(alice, lin, root, noodles, regular):
    paper = publish(lin, "Morning Paper", root, kind="subscription", category="media")
    people.follow_official(person=alice, official=paper)
    seats = {s.peer.name: s.is_subscription for s in Membership.objects.filter(account=alice)}
    assert seats == {"Mei Noodles": False, "Morning Paper": True}
