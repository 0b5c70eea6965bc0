"""Any history the door allows, beside a model in a dictionary: both tell the same."""

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from payments import ledger, queries
from payments.errors import AccountFrozen, InsufficientFunds, KeyReused
from payments.ledger import Leg
from superapp.kernel.money import Money
from tests import cast

NAMES = ["Ann", "Ben", "Cid"]
PEOPLE, CURRENCY = st.sampled_from(NAMES), st.sampled_from(["CNY", "JPY"])
AMOUNT = st.integers(1, 60)
LEGS = st.lists(st.tuples(PEOPLE, PEOPLE, CURRENCY, AMOUNT), min_size=1, max_size=4)


class Histories(RuleBasedStateMachine):
    """What happens in a dictionary: (name, currency) to amount; "house" is minus all others."""

    def __init__(self):
        super().__init__()
        self.people = {name: cast.make_person(name) for name in NAMES}
        self.money, self.frozen, self.told = {}, set(), {}

    def ref(self, name, currency):
        if name == "house":
            return ledger.system("gateway:clearing", currency)
        if name == "shop":
            return ledger.merchant(1, "pending", currency)
        return ledger.user_available(self.people[name], currency)

    def tell(self, key, moves):
        """The door's answer, as the model expects it, or this fails."""
        legs = [Leg(self.ref(a, cur), self.ref(b, cur), Money(n, cur)) for a, b, cur, n in moves]
        expected, after = self.expect(key, moves)
        try:
            with transaction.atomic():
                answer = ledger.post(key=key, kind="t", legs=legs)
                found = "created" if answer.created else "known"
        except (InsufficientFunds, AccountFrozen, KeyReused) as refusal:
            found = refusal.code
        assert found in expected, (found, expected)
        if found == "created":
            self.money, self.told[key] = after, moves

    def expect(self, key, moves):
        if key in self.told:
            return ({"known"} if self.told[key] == moves else {"ledger.key_reused"}), self.money
        after, said = dict(self.money), set()
        if any((a, cur) in self.frozen for a, _b, cur, _n in moves):
            said.add("ledger.account_frozen")
        for a, b, cur, n in moves:
            after[a, cur] = after.get((a, cur), 0) - n
            after[b, cur] = after.get((b, cur), 0) + n
            if a != "house" and after[a, cur] < 0:
                said.add("ledger.insufficient_funds")
        return said or {"created"}, after

    @rule(name=PEOPLE, currency=CURRENCY, amount=AMOUNT, key=st.integers(0, 20))
    def comes_in(self, name, currency, amount, key):
        self.tell(f"in:{key}", [("house", name, currency, amount)])

    @rule(moves=LEGS, key=st.integers(0, 20))
    def moves(self, moves, key):
        moves = [move for move in moves if move[0] != move[1]]
        if moves:
            self.tell(f"move:{key}", moves)

    @rule(name=PEOPLE, currency=CURRENCY, amount=AMOUNT, key=st.integers(0, 20))
    def buys(self, name, currency, amount, key):
        self.tell(f"sale:{key}", [(name, "shop", currency, amount)])

    @rule(name=PEOPLE, currency=CURRENCY, amount=AMOUNT, key=st.integers(0, 20))
    def is_refunded(self, name, currency, amount, key):
        self.tell(f"refund:{key}", [("shop", name, currency, amount)])

    @rule(name=PEOPLE, currency=CURRENCY)
    def freezes(self, name, currency):
        ledger.freeze_out(self.ref(name, currency))
        self.frozen.add((name, currency))

    @rule(name=PEOPLE, currency=CURRENCY)
    def thaws(self, name, currency):
        ledger.unfreeze(self.ref(name, currency))
        self.frozen.discard((name, currency))

    @invariant()
    def both_tell_the_same(self):
        for (name, currency), amount in self.money.items():
            assert ledger.balance(self.ref(name, currency)) == Money(amount, currency)

    def teardown(self):
        assert queries.check_books().is_green


class TestHistories(TestCase):
    """One transaction per history, undone after it."""

    def test_every_history_agrees_with_the_model(self):
        def machine():

            return InSavepoint()

        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=25,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


class InSavepoint(Histories):
    def __init__(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        super().__init__()

    def teardown(self):
        try:
            super().teardown()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
