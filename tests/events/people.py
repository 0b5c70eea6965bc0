"""One scenario for each action about people."""

from accounts import actions, queries
from accounts.models import PersonalToken
from tests.permissions.world import photo

SCENARIOS = {}


def scenario(make):
    SCENARIOS[make.__name__] = make
    return make


def _mine(action, **more):
    """Something Alice says about herself."""

    def steps(w):
        yield
        action(account=w.alice, **more)

    SCENARIOS[action.__name__] = steps


_mine(actions.edit_profile, name="Alicia", gender="female", region="Oslo", signature="hi")
_mine(actions.set_audiences, audiences={"gender_audience": "friends"})
_mine(actions.set_handle, handle="alice-in-oslo")
_mine(actions.set_avatar, picture=photo().getvalue())
_mine(actions.set_cover, picture=photo().getvalue())
_mine(actions.reset_qr)
_mine(actions.set_ways_to_find, choices={"is_found_by_phone": False})
_mine(actions.set_chat_preferences, choices={"enter_sends": False})
_mine(actions.set_language, language="ar", time_zone="Europe/Oslo")


@scenario
def remove_avatar(w):
    actions.set_avatar(account=w.alice, picture=photo().getvalue())
    yield
    actions.remove_avatar(account=w.alice)


@scenario
def remove_cover(w):
    actions.set_cover(account=w.alice, picture=photo().getvalue())
    yield
    actions.remove_cover(account=w.alice)


def _bob(w):
    return {"owner": w.alice, "contact_id": w.bob.public_id}


def _marked(action, before=None):
    def steps(w):
        if before is not None:
            before(**_bob(w))
        yield
        action(**_bob(w))

    SCENARIOS[action.__name__] = steps


_marked(actions.star_contact)
_marked(actions.unstar_contact, actions.star_contact)
_marked(actions.limit_to_chat)
_marked(actions.lift_chat_limit, actions.limit_to_chat)
_marked(actions.delete_contact)


@scenario
def edit_contact(w):
    yield
    actions.edit_contact(**_bob(w), remark="Bobby", note="tall", phones=["123"])


@scenario
def describe_contact(w):
    tag = actions.create_tag(owner=w.alice, name="Neighbours")
    yield
    actions.describe_contact(**_bob(w), remark="Bobby", note="", phones=[], tag_ids=[tag.public_id])


@scenario
def add_edge(w):
    yield
    actions.add_edge(owner=w.carol, other=w.alice)


@scenario
def befriend(w):
    yield
    actions.befriend(asker=w.carol, accepter=w.alice, note="hi")


@scenario
def block_account(w):
    yield
    actions.block_account(owner=w.alice, account_id=w.bob.public_id)


@scenario
def unblock_account(w):
    actions.block_account(owner=w.alice, account_id=w.bob.public_id)
    yield
    actions.unblock_account(owner=w.alice, account_id=w.bob.public_id)


@scenario
def create_tag(w):
    yield
    actions.create_tag(owner=w.alice, name="Neighbours")


def tagged(w):
    tag = actions.create_tag(owner=w.alice, name="Neighbours")
    actions.set_contact_tags(**_bob(w), tag_ids=[tag.public_id])
    return {"owner": w.alice, "tag_id": tag.public_id}


@scenario
def rename_tag(w):
    tag = tagged(w)
    yield
    actions.rename_tag(**tag, name="Friends")


@scenario
def delete_tag(w):
    tag = tagged(w)
    yield
    actions.delete_tag(**tag)


@scenario
def set_tag_members(w):
    tag = tagged(w)
    yield
    actions.set_tag_members(**tag, account_ids=[w.dora.public_id])


@scenario
def set_contact_tags(w):
    tagged(w)
    yield
    actions.set_contact_tags(**_bob(w), tag_ids=[])


@scenario
def ask_friend(w):
    yield
    w.asks("carol", "alice")


@scenario
def ask_friend_who_asked_too(w):
    w.asks("carol", "alice")
    yield
    w.asks("alice", "carol")


@scenario
def ask_friend_who_approves_everybody(w):
    w.alice.person.approves_friends = False
    w.alice.person.save()
    yield
    w.asks("carol", "alice")


@scenario
def ask_friend_who_has_one_still(w):
    actions.delete_contact(**_bob(w))
    yield
    w.asks("alice", "bob")


@scenario
def accept_friend_request(w):
    asked = w.asks("carol", "alice").request
    yield
    actions.accept_friend_request(receiver=w.alice, request_id=asked.public_id)


@scenario
def ignore_friend_request(w):
    asked = w.asks("carol", "alice").request
    yield
    actions.ignore_friend_request(receiver=w.alice, request_id=asked.public_id)


@scenario
def see_friend_requests(w):
    w.asks("carol", "alice")
    yield
    actions.see_friend_requests(receiver=w.alice)


@scenario
def create_token(w):
    yield
    actions.create_token(person=w.alice.person, name="script")


def token(w):
    found, _secret = actions.create_token(person=w.alice.person, name="script")
    return found


@scenario
def revoke_token(w):
    found = token(w)
    yield
    actions.revoke_token(person=w.alice.person, token_id=found.public_id)


@scenario
def revoke_token_of(w):
    token(w)
    yield
    actions.revoke_token_of(
        token=PersonalToken.objects.get(), staff=w.carol.person, reason="leaked"
    )


@scenario
def note_activity(w):
    """A device that was not known before stands in the list of devices."""
    yield
    w.signs_in("alice")


@scenario
def end_session(w):
    w.signs_in("alice")
    (device,) = queries.devices_of(w.alice.person)
    yield
    actions.end_session(person=w.alice.person, session_id=device.id)


@scenario
def end_other_sessions(w):
    keep = w.signs_in("alice")
    w.signs_in("alice")
    yield
    actions.end_other_sessions(person=w.alice.person, keep=keep)


@scenario
def forget_session(w):
    key = w.signs_in("alice")
    yield
    actions.forget_session(person=w.alice.person, session_key=key)


def _locked_out(action, **more):
    def steps(w):
        w.signs_in("alice")
        token(w)
        yield
        staff = {"staff": w.carol.person} if "reason" in more else {}
        action(person=w.alice.person, **staff, **more)

    SCENARIOS[action.__name__] = steps


_locked_out(actions.end_all_access)
_locked_out(actions.set_password, password="another horse")
_locked_out(actions.sign_out_everywhere, reason="asked")
_locked_out(actions.suspend_person, reason="spam")


@scenario
def reinstate_person(w):
    staff = {"staff": w.carol.person, "reason": "mistake"}
    actions.suspend_person(person=w.alice.person, **staff)
    yield
    actions.reinstate_person(person=w.alice.person, **staff)


@scenario
def greet_device(w):
    yield
    w.signs_in("alice")
    actions.greet_device(person=w.alice.person, device="Firefox, Linux")
