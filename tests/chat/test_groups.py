"""Groups: who comes in, who leads, who goes, and what each sees."""

import pytest

from accounts.models import Person
from chat import actions, queries
from chat.errors import (
    AdminsOnly,
    AlreadyMember,
    ConversationNotFound,
    GroupClosed,
    GroupFull,
    JoinRequestNotFound,
    NotAMember,
    NotFriends,
    NotVerified,
    OwnerOnly,
    QRExpired,
    TooManyAdmins,
)
from chat.models import Conversation, JoinRequest, Membership, Message
from superapp.kernel import time
from tests import cast
from tests.chat.conftest import say


def friends_of(owner, count, prefix="Friend"):
    found = [cast.make_person(f"{prefix} {n}") for n in range(count)]
    for friend in found:
        cast.make_friends(owner, friend)
    return found


def add(actor, group, *people):
    return actions.add_people(actor=actor, conversation_id=group.public_id, people=people)


def members(group):
    return set(
        Membership.objects.filter(conversation=group, status="active").values_list(
            "account__name", flat=True
        )
    )


def place(actor, group, **more):
    return {"actor": actor, "conversation_id": group.public_id, **more}


def test_alice_makes_a_group_of_her_friends(alice, bob, heard):
    with heard.during():
        group = actions.create_group(owner=alice, members=[bob], title="Hotpot")
    assert (group.title, group.members_count, members(group)) == ("Hotpot", 2, {"Alice", "Bob"})
    codes = [m.body["code"] for m in Message.objects.order_by("seq")]
    assert codes == ["group_made", "joined"]


def test_only_friends_can_be_added(alice, bob, carol):
    with pytest.raises(NotFriends):
        actions.create_group(owner=alice, members=[bob, carol])
    assert not Conversation.objects.filter(kind="group").exists()


def test_a_newcomer_sees_nothing_from_before(alice, bob, group):
    say(alice, group, "before")
    (eve,) = friends_of(alice, 1, "Eve")
    add(alice, group, eve)
    say(alice, group, "after")
    seen = queries.visible_to(queries.seat_of(eve, group.public_id))
    assert [m.text for m in seen if m.kind == "text"] == ["after"]


def test_the_41st_is_invited_and_comes_in_by_saying_yes(alice, bob):
    people = friends_of(alice, 40)
    group = actions.create_group(owner=alice, members=people[:39])
    assert group.members_count == 40
    (invitation,) = add(alice, group, people[39])
    assert invitation.status == "invited"
    assert people[39].name not in members(group)
    actions.accept_invitation(account=people[39], join_id=invitation.public_id)
    assert people[39].name in members(group)


def test_an_invitation_is_for_its_person_alone(alice, bob, carol):
    people = friends_of(alice, 40)
    group = actions.create_group(owner=alice, members=people[:39])
    (invitation,) = add(alice, group, people[39])
    with pytest.raises(JoinRequestNotFound):
        actions.accept_invitation(account=carol, join_id=invitation.public_id)
    actions.decline_invitation(account=people[39], join_id=invitation.public_id)
    with pytest.raises(JoinRequestNotFound):
        actions.accept_invitation(account=people[39], join_id=invitation.public_id)
    assert group.members_count == 40


def test_beyond_a_hundred_an_identity_is_needed(alice, settings):
    settings.GROUP_INSTANT_MAX, settings.GROUP_VERIFIED_ABOVE = 2, 2
    people = friends_of(alice, 2)
    group = actions.create_group(owner=alice, members=people[:1])
    (invitation,) = add(alice, group, people[1])
    with pytest.raises(NotVerified):
        actions.accept_invitation(account=people[1], join_id=invitation.public_id)
    Person.objects.filter(account=people[1]).update(verified_at=time.now())
    actions.accept_invitation(account=people[1], join_id=invitation.public_id)


def test_the_501st_is_refused_and_nobody_is_added(alice, settings):
    settings.GROUP_MAX = 3
    people = friends_of(alice, 4)
    group = actions.create_group(owner=alice, members=people[:2])
    with pytest.raises(GroupFull):
        add(alice, group, people[2], people[3])
    group.refresh_from_db()
    assert group.members_count == 3


def test_with_approval_a_members_friend_waits_for_the_owner(alice, bob, group):
    (fay,) = friends_of(bob, 1, "Fay")
    actions.ask_approval(**place(alice, group))
    (request,) = add(bob, group, fay)
    assert (request.status, "Fay 0" in members(group)) == ("asked", False)
    with pytest.raises(AdminsOnly):
        actions.approve_join(actor=bob, join_id=request.public_id)
    actions.approve_join(actor=alice, join_id=request.public_id)
    assert "Fay 0" in members(group)


def test_without_approval_again_they_come_in_at_once(alice, bob, group):
    (fay,) = friends_of(bob, 1, "Fay")
    actions.ask_approval(**place(alice, group))
    actions.waive_approval(**place(alice, group))
    add(bob, group, fay)
    assert "Fay 0" in members(group)


def test_a_declined_request_leaves_them_outside(alice, bob, group):
    (fay,) = friends_of(bob, 1, "Fay")
    actions.ask_approval(**place(alice, group))
    (request,) = add(bob, group, fay)
    actions.decline_join(actor=alice, join_id=request.public_id)
    assert "Fay 0" not in members(group)
    assert JoinRequest.objects.get().status == "declined"


def test_a_code_lets_a_stranger_in_for_a_week(alice, carol, group):
    token = actions.renew_group_qr(**place(alice, group)).qr_token
    actions.join_by_qr(account=carol, token=token)
    assert "Carol" in members(group)
    with pytest.raises(AlreadyMember):
        actions.join_by_qr(account=carol, token=token)


def test_an_old_or_crowded_code_lets_nobody_in(alice, carol, group, settings):
    token = actions.renew_group_qr(**place(alice, group)).qr_token
    settings.GROUP_QR_MEMBERS_MAX = 3
    with pytest.raises(QRExpired):
        actions.join_by_qr(account=carol, token=token)
    settings.GROUP_QR_MEMBERS_MAX = 200
    Conversation.objects.filter(pk=group.pk).update(qr_expires_at=time.now())
    with pytest.raises(QRExpired):
        actions.join_by_qr(account=carol, token=token)
    assert "Carol" not in members(group)


def test_who_was_removed_keeps_the_past_and_hears_no_more(alice, bob, group, heard):
    say(alice, group, "before")
    actions.remove_member(**place(alice, group, member=bob))
    with heard.during():
        say(alice, group, "after")
    seat = queries.seat_of(bob, group.public_id)
    assert [m.text for m in queries.visible_to(seat) if m.kind == "text"] == ["before"]
    with pytest.raises(NotAMember):
        say(bob, group)
    assert bob.pk not in heard[0][0]
    assert len(heard[0][0]) == 2


def test_a_member_may_not_lead(alice, bob, group):
    dora = queries.members_of(queries.seat_of(alice, group.public_id)).last().account
    for refused, act in (
        (AdminsOnly, lambda: actions.remove_member(**place(bob, group, member=dora))),
        (AdminsOnly, lambda: actions.announce(**place(bob, group, text="hi"))),
        (AdminsOnly, lambda: actions.ask_approval(**place(bob, group))),
        (OwnerOnly, lambda: actions.appoint_admin(**place(bob, group, member=dora))),
        (OwnerOnly, lambda: actions.transfer_group(**place(bob, group, member=bob))),
        (OwnerOnly, lambda: actions.disband_group(**place(bob, group))),
    ):
        with pytest.raises(refused):
            act()
    assert members(group) == {"Alice", "Bob", "Dora"}


def test_three_admins_at_most_and_they_cannot_touch_each_other(alice, bob, settings):
    people = friends_of(alice, 4)
    group = actions.create_group(owner=alice, members=people)
    for admin in people[:3]:
        actions.appoint_admin(**place(alice, group, member=admin))
    with pytest.raises(TooManyAdmins):
        actions.appoint_admin(**place(alice, group, member=people[3]))
    with pytest.raises(AdminsOnly):
        actions.remove_member(**place(people[0], group, member=people[1]))
    actions.remove_member(**place(people[0], group, member=people[3]))
    actions.dismiss_admin(**place(alice, group, member=people[0]))
    with pytest.raises(AdminsOnly):
        actions.announce(**place(people[0], group, text="x"))


def test_the_owner_hands_over_and_leaves_quietly(alice, bob, group):
    actions.transfer_group(**place(alice, group, member=bob))
    before = Message.objects.count()
    actions.leave_group(member=alice, conversation_id=group.public_id)
    assert Message.objects.count() == before
    assert queries.seat_of(bob, group.public_id).role == "owner"
    former = queries.former_members_of(queries.seat_of(bob, group.public_id))
    assert [m.account for m in former] == [alice]


def test_when_the_owner_goes_the_oldest_admin_follows(alice, bob, group):
    dora = next(m.account for m in group.memberships.all() if m.account.name == "Dora")
    actions.appoint_admin(**place(alice, group, member=dora))
    actions.leave_group(member=alice, conversation_id=group.public_id)
    assert queries.seat_of(dora, group.public_id).role == "owner"


def test_an_account_that_closes_passes_its_groups_on(alice, bob, group):
    actions.on_account_closing(alice)
    assert queries.seat_of(bob, group.public_id).role == "owner"
    assert "Alice" not in members(group)


def test_a_disbanded_group_is_read_only(alice, bob, group):
    say(bob, group, "memories")
    actions.disband_group(**place(alice, group))
    with pytest.raises(GroupClosed):
        say(bob, group)
    with pytest.raises(GroupClosed):
        actions.rename_group(**place(alice, group, title="x"))
    texts = [m.text for m in queries.visible_to(queries.seat_of(bob, group.public_id))]
    assert "memories" in texts


def test_an_announcement_stays_on_top_until_it_was_seen(alice, bob, group):
    actions.announce(**place(alice, group, text="Doors at seven"))
    assert queries.inbox_row(bob, group.public_id).is_mentioned
    group.refresh_from_db()
    seat = queries.seat_of(bob, group.public_id)
    assert seat.announcement_seen_at is None
    actions.acknowledge_announcement(viewer=bob, conversation_id=group.public_id)
    seat.refresh_from_db()
    assert seat.announcement_seen_at >= group.announced_at
    assert [v.text for v in queries.announcement_history(seat)] == ["Doors at seven"]


def test_names_for_everybody_within_and_for_me(alice, bob, group):
    actions.rename_group(**place(bob, group, title="Soup"))
    actions.set_alias(viewer=bob, conversation_id=group.public_id, alias="Chef")
    actions.remark_group(viewer=bob, conversation_id=group.public_id, remark="my soup")
    say(bob, group, "hi")
    assert queries.inbox_row(alice, group.public_id).title == "Soup"
    assert queries.inbox_row(bob, group.public_id).title == "my soup"
    seat = queries.seat_of(alice, group.public_id)
    assert queries.newest_page(seat).rows[-1].name == "Chef"


def test_a_saved_group_is_kept_among_the_contacts(alice, bob, group):
    actions.save_group(viewer=bob, conversation_id=group.public_id)
    assert [s.conversation for s in queries.saved_groups_of(bob)] == [group]
    actions.unsave_group(viewer=bob, conversation_id=group.public_id)
    assert list(queries.saved_groups_of(bob)) == []


def test_strangers_are_told_that_there_is_no_such_chat(carol, alice, group):
    for act in (
        lambda: actions.rename_group(**place(carol, group, title="x")),
        lambda: actions.leave_group(member=carol, conversation_id=group.public_id),
        lambda: add(carol, group, alice),
        lambda: actions.set_group_picture(**place(carol, group, picture=b"x")),
    ):
        with pytest.raises(ConversationNotFound):
            act()


@pytest.mark.parametrize("page", ["members", "code", "announcement", "picture/set", "requests"])
def test_a_chat_of_two_has_no_pages_of_a_group(client, alice, room, group, page):
    client.force_login(alice.person)
    base = f"/chats/{room.public_id}/"
    assert client.get(f"{base}info/").status_code == 200
    assert client.get(f"{base}{page}/").status_code == 404
    assert client.get(f"/chats/{group.public_id}/{page}/").status_code == 200
