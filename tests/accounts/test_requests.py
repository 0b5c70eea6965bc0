"""Finding people and becoming friends: by the ways they leave open, once, and within limits."""

from datetime import timedelta

import pytest
import time_machine

from accounts import actions, ports, queries
from accounts.actions import Asked, Wish
from accounts.errors import (
    AlreadyFriends,
    Blocked,
    CannotAddYourself,
    PersonNotFound,
    RequestExpired,
    RequestNotFound,
    TagNotFound,
    TooManyFriends,
    WayClosed,
)
from accounts.models import Account, Contact, FriendRequest, Person
from superapp.kernel import outbox
from superapp.kernel.errors import Conflict, TooMany
from superapp.kernel.models import Job
from tests import cast

QR, CARD, HANDLE = Contact.Source.QR, Contact.Source.CARD, Contact.Source.HANDLE


@pytest.fixture
def formed(monkeypatch):
    """Friendships as the apps above hear of them."""
    told = []
    port = type(ports.friendship_formed)("test")
    port.register(lambda asker, accepter, note: told.append((asker, accepter, note)))
    monkeypatch.setattr(ports, "friendship_formed", port)
    return told


def ask(sender, receiver, *, source=QR, **wish) -> Asked:
    way = queries.way_to(sender, receiver, source)
    return actions.ask_friend(
        sender=sender, receiver_id=receiver.public_id, way=way, wish=Wish(**wish)
    )


def edges() -> set[tuple[str, str]]:
    return {(c.owner.name, c.other.name) for c in Contact.objects.all()}


def switch(account, **fields):
    Person.objects.filter(account=account).update(**fields)


def test_asking_tells_the_receiver_and_waits(alice, carol, heard, formed):
    with heard.during():
        asked = ask(carol, alice, note="Carol from the choir", source=CARD)
    assert not asked.is_friend
    request = FriendRequest.objects.get()
    assert (request.sender, request.receiver, request.note) == (
        carol,
        alice,
        "Carol from the choir",
    )
    assert (request.status, request.source) == ("pending", "card")
    assert request.due_at - request.created_at == timedelta(days=3)
    assert heard == [
        (
            (alice.pk,),
            {
                "t": "event",
                "kind": "accounts.friend_request_received",
                "request": request.public_id,
                "from": {"id": carol.public_id, "name": "Carol", "avatar": ""},
                "note": "Carol from the choir",
                "waiting": 1,
            },
        ),
        (
            (carol.pk,),
            {"t": "event", "kind": "accounts.friend_requests_changed", "waiting": 0},
        ),
    ]
    assert edges() == set()
    assert formed == []


def test_accepting_makes_two_edges_with_what_each_side_wanted(alice, carol, heard, formed):
    choir = actions.create_tag(owner=alice, name="Choir")
    request = ask(carol, alice, note="hello", remark="Alto Alice", is_chat_only=True).request
    with heard.during():
        actions.accept_friend_request(
            receiver=alice, request_id=request.public_id, remark="陈晨", tag_ids=[choir.public_id]
        )
    theirs, mine = queries.edge_of(carol, alice), queries.edge_of(alice, carol)
    assert (theirs.remark, theirs.is_chat_only, theirs.source) == ("Alto Alice", True, "qr")
    assert (mine.remark, mine.is_chat_only, list(mine.tags.all())) == ("陈晨", False, [choir])
    assert mine.sort_key == "chen chen"
    assert formed == [(carol, alice, "hello")]
    assert heard.kinds() == [
        "accounts.contacts_changed",
        "accounts.contacts_changed",
        "accounts.friend_requests_changed",
        "accounts.friend_request_accepted",
    ]


def test_a_request_is_accepted_once(alice, carol, formed):
    request = ask(carol, alice).request
    actions.accept_friend_request(receiver=alice, request_id=request.public_id)
    with pytest.raises(Conflict):
        actions.accept_friend_request(receiver=alice, request_id=request.public_id)
    with pytest.raises(Conflict):
        actions.ignore_friend_request(receiver=alice, request_id=request.public_id)
    assert len(formed) == 1


def test_nobody_answers_for_somebody_else(alice, bob, carol, heard):
    request = ask(carol, alice).request
    with heard.during():
        for stranger in (bob, carol):
            with pytest.raises(RequestNotFound):
                actions.accept_friend_request(receiver=stranger, request_id=request.public_id)
            with pytest.raises(RequestNotFound):
                actions.ignore_friend_request(receiver=stranger, request_id=request.public_id)
    assert FriendRequest.objects.get().status == "pending"
    assert heard == []


def test_a_foreign_tag_undoes_the_whole_acceptance(alice, bob, carol, heard, formed):
    theirs = actions.create_tag(owner=bob, name="Mine")
    request = ask(carol, alice).request
    with heard.during(), pytest.raises(TagNotFound):
        actions.accept_friend_request(
            receiver=alice, request_id=request.public_id, tag_ids=[theirs.public_id]
        )
    assert FriendRequest.objects.get().status == "pending"
    assert edges() == {("Alice", "Bob"), ("Bob", "Alice")}
    assert heard == []


def test_being_ignored_looks_like_waiting(alice, carol, heard):
    request = ask(carol, alice).request
    with heard.during():
        actions.ignore_friend_request(receiver=alice, request_id=request.public_id)
    assert [r.shown for r in queries.requests_received(alice)] == ["ignored"]
    assert [r.shown for r in queries.requests_sent(carol)] == ["pending"]
    assert heard == [
        ((alice.pk,), {"t": "event", "kind": "accounts.friend_requests_changed", "waiting": 0})
    ]


def test_a_request_expires_after_three_days_even_if_no_job_runs(alice, carol):
    request = ask(carol, alice).request
    with time_machine.travel(request.due_at + timedelta(seconds=1), tick=False):
        with pytest.raises(RequestExpired):
            actions.accept_friend_request(receiver=alice, request_id=request.public_id)
        with pytest.raises(RequestExpired):
            actions.ignore_friend_request(receiver=alice, request_id=request.public_id)
        assert [r.shown for r in queries.requests_received(alice)] == ["expired"]
        assert [r.shown for r in queries.requests_sent(carol)] == ["expired"]
        assert queries.requests_waiting(alice) == 0
    assert edges() == set()


def test_the_job_writes_down_that_it_expired_and_only_then(alice, carol):
    request = ask(carol, alice).request
    actions.expire_friend_request(request_id=request.pk)
    assert FriendRequest.objects.get().status == "pending"
    with time_machine.travel(request.due_at + timedelta(seconds=1), tick=False):
        assert outbox.run_due(outbox.DEFAULT, limit=5) == 1
        actions.expire_friend_request(request_id=request.pk)
    assert FriendRequest.objects.get().status == "expired"


def test_asking_again_renews_the_same_request(alice, carol):
    first = ask(carol, alice, note="hi").request
    actions.see_friend_requests(receiver=alice)
    second = ask(carol, alice, note="It's Carol!").request
    assert second.pk == first.pk
    assert FriendRequest.objects.get().note == "It's Carol!"
    assert queries.requests_waiting(alice) == 1
    assert Job.objects.filter(kind="accounts.expire_request").count() == 1


def test_one_may_ask_again_after_expiry(alice, carol):
    request = ask(carol, alice).request
    with time_machine.travel(request.due_at + timedelta(hours=1), tick=False):
        again = ask(carol, alice).request
    assert again.pk != request.pk
    assert [r.status for r in FriendRequest.objects.order_by("pk")] == ["expired", "pending"]


def test_the_same_person_is_asked_three_times_a_day_at_most(alice, carol, heard):
    for _ in range(3):
        ask(carol, alice)
    with heard.during(), pytest.raises(TooMany):
        ask(carol, alice, note="please")
    assert FriendRequest.objects.get().note == ""
    assert heard == []


def test_a_day_has_room_for_so_many_requests(alice, carol, settings):
    settings.FRIEND_REQUESTS_PER_DAY = 2
    people = [cast.make_person(f"Person {n}") for n in range(3)]
    ask(carol, people[0])
    ask(carol, people[1])
    with pytest.raises(TooMany):
        ask(carol, people[2])


def test_looking_at_them_clears_the_badge_everywhere(alice, carol, heard):
    ask(carol, alice)
    assert queries.requests_badge(alice).count == 1
    with heard.during():
        assert actions.see_friend_requests(receiver=alice) == 1
        assert actions.see_friend_requests(receiver=alice) == 0
    assert queries.requests_badge(alice).count == 0
    assert heard.kinds() == ["accounts.friend_requests_changed"]


def test_without_approval_it_is_instant(alice, carol, formed):
    switch(alice, approves_friends=False)
    assert ask(carol, alice, note="hi") == Asked(is_friend=True)
    assert edges() == {("Alice", "Carol"), ("Carol", "Alice")}
    assert formed == [(carol, alice, "hi")]
    assert not FriendRequest.objects.exists()


def test_two_who_ask_each_other_are_friends(alice, carol, formed):
    ask(carol, alice)
    assert ask(alice, carol, note="me too").is_friend
    assert edges() == {("Alice", "Carol"), ("Carol", "Alice")}
    assert FriendRequest.objects.get().status == "accepted"
    assert formed == [(alice, carol, "me too")]


def test_whoever_was_deleted_by_me_is_added_back_at_once(alice, bob, formed):
    actions.delete_contact(owner=alice, contact_id=bob.public_id)
    assert edges() == {("Bob", "Alice")}
    switch(bob, is_found_by_qr=False)
    asked = actions.ask_friend(
        sender=alice, receiver_id=bob.public_id, way="", wish=Wish(remark="Bobby")
    )
    assert asked == Asked(is_friend=True)
    assert queries.are_friends(alice, bob)
    assert queries.edge_of(alice, bob).remark == "Bobby"
    assert formed == []


def test_whoever_deleted_me_must_be_asked_again(alice, bob):
    actions.delete_contact(owner=bob, contact_id=alice.public_id)
    assert not ask(alice, bob).is_friend
    assert edges() == {("Alice", "Bob")}


@pytest.mark.parametrize(
    ("source", "switched"),
    [
        ("handle", "is_found_by_handle"),
        ("phone", "is_found_by_phone"),
        ("qr", "is_found_by_qr"),
        ("group", "is_found_by_group"),
        ("card", "is_found_by_card"),
    ],
)
def test_a_way_that_is_switched_off_leads_nowhere(alice, carol, heard, source, switched):
    switch(alice, **{switched: False})
    with heard.during(), pytest.raises(WayClosed):
        ask(carol, alice, source=source)
    assert not FriendRequest.objects.exists()
    assert heard == []
    others = {"handle", "phone", "qr", "group", "card"} - {source}
    assert not ask(carol, alice, source=min(others)).is_friend


def test_a_way_is_neither_forged_nor_lent_nor_old(alice, bob, carol):
    lent = queries.way_to(bob, alice, QR)
    old = queries.way_to(carol, alice, QR)
    with time_machine.travel("2030-01-01", tick=False):
        late = old
        with pytest.raises(WayClosed):
            queries.source_of(carol, alice, late)
    for way in ("", "qr", lent, old[:-1], old + "x", "é" * 100):
        with pytest.raises(WayClosed):
            actions.ask_friend(sender=carol, receiver_id=alice.public_id, way=way, wish=Wish())
    assert not FriendRequest.objects.exists()


def test_somebody_who_blocked_the_sender_is_not_told_and_the_sender_cannot_tell(
    alice, carol, heard, formed
):
    actions.block_account(owner=alice, account_id=carol.public_id)
    with heard.during():
        first = ask(carol, alice, note="hi")
        second = ask(carol, alice, note="hi again")
    assert (first.is_friend, second.is_friend) == (False, False)
    assert [r.shown for r in queries.requests_sent(carol)] == ["pending"]
    assert queries.requests_waiting(alice) == 0
    assert [ids for ids, _event in heard] == [(carol.pk,)] * 2
    assert set(heard.kinds()) == {"accounts.friend_requests_changed"}
    assert formed == []


def test_hopeless_requests_say_why(alice, bob, carol, heard):
    actions.block_account(owner=alice, account_id=carol.public_id)
    with heard.during():
        with pytest.raises(CannotAddYourself):
            ask(alice, alice)
        with pytest.raises(AlreadyFriends):
            ask(alice, bob)
        with pytest.raises(Blocked):
            ask(alice, carol)
        with pytest.raises(PersonNotFound):
            actions.ask_friend(sender=alice, receiver_id="acc_nobody", way="", wish=Wish())
    assert not FriendRequest.objects.exists()
    assert heard == []


def test_the_gone_and_the_suspended_cannot_be_asked(alice, carol):
    switch(alice, is_active=False)
    with pytest.raises(PersonNotFound):
        ask(carol, alice)
    switch(alice, is_active=True)
    Account.objects.filter(pk=alice.pk).update(closed_at="2026-01-01T00:00Z")
    with pytest.raises(PersonNotFound):
        ask(carol, alice)
    assert not FriendRequest.objects.exists()


def test_a_full_list_takes_nobody(alice, bob, carol, settings):
    settings.FRIENDS_MAX = 1
    request = ask(carol, alice).request
    with pytest.raises(TooManyFriends):
        actions.accept_friend_request(receiver=alice, request_id=request.public_id)
    assert FriendRequest.objects.get().status == "pending"


def test_a_long_note_is_cut_and_cleaned(alice, carol):
    request = ask(carol, alice, note="a\u202eb\n" + "x" * 80).request
    assert request.note == "a b " + "x" * 46
