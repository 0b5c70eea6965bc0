"""What people say about themselves, who sees it, and what they prefer."""

import io
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from accounts import actions, queries
from accounts.errors import (
    BadHandle,
    BadName,
    BadPreference,
    HandleTaken,
    HandleTooSoon,
    PersonNotFound,
)
from accounts.models import Account, Person
from superapp.kernel import images, time
from superapp.kernel.errors import Invalid, TooLarge
from superapp.kernel.models import StoredFile


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(size=(900, 600)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def edit(account, **changes):
    fields = {"name": account.name, "gender": "", "region": "", "signature": ""} | changes
    return actions.edit_profile(account=account, **fields)


def test_the_profile_is_what_was_written_cleaned(alice, heard):
    with heard.during():
        edit(
            alice,
            name="A\u202elice\n Liddell\u0300\u0301\u0302\u0303\u0304",
            gender="female",
            region=" Oxford ",
            signature="x" * 40,
        )
    seen = queries.profile_for(alice, alice.public_id)
    assert seen.name == "A lice Liddell\u0300\u0301\u0302"
    assert (seen.gender, seen.region, seen.signature) == ("Female", "Oxford", "x" * 30)
    assert heard.kinds() == ["accounts.profile_changed"]


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "\u202e"])
def test_a_name_can_be_seen(alice, heard, name):
    with heard.during(), pytest.raises(BadName):
        edit(alice, name=name, region="Nowhere")
    assert Person.objects.get(account=alice).region == ""
    assert heard == []


def test_an_unknown_gender_or_audience_is_refused(alice):
    with pytest.raises(Invalid):
        edit(alice, gender="robot")
    with pytest.raises(Invalid):
        actions.set_audiences(account=alice, audiences={"gender_audience": "some"})
    with pytest.raises(BadPreference):
        actions.set_audiences(account=alice, audiences={"is_staff": "everyone"})
    assert not Person.objects.get(account=alice).is_staff


def test_each_field_has_its_own_audience(alice, bob, carol):
    edit(alice, gender="female", region="Oxford", signature="curiouser")
    actions.set_audiences(
        account=alice, audiences={"gender_audience": "nobody", "region_audience": "friends"}
    )

    def seen(viewer):
        profile = queries.profile_for(viewer, alice.public_id)
        return profile.gender, profile.region, profile.signature

    assert seen(alice) == ("Female", "Oxford", "curiouser")
    assert seen(bob) == ("", "Oxford", "curiouser")
    assert seen(carol) == ("", "", "curiouser")
    actions.delete_contact(owner=alice, contact_id=bob.public_id)
    assert seen(bob) == ("", "", "curiouser")


def test_a_page_says_how_the_viewer_stands_to_them(alice, bob, carol):
    actions.block_account(owner=alice, account_id=carol.public_id)
    friend = queries.profile_for(alice, bob.public_id)
    stranger = queries.profile_for(alice, carol.public_id)
    assert (friend.is_friend, friend.is_blocked, friend.is_self) == (True, False, False)
    assert (stranger.is_friend, stranger.is_blocked, stranger.contact) == (False, True, None)
    assert not queries.profile_for(carol, alice.public_id).is_blocked
    with pytest.raises(PersonNotFound):
        queries.profile_for(alice, "acc_nobody")


# ----------------------------------------------------------------------------------------- the ID


def test_an_id_is_lower_case_and_changes_once_a_year(alice):
    start = time.now()
    with time_machine.travel(start, tick=False):
        actions.set_handle(account=alice, handle=" Alice_01 ")
        with pytest.raises(HandleTooSoon) as refused:
            actions.set_handle(account=alice, handle="alice_02")
        assert "2027" in str(refused.value)
        assert actions.set_handle(account=alice, handle="ALICE_01").handle == "alice_01"
    with time_machine.travel(start + timedelta(days=365, minutes=1), tick=False):
        actions.set_handle(account=alice, handle="alice_02")
    assert Account.objects.get(pk=alice.pk).handle == "alice_02"


@pytest.mark.parametrize(
    "handle", ["", "short", "x" * 21, "1alice", "_alice", "ali ce", "ali.ce", "ålice1", "alice\n1"]
)
def test_an_id_has_a_form(alice, handle):
    with pytest.raises(BadHandle):
        actions.set_handle(account=alice, handle=handle)
    assert Account.objects.get(pk=alice.pk).handle is None


def test_an_id_is_unique_and_some_are_the_houses(alice, bob):
    actions.set_handle(account=alice, handle="wonderland")
    for handle in ("wonderland", "WonderLand", "support", "security"):
        with pytest.raises(HandleTaken):
            actions.set_handle(account=bob, handle=handle)
    assert Account.objects.get(pk=bob.pk).handle_changed_at is None


def test_friends_find_the_new_id_in_their_list(alice, bob):
    actions.set_handle(account=bob, handle="bobby_tables")
    assert [c.other for c in queries.contacts_matching(alice, "bobby_t")] == [bob]


# --------------------------------------------------------------------------------------- pictures


def test_an_avatar_is_ours_square_and_replaces_the_last(alice, heard, tmp_path):
    with heard.during():
        actions.set_avatar(account=alice, picture=picture())
        first = alice.avatar
        actions.set_avatar(account=alice, picture=picture((400, 900)))
    stored = Account.objects.get(pk=alice.pk).avatar
    with Image.open(tmp_path / stored.path) as kept:
        assert (kept.format, kept.size) == ("JPEG", (512, 512))
    assert list(StoredFile.objects.all()) == [stored]
    assert not (tmp_path / first.path).exists()
    assert alice.avatar_url == f"/avatars/{stored.public_id}/"
    assert heard.kinds() == ["accounts.profile_changed"] * 2
    assert queries.file_shown_to_members(stored.public_id) == stored


def test_a_removed_picture_is_gone(alice, heard):
    actions.set_avatar(account=alice, picture=picture())
    actions.set_cover(account=alice, picture=picture())
    avatar, cover = alice.avatar, Person.objects.get(account=alice).cover
    assert queries.file_shown_to_members(cover.public_id) == cover
    actions.remove_avatar(account=alice)
    actions.remove_cover(account=alice)
    for stored in (avatar, cover):
        with pytest.raises(PersonNotFound):
            queries.file_shown_to_members(stored.public_id)
    assert not StoredFile.objects.exists()
    with heard.during():
        actions.remove_avatar(account=alice)
    assert heard == []


@pytest.mark.parametrize("data", [b"<svg/>", b"", picture()[:200]])
def test_what_is_no_picture_changes_nothing(alice, heard, data):
    actions.set_avatar(account=alice, picture=picture())
    before = alice.avatar
    with heard.during():
        for change in (actions.set_avatar, actions.set_cover):
            with pytest.raises((images.NotAPicture, images.BrokenPicture)):
                change(account=alice, picture=data)
    assert Account.objects.get(pk=alice.pk).avatar == before
    assert heard == []


def test_a_picture_that_weighs_too_much_is_not_even_opened(alice, settings):
    settings.AVATAR_UPLOAD_MAX = 100
    with pytest.raises(TooLarge):
        actions.set_avatar(account=alice, picture=picture())


def test_a_file_that_is_no_face_is_not_shown(alice):
    stored = StoredFile.objects.create(
        path="x", content_type="image/jpeg", size=1, sha256="0" * 64, created_at=time.now()
    )
    with pytest.raises(PersonNotFound):
        queries.file_shown_to_members(stored.public_id)


# ------------------------------------------------------------------------------------ preferences


def test_only_known_switches_can_be_moved(alice, heard):
    with heard.during():
        actions.set_ways_to_find(account=alice, choices={"is_found_by_phone": False})
        actions.set_chat_preferences(account=alice, choices={"shares_read_marks": True})
        for change, choices in (
            (actions.set_ways_to_find, {"is_staff": True}),
            (actions.set_ways_to_find, {}),
            (actions.set_chat_preferences, {"is_found_by_phone": True}),
        ):
            with pytest.raises(BadPreference):
                change(account=alice, choices=choices)
    person = Person.objects.get(account=alice)
    assert (person.is_found_by_phone, person.shares_read_marks, person.is_staff) == (
        False,
        True,
        False,
    )
    assert heard.kinds() == ["accounts.settings_changed"] * 2


def test_language_and_zone_are_ones_there_are(alice):
    actions.set_language(account=alice, language="ar", time_zone="Asia/Dubai")
    for language, zone in (("xx", ""), ("", "Mars/Olympus"), ("", "../etc/passwd")):
        with pytest.raises(BadPreference):
            actions.set_language(account=alice, language=language, time_zone=zone)
    person = Person.objects.get(account=alice)
    assert (person.language, person.time_zone) == ("ar", "Asia/Dubai")
