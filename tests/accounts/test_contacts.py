"""The address book: the owner's alone, in the order people look for names."""

import pytest

from accounts import actions, queries
from accounts.errors import (
    BadName,
    ContactNotFound,
    PersonNotFound,
    TagExists,
    TagNotFound,
    TooManyFriends,
    TooManyTags,
)
from accounts.models import Block, Contact, Tag
from superapp.kernel.errors import Invalid
from tests import cast


@pytest.fixture
def crowd(alice):
    """Friends of Alice whose names are written in several ways."""
    names = ["Émile", "王小明", "陈晨", "李雷", "bella", "9 Lives", "Анна", "Zoe"]
    friends = {name: cast.make_person(name) for name in names}
    for friend in friends.values():
        actions.add_edge(owner=alice, other=friend)
    return friends


def names(contacts):
    return [contact.other.name for contact in contacts]


def edit(owner, other, *, remark="", note="", phones=()):
    return actions.edit_contact(
        owner=owner, contact_id=other.public_id, remark=remark, note=note, phones=phones
    )


def test_the_list_runs_from_a_to_z_with_chinese_read_as_pinyin(alice, crowd):
    found = [
        (letter, names(rows))
        for letter, rows in queries.in_sections(list(queries.contacts_of(alice)))
    ]
    assert found == [
        ("B", ["bella"]),
        ("C", ["陈晨"]),
        ("E", ["Émile"]),
        ("L", ["李雷"]),
        ("W", ["王小明"]),
        ("Z", ["Zoe"]),
        ("#", ["9 Lives", "Анна"]),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("wxm", ["王小明"]),
        ("xiaoming", ["王小明"]),
        ("xiao ming", ["王小明"]),
        ("小明", ["王小明"]),
        ("ÉM", ["Émile"]),
        ("анна", ["Анна"]),
        ("", []),
        ("%", []),
        ("nobody", []),
    ],
)
def test_a_contact_is_found_by_name_pinyin_and_initials(alice, crowd, words, found):
    assert names(queries.contacts_matching(alice, words)) == found


def test_search_stays_in_ones_own_list(alice, crowd, carol):
    assert names(queries.contacts_matching(carol, "wxm")) == []


def test_a_remark_replaces_the_name_for_its_owner_only(alice, bob, heard):
    with heard.during():
        contact = edit(
            alice, bob, remark="  王 Boss\u202e ", note="met at work", phones=["123", " "]
        )
    assert (contact.remark, contact.note, contact.phones) == ("王 Boss", "met at work", ["123"])
    assert contact.sort_key == "wang boss"
    assert names(queries.contacts_matching(alice, "wb")) == ["Bob"]
    assert names(queries.contacts_matching(alice, "bob")) == ["Bob"]
    assert names(queries.contacts_matching(alice, "123")) == ["Bob"]
    assert queries.remarks_of(alice, [bob.pk]) == {bob.pk: "王 Boss"}
    assert queries.remarks_of(bob, [bob.pk, alice.pk]) == {}
    assert heard == [
        (
            (alice.pk,),
            {"t": "event", "kind": "accounts.contacts_changed", "account": bob.public_id},
        )
    ]
    assert edit(alice, bob).sort_key == "bob"


@pytest.mark.parametrize("phones", [["1"] * 6, ["1" * 21]])
def test_phone_notes_have_bounds(alice, bob, heard, phones):
    with heard.during(), pytest.raises(Invalid):
        edit(alice, bob, remark="x", phones=phones)
    assert queries.edge_of(alice, bob).remark == ""
    assert heard == []


def test_stars_and_chat_only_come_and_go(alice, bob):
    who = {"owner": alice, "contact_id": bob.public_id}
    assert actions.star_contact(**who).is_starred
    assert names(queries.starred_of(alice)) == ["Bob"]
    assert not actions.unstar_contact(**who).is_starred
    assert queries.starred_of(alice) == []
    assert actions.limit_to_chat(**who).is_chat_only
    assert not queries.edge_of(bob, alice).is_chat_only
    assert not actions.lift_chat_limit(**who).is_chat_only


def test_deleting_is_one_sided_and_silent(alice, bob, heard):
    with heard.during():
        actions.delete_contact(owner=alice, contact_id=bob.public_id)
    assert [(c.owner, c.other) for c in Contact.objects.all()] == [(bob, alice)]
    assert not queries.are_friends(alice, bob)
    assert [ids for ids, _event in heard] == [(alice.pk,)]


def test_friends_are_made_on_both_sides_or_not_at_all(alice, carol, settings):
    actions.befriend(asker=carol, accepter=alice, note="hi", source="qr", asker_remark="A.")
    assert queries.are_friends(alice, carol)
    assert queries.edge_of(carol, alice).remark == "A."
    settings.FRIENDS_MAX = 1
    dora = cast.make_person("Dora")
    with pytest.raises(TooManyFriends):
        actions.befriend(asker=dora, accepter=alice)
    assert not Contact.objects.filter(owner=dora).exists()


def test_tags_are_assigned_only_if_all_are_the_owners(alice, bob):
    mine = actions.create_tag(owner=alice, name="Mine").public_id
    theirs = actions.create_tag(owner=bob, name="Theirs").public_id
    contact = queries.contact_for(alice, bob.public_id)
    with pytest.raises(TagNotFound):
        actions.assign_tags(contact=contact, tag_ids=[mine, theirs])
    assert not contact.tags.exists()
    actions.assign_tags(contact=contact, tag_ids=[mine, mine])
    assert [tag.name for tag in contact.tags.all()] == ["Mine"]


def test_a_stranger_is_nobodys_contact(alice, bob, carol, heard):
    tag = actions.create_tag(owner=alice, name="Work")
    with heard.during():
        for change in (
            lambda: edit(alice, carol, remark="x"),
            lambda: actions.star_contact(owner=alice, contact_id=carol.public_id),
            lambda: actions.unstar_contact(owner=alice, contact_id=carol.public_id),
            lambda: actions.limit_to_chat(owner=alice, contact_id=carol.public_id),
            lambda: actions.lift_chat_limit(owner=alice, contact_id=carol.public_id),
            lambda: actions.delete_contact(owner=carol, contact_id=bob.public_id),
            lambda: actions.set_contact_tags(
                owner=alice, contact_id=carol.public_id, tag_ids=[tag.public_id]
            ),
        ):
            with pytest.raises(ContactNotFound):
                change()
    assert Contact.objects.count() == 2
    assert heard == []


def test_blocking_leaves_the_contact_and_survives_deleting_it(alice, bob, heard):
    with heard.during():
        actions.block_account(owner=alice, account_id=bob.public_id)
        actions.block_account(owner=alice, account_id=bob.public_id)
    actions.delete_contact(owner=alice, contact_id=bob.public_id)
    assert [b.other for b in queries.blocks_of(alice)] == [bob]
    assert (queries.has_blocked(alice, bob), queries.has_blocked(bob, alice)) == (True, False)
    assert {ids for ids, _event in heard} == {(alice.pk,)}
    actions.unblock_account(owner=alice, account_id=bob.public_id)
    assert not Block.objects.exists()


def test_one_blocks_neither_oneself_nor_nobody(alice):
    with pytest.raises(Invalid):
        actions.block_account(owner=alice, account_id=alice.public_id)
    with pytest.raises(PersonNotFound):
        actions.block_account(owner=alice, account_id="acc_nobody")
    assert not Block.objects.exists()


def test_a_new_name_moves_me_in_every_list_that_has_no_remark(alice, bob, carol, heard):
    actions.add_edge(owner=carol, other=bob, remark="Bobby")
    with heard.during():
        actions.edit_profile(account=bob, name="赵波", gender="", region="", signature="")
    mine, theirs = queries.edge_of(alice, bob), queries.edge_of(carol, bob)
    assert (mine.sort_key, theirs.sort_key) == ("zhao bo", "bobby")
    assert names(queries.contacts_matching(alice, "zb")) == ["赵波"]
    assert names(queries.contacts_matching(carol, "zb")) == ["赵波"]
    assert names(queries.contacts_matching(carol, "bobby")) == ["赵波"]
    assert heard == [
        (
            tuple(sorted([alice.pk, bob.pk, carol.pk])),
            {
                "t": "event",
                "kind": "accounts.profile_changed",
                "account": {"id": bob.public_id, "name": "赵波", "avatar": ""},
                "handle": "",
            },
        )
    ]


# ------------------------------------------------------------------------------------------- tags


def test_tags_are_made_renamed_filled_and_deleted(alice, bob, crowd, heard):
    with heard.during():
        tag = actions.create_tag(owner=alice, name=" Work ")
        actions.rename_tag(owner=alice, tag_id=tag.public_id, name="Office")
        members = [bob.public_id, crowd["Zoe"].public_id, "acc_stranger"]
        actions.set_tag_members(owner=alice, tag_id=tag.public_id, account_ids=members)
    assert [(t.name, t.size) for t in queries.tags_of(alice)] == [("Office", 2)]
    assert names(queries.contacts_tagged(alice, tag)) == ["Bob", "Zoe"]
    actions.set_contact_tags(owner=alice, contact_id=bob.public_id, tag_ids=[])
    assert names(queries.contacts_tagged(alice, tag)) == ["Zoe"]
    actions.delete_tag(owner=alice, tag_id=tag.public_id)
    assert not Tag.objects.exists()
    assert Contact.objects.filter(owner=alice).count() == 9
    assert {ids for ids, _event in heard} == {(alice.pk,)}


def test_tags_have_names_of_their_own_and_a_limit(alice, bob, settings):
    settings.TAGS_MAX = 2
    work = actions.create_tag(owner=alice, name="Work")
    with pytest.raises(TagExists):
        actions.create_tag(owner=alice, name="Work")
    with pytest.raises(BadName):
        actions.create_tag(owner=alice, name=" \u200b ")
    actions.create_tag(owner=alice, name="Choir")
    with pytest.raises(TagExists):
        actions.rename_tag(owner=alice, tag_id=work.public_id, name="Choir")
    with pytest.raises(TooManyTags):
        actions.create_tag(owner=alice, name="Third")
    assert [t.name for t in queries.tags_of(alice)] == ["Choir", "Work"]
    assert actions.create_tag(owner=bob, name="Work").owner == bob


def test_a_foreign_tag_does_not_exist(alice, bob, heard):
    tag = actions.create_tag(owner=bob, name="Secret")
    with heard.during():
        for change in (
            lambda: actions.rename_tag(owner=alice, tag_id=tag.public_id, name="x"),
            lambda: actions.delete_tag(owner=alice, tag_id=tag.public_id),
            lambda: actions.set_tag_members(owner=alice, tag_id=tag.public_id, account_ids=[]),
            lambda: actions.set_contact_tags(
                owner=alice, contact_id=bob.public_id, tag_ids=[tag.public_id]
            ),
        ):
            with pytest.raises(TagNotFound):
                change()
    assert Tag.objects.get().name == "Secret"
    assert heard == []


def test_pages_of_contacts_meet_without_a_gap(alice, crowd, settings):
    settings.CONTACTS_PAGE = 3
    seen, after = [], ""
    while True:
        rows, after = queries.contacts_page(alice, after)
        seen += names(rows)
        if not after:
            break
    assert seen == names(queries.contacts_of(alice))


def test_a_stranger_position_is_the_first_page(alice, crowd):
    for after in ("", "x", "-1", "9" * 40, "1\0", "²"):
        rows, _next = queries.contacts_page(alice, after)
        assert names(rows)[:2] == ["bella", "陈晨"]
