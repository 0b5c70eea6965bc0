"""Scenarios of groups: who comes in, who leads, who goes."""

from chat import actions
from tests.events.chat import SCENARIOS, scenario
from tests.permissions.world import photo

__all__ = ["SCENARIOS"]


def _led(action, **more):
    """An action of Alice on her group; an account is named by its role in the world."""

    def steps(w):
        yield
        named = {k: getattr(w, v) if k == "member" else v for k, v in more.items()}
        action(**w.lead(**named))

    SCENARIOS[action.__name__] = steps


_led(actions.rename_group, title="Tea club")
_led(actions.set_group_picture, picture=photo().getvalue())
_led(actions.ask_approval)
_led(actions.announce, text="At seven")
_led(actions.renew_group_qr)
_led(actions.appoint_admin, member="bob")
_led(actions.transfer_group, member="bob")
_led(actions.remove_member, member="bob")
_led(actions.disband_group)


@scenario
def create_group(w):
    yield
    actions.create_group(owner=w.alice, members=[w.bob, w.finn], title="New")


@scenario
def waive_approval(w):
    actions.ask_approval(**w.lead())
    yield
    actions.waive_approval(**w.lead())


@scenario
def dismiss_admin(w):
    actions.appoint_admin(**w.lead(member=w.bob))
    yield
    actions.dismiss_admin(**w.lead(member=w.bob))


@scenario
def acknowledge_announcement(w):
    actions.announce(**w.lead(text="At seven"))
    yield
    actions.acknowledge_announcement(**w.here("bob"))


@scenario
def leave_group(w):
    yield
    actions.leave_group(member=w.alice, conversation_id=w.group.public_id)


@scenario
def add_people(w):
    """Finn is new, Mia comes back: her history begins anew."""
    yield
    actions.add_people(**w.lead(people=[w.finn, w.mia]))


def asked(w):
    actions.ask_approval(**w.lead())
    (request,) = actions.add_people(**w.lead("bob", people=[w.finn]))
    return request


@scenario
def add_people_who_wait_for_an_admin(w):
    actions.ask_approval(**w.lead())
    yield
    actions.add_people(**w.lead("bob", people=[w.finn]))


@scenario
def approve_join(w):
    request = asked(w)
    yield
    actions.approve_join(actor=w.alice, join_id=request.public_id)


@scenario
def decline_join(w):
    request = asked(w)
    yield
    actions.decline_join(actor=w.alice, join_id=request.public_id)


def invited(w):
    w.settings.GROUP_INSTANT_MAX = 0
    (request,) = actions.add_people(**w.lead(people=[w.finn]))
    return request


@scenario
def add_people_beyond_the_instant_size(w):
    yield
    invited(w)


@scenario
def accept_invitation(w):
    request = invited(w)
    yield
    actions.accept_invitation(account=w.finn, join_id=request.public_id)


@scenario
def decline_invitation(w):
    request = invited(w)
    yield
    actions.decline_invitation(account=w.finn, join_id=request.public_id)


@scenario
def join_by_qr(w):
    token = actions.renew_group_qr(**w.lead()).qr_token
    yield
    actions.join_by_qr(account=w.carol, token=token)


@scenario
def open_direct_with_a_greeting(w):
    """Dora and Bob meet only in the group."""
    yield
    actions.open_direct(viewer=w.dora, other=w.bob)


@scenario
def send_message_that_answers_a_greeting(w):
    chat = actions.open_direct(viewer=w.dora, other=w.bob)
    place = {"conversation_id": chat.public_id}
    actions.send_message(author=w.dora, client_id="greet", text="hello", **place)
    yield
    actions.send_message(author=w.bob, client_id="answer", text="hi", **place)


@scenario
def create_group_whose_people_wait(w):
    w.settings.GROUP_INSTANT_MAX = 1
    yield
    actions.create_group(owner=w.alice, members=[w.bob, w.finn], title="New")
