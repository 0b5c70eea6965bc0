"""Two at once, on connections that see each other's commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts import actions, queries
from accounts.actions import Wish
from accounts.errors import AddressTaken, HandleTaken
from accounts.models import Account, Contact, FriendRequest, Person
from superapp.kernel.errors import Conflict, Refusal, TooMany

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def at_once(count, step):
    """What `count` callers get who start together: an answer, or a refusal."""
    start = Barrier(count)

    def one(number):
        start.wait()
        try:
            return step(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_forty_guesses_at_once_are_forty():
    answers = at_once(40, lambda _n: actions.count_code_try(attempt="session:123456"))
    assert [type(answer) for answer in answers if answer is not None] == [TooMany] * 35


def test_forty_passwords_at_once_are_forty(settings):
    settings.PASSWORD_TRIES = 10
    answers = at_once(40, lambda _n: actions.count_password_try(login="a@example.com", ip="::1"))
    assert sum(answer is None for answer in answers) == 10


def test_one_of_two_sign_ups_gets_the_address():
    answers = at_once(
        4, lambda n: actions.register_person(name=f"P{n}", password="x", email="p@example.com")
    )
    assert sum(isinstance(answer, AddressTaken) for answer in answers) == 3
    assert (Person.objects.count(), Account.objects.count()) == (1, 1)


def test_one_of_two_gets_the_id(alice, carol):
    people = [alice, carol]
    answers = at_once(2, lambda n: actions.set_handle(account=people[n], handle="wonderland"))
    assert sum(isinstance(answer, HandleTaken) for answer in answers) == 1
    assert Account.objects.filter(handle="wonderland").count() == 1


def test_a_request_accepted_twice_at_once_makes_friends_once(alice, carol):
    way = queries.way_to(carol, alice, "qr")
    asked = actions.ask_friend(sender=carol, receiver_id=alice.public_id, way=way, wish=Wish())
    answers = at_once(
        4,
        lambda _n: actions.accept_friend_request(
            receiver=alice, request_id=asked.request.public_id
        ),
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3
    assert Contact.objects.count() == 2


def test_asking_in_two_tabs_at_once_leaves_one_request(alice, carol):
    way = queries.way_to(carol, alice, "qr")
    at_once(
        3,
        lambda _n: actions.ask_friend(
            sender=carol, receiver_id=alice.public_id, way=way, wish=Wish()
        ),
    )
    assert FriendRequest.objects.count() == 1


def test_a_confirmed_code_lets_one_browser_in(alice):
    row, secret = actions.start_qr_login(device="", place="", ip="::1")
    actions.confirm_qr_login(person=alice.person, token=row.token)
    answers = at_once(4, lambda _n: actions.claim_qr_login(token=row.token, secret=secret))
    assert sum(answer == alice.person for answer in answers) == 1
