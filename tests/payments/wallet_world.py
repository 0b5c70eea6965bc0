"""Three friends with wallets, cards of every kind, chats of two and a group."""

import itertools

from chat import actions as chat
from chat.models import Conversation, Membership
from chat.states import ConversationKind, Role
from payments.actions.authorising import set_password
from payments.models import Card
from tests import cast
from tests.payments import wallets
from tests.payments.wallet_model import NAMES

CARDS = {
    "ok": wallets.OK,
    "declined": wallets.DECLINED,
    "timeout": wallets.TIMEOUT,
    "late": wallets.LATE,
    "twice": wallets.TWICE,
}
BANKS = {
    "bank": wallets.BANK,
    "closed": wallets.BANK_CLOSED,
    "returns": wallets.BANK_RETURNS,
}


def make_world(begins):
    """Public ids of their chats by names, and of the "group"; each has so much money."""
    people = [cast.make_person(name) for name in NAMES]
    found = {}
    for one, other in itertools.combinations(people, 2):
        cast.make_friends(one, other)
        room = chat.open_direct(viewer=one, other=other).public_id
        found[f"{one.name}{other.name}"] = found[f"{other.name}{one.name}"] = room
    group = Conversation.objects.create(
        kind=ConversationKind.GROUP, title="Supper club", members_count=3
    )
    for number, account in enumerate(people):
        role = Role.MEMBER if number else Role.OWNER
        Membership.objects.create(conversation=group, account=account, role=role)
        wallets.verify(account)
        wallets.give_money(account, begins)
        set_password(account=account, password=wallets.PASSWORD)
        # Each tries another card first.
        order = list(CARDS.items())
        for _does, card in order[number:] + order[:number]:
            wallets.bind(account, card)
        for bank in BANKS.values():
            wallets.bind(account, bank, kind="bank")
    assert Card.objects.count() == len(NAMES) * (len(CARDS) + len(BANKS))
    return {**found, "group": group.public_id}
