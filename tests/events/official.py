"""Scenarios of official accounts: Bob follows Carol's shop."""

from accounts import actions as people
from chat import actions
from tests.official.businesses import make_reviewer, publish

PEOPLE = {}
CHAT = {}


def _shop(w, *, is_followed=True):
    shop = publish(w.carol, "Carol's Tea", make_reviewer())
    follow = people.follow_official(person=w.bob, official=shop) if is_followed else None
    return shop, follow


def follow_official(w):
    shop, _follow = _shop(w, is_followed=False)
    yield
    people.follow_official(person=w.bob, official=shop)


def unfollow_official(w):
    shop, _follow = _shop(w)
    yield
    people.unfollow_official(person=w.bob, official=shop)


def open_service(w):
    shop, _follow = _shop(w)
    yield
    actions.open_service(viewer=w.bob, official=shop)


def speak_as(w):
    shop, follow = _shop(w)
    yield
    actions.speak_as(
        official=shop, follow=follow, voice=actions.PROGRAM, client_id="tea-1", text="Hi"
    )


def send_template(w):
    shop, follow = _shop(w)
    people.reset_program_secret(official=shop, actor=w.carol)
    template = people.add_template(official=shop, short_id="TM10015")
    yield
    people.send_template(
        official=shop,
        openid=follow.openid,
        template_id=template.template_id,
        data={"keyword1": "39.80"},
    )


for steps in (follow_official, unfollow_official, send_template):
    PEOPLE[steps.__name__] = steps
for steps in (open_service, speak_as):
    CHAT[steps.__name__] = steps
