"""The people of the tests. Alice and Bob are friends, Carol is a stranger to both."""

from accounts.models import Account, Contact, Person
from superapp.kernel import search, time


def make_person(name: str, **fields) -> Account:
    """An account with a login: e-mail <name>@example.com, password "correct horse"."""
    account = Account.objects.create(
        name=name, sort_key=search.sort_key(name), name_keys=search.name_keys(name)
    )
    person = Person(
        account=account, email=f"{name.lower().replace(' ', '.')}@example.com", **fields
    )
    person.set_password("correct horse")
    person.save()
    return account


def make_friends(one: Account, other: Account) -> None:
    for owner, friend in ((one, other), (other, one)):
        Contact.objects.get_or_create(
            owner=owner,
            other=friend,
            defaults={
                "created_at": time.now(),
                "sort_key": search.sort_key(friend.name),
                "search_keys": search.name_keys(friend.name),
            },
        )
