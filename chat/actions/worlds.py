"""People in bulk, for load programs. Nobody else may use these shortcuts."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import Account, Contact, Person, PersonalToken
from chat.models import Conversation, Membership
from chat.states import ConversationKind, Role
from superapp.kernel import time
from superapp.kernel.ids import digest_of, new_token


@dataclass(frozen=True, slots=True)
class Credential:
    """How user number `user` signs in, and where they may talk."""

    user: int
    account: str
    token: str
    direct: str
    groups: dict[int, str]


@transaction.atomic
def make_bench_world(*, users: int, groups: int, size: int) -> list[Credential]:
    """`users` people (0 to users-1) with a token each; 2n and 2n+1 are friends with a chat;
    group g has the members g*size to g*size+size-1. Not for a database that people use."""
    accounts, tokens = _people(users)
    direct = _pairs(accounts)
    rooms = _groups(accounts, groups, size)
    return [
        Credential(
            user=number,
            account=account.public_id,
            token=tokens[number],
            direct=direct.get(number, ""),
            groups={g: room for g, room in rooms.items() if number // size == g},
        )
        for number, account in enumerate(accounts)
    ]


def _people(users: int) -> tuple[list[Account], list[str]]:
    accounts = Account.objects.bulk_create(
        [Account(name=f"Bench {n}", sort_key=f"bench {n:06}") for n in range(users)]
    )
    people = [Person(account=account) for account in accounts]
    for person in people:
        person.set_unusable_password()
    Person.objects.bulk_create(people)
    secrets = [new_token() for _ in people]
    PersonalToken.objects.bulk_create(
        PersonalToken(
            person=person,
            name="bench",
            digest=digest_of(secret),
            hint=secret[-4:],
            created_at=time.now(),
        )
        for person, secret in zip(people, secrets, strict=True)
    )
    return accounts, secrets


def _pairs(accounts: list[Account]) -> dict[int, str]:
    pairs = [(n, n + 1) for n in range(0, len(accounts) - 1, 2)]
    rooms = Conversation.objects.bulk_create(
        Conversation(
            kind=ConversationKind.DIRECT,
            pair_key=f"{accounts[a].pk}:{accounts[b].pk}",
            members_count=2,
        )
        for a, b in pairs
    )
    ways = [
        (room, accounts[x], accounts[y])
        for room, (a, b) in zip(rooms, pairs, strict=True)
        for x, y in ((a, b), (b, a))
    ]
    Membership.objects.bulk_create(
        Membership(conversation=room, account=one, peer=other) for room, one, other in ways
    )
    Contact.objects.bulk_create(
        Contact(owner=one, other=other, created_at=time.now(), sort_key=other.sort_key)
        for _, one, other in ways
    )
    return {n: room.public_id for room, pair in zip(rooms, pairs, strict=True) for n in pair}


def _groups(accounts: list[Account], groups: int, size: int) -> dict[int, str]:
    rooms = Conversation.objects.bulk_create(
        Conversation(kind=ConversationKind.GROUP, title=f"Bench group {g}", members_count=size)
        for g in range(groups)
    )
    Membership.objects.bulk_create(
        Membership(
            conversation=room,
            account=account,
            role=Role.OWNER if position == 0 else Role.MEMBER,
        )
        for g, room in enumerate(rooms)
        for position, account in enumerate(accounts[g * size : (g + 1) * size])
    )
    return {g: room.public_id for g, room in enumerate(rooms)}
