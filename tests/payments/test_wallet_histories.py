"""Any history of a few wallets, beside a model in dictionaries: balances agree after every step,
every audit is green, and at the end the gateway's own list says the same as the books."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Account
from payments import actions, purposes, queries
from payments.actions import Means
from payments.gateways.sandbox.objects import DELIVER
from payments.models import Card, Operation, RedPacket, SandboxObject, SplitShare
from superapp.kernel import outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.models import Job
from superapp.kernel.money import Money
from tests.database import undone, written
from tests.payments import wallets
from tests.payments.wallet_aside import MINOR, NAME, RIGHT, Aside, AsideModel
from tests.payments.wallet_model import NAMES, Thing
from tests.payments.wallet_world import BANKS, CARDS, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES, STEPS = 25, 80
BEGINS = 20_000
SOURCE = st.sampled_from(["balance", "balance", "", *CARDS])
LIVE = {"open", "pending", "active", "paused", "held"}
_ids = itertools.count(1)


class Histories(Aside, RuleBasedStateMachine):
    """The rules. `world` is made once and is the same for every history."""

    world: dict[str, str]

    def __init__(self):
        super().__init__()
        self.undo, self.checked = undone(), None
        self.undo.__enter__()
        self.clock = time_machine.travel(time.now(), tick=False)
        self.now = self.clock.__enter__()
        self.model = AsideModel(BEGINS)
        self.people = {name: Account.objects.get(name=name) for name in NAMES}
        does = {number[-4:]: name for name, number in {**CARDS, **BANKS}.items()}
        self.cards = {
            (card.account.name, does[card.last4]): card.public_id
            for card in Card.objects.select_related("account")
        }

    # ---- words

    def does(self, call, refusal):
        """Do it, and see that it is refused with this code, or not at all: ""."""
        made, found = None, ""
        try:
            made = call()
        except Refusal as no:
            found = no.code
        assert found == refusal
        return made

    def pays(self, name, amount, source, is_right, blocked=""):
        """(refusal, what pays): from the password on, as paying is refused."""
        refusal = blocked or self.model.password(name, is_right)
        if not refusal and source == "balance" and self.model.money[name] < amount:
            refusal = "ledger.insufficient_funds"
        by = source
        if source == "":
            by = "balance" if amount <= self.model.money[name] else "own"
        return refusal, by

    def means(self, name, source, is_right):
        return Means(
            source=self.cards.get((name, source), source),
            password=wallets.PASSWORD if is_right else "111222",
            session="s",
        )

    def keep(self, ref, thing, by):
        """Note what was paid for: from the balance at once."""
        thing.does = by
        self.model.things[ref] = thing
        if by == "balance":
            self.model.money[thing.payer] -= thing.amount

    def pick(self, data, kind):
        """Mostly one that still waits for somebody; None if there is none. What is drawn does not
        depend on what there is: shares of packets are random, and a replay may find others."""
        refs = self.model.of(kind)
        live = [ref for ref in refs if self.model.things[ref].status in LIVE]
        mostly, number = data.draw(RIGHT), data.draw(st.integers(0, 999))
        among = live if live and mostly else refs
        return among[number % len(among)] if among else None

    @staticmethod
    def key():
        """A client's id for one press."""
        return f"c{next(_ids)}"

    # ---- in and out

    @rule(name=NAME, does=st.sampled_from(list(CARDS)), minor=MINOR, again=st.booleans())
    def tops_up(self, name, does, minor, again):
        for _press in range(2 if again else 1):
            operation = actions.top_up(
                account=self.people[name],
                card_id=self.cards[name, does],
                amount=Money(minor, "CNY"),
                client_key=f"t{len(self.model.things)}",
            )
        self.model.things[operation.public_id] = Thing("topup", name, minor, "open", does)

    @rule(name=NAME, does=st.sampled_from(list(BANKS)), minor=MINOR, is_right=RIGHT)
    def withdraws(self, name, does, minor, is_right):
        account, amount = self.people[name], Money(minor, "CNY")
        fee = queries.withdrawal_fee_for(account, amount)
        total = minor + fee.minor
        refusal = self.model.password(name, is_right)
        if not refusal and any(
            (thing.kind, thing.payer, thing.does, thing.status)
            == ("withdrawal", name, does, "open")
            for thing in self.model.things.values()
        ):
            refusal = "payments.withdrawal_open"
        if not refusal and self.model.money[name] < total:
            refusal = "ledger.insufficient_funds"
        operation = self.does(
            lambda: actions.withdraw(
                account=account,
                card_id=self.cards[name, does],
                amount=amount,
                fee=fee,
                password=wallets.PASSWORD if is_right else "111222",
                session="s",
            ),
            refusal,
        )
        if operation:
            self.model.money[name] -= total
            thing = Thing("withdrawal", name, total, "open", does)
            self.model.things[operation.public_id] = thing

    # ---- transfers

    @rule(
        name=NAME,
        to=NAME,
        minor=MINOR,
        source=SOURCE,
        is_right=RIGHT,
        delay=st.sampled_from([0, 0, 7200]),
    )
    def sends(self, name, to, minor, source, is_right, delay):
        if name == to:
            return
        refusal, by = self.pays(name, minor, source, is_right)
        transfer = self.does(
            lambda: actions.send_transfer(
                sender=self.people[name],
                conversation_id=self.world[f"{name}{to}"],
                amount=Money(minor, "CNY"),
                client_id=self.key(),
                means=self.means(name, source, is_right),
                delay=delay,
            ),
            refusal,
        )
        if transfer:
            thing = Thing("transfer", name, minor, transfer.status, to=to, due=transfer.due_at)
            thing.count = delay
            self.keep(transfer.public_id, thing, by)

    @rule(data=st.data(), is_yes=st.booleans())
    def answers(self, data, is_yes):
        ref, is_theirs, other = self.pick(data, "transfer"), data.draw(RIGHT), data.draw(NAME)
        if ref is None:
            return
        thing, act = self.model.things[ref], actions.return_transfer
        name = thing.to if is_theirs else other
        done = {"returned"}
        if is_yes:
            act, done = actions.accept_transfer, {"accepted", "delayed"}
        refusal = ""
        if name != thing.to or thing.status in {"paying", "failed"}:
            refusal = "payments.transfer_not_found"
        elif thing.status not in done and (thing.status != "pending" or thing.is_over):
            refusal = "payments.transfer_over"
        self.does(lambda: act(receiver=self.people[name], transfer_id=ref), refusal)
        if refusal or thing.status in done:
            return
        if is_yes and thing.count:
            thing.status, thing.due = "delayed", time.now() + timedelta(seconds=thing.count)
        elif is_yes:
            thing.status = "accepted"
            self.model.money[thing.to] += thing.amount
        else:
            thing.status = "returned"
            self.model.goes_back(thing, thing.amount)

    # ---- red packets

    @rule(name=NAME, minor=MINOR, source=SOURCE, is_right=RIGHT, count=st.integers(1, 3))
    def packs(self, name, minor, source, is_right, count):
        refusal, by = self.pays(name, minor, source, is_right)
        packet = self.does(
            lambda: actions.send_packet(
                sender=self.people[name],
                conversation_id=self.world["group"],
                amount=Money(minor, "CNY"),
                client_id=self.key(),
                means=self.means(name, source, is_right),
                kind="lucky",
                count=count,
            ),
            refusal,
        )
        if packet:
            thing = Thing("packet", name, minor, packet.status, due=packet.due_at, count=count)
            self.keep(packet.public_id, thing, by)

    @rule(data=st.data(), name=NAME)
    def opens(self, data, name):
        ref = self.pick(data, "packet")
        if ref is not None:
            self.opens_one(name, ref)

    def opens_one(self, name, ref):
        thing, refusal = self.model.things[ref], ""
        if name in thing.claims:
            pass
        elif RedPacket.objects.get(public_id=ref).shown_at is None:
            assert thing.status in {"paying", "failed"}
            refusal = "payments.packet_not_found"
        elif thing.status == "exhausted":
            refusal = "payments.packet_empty"
        elif thing.status != "open" or thing.is_over:
            refusal = "payments.packet_expired"
        claim = self.does(
            lambda: actions.open_packet(opener=self.people[name], packet_id=ref), refusal
        )
        if claim is None:
            return
        if name in thing.claims:
            assert claim.amount == thing.claims[name]
            return
        assert claim.amount >= 1
        thing.claims[name] = claim.amount
        self.model.money[name] += claim.amount
        if len(thing.claims) == thing.count:
            assert sum(thing.claims.values()) == thing.amount
            thing.status = "exhausted"

    # ---- split bills

    @rule(name=NAME, minor=MINOR)
    def splits(self, name, minor):
        split = actions.split_equally(
            maker=self.people[name],
            conversation_id=self.world["group"],
            amount=Money(minor, "CNY"),
            people=[account.public_id for account in self.people.values()],
            client_id=self.key(),
        )
        for row in queries.shares_of(split):
            thing = Thing("share", row.account.name, row.amount, "open", to=name, due=split.due_at)
            self.model.things[row.public_id] = thing

    @rule(data=st.data(), source=SOURCE, is_right=RIGHT)
    def pays_a_share(self, data, source, is_right):
        ref = self.pick(data, "share")
        if ref is None:
            return
        thing, blocked = self.model.things[ref], ""
        if thing.status == "paid":
            blocked = "payments.already_paid"
        elif thing.status == "paying":
            blocked = "payments.being_paid"
        elif thing.status == "closed" or thing.is_over:
            blocked = "payments.split_over"
        refusal, by = self.pays(thing.payer, thing.amount, source, is_right, blocked)
        split = SplitShare.objects.select_related("split").get(public_id=ref).split
        done = self.does(
            lambda: actions.pay_share(
                payer=self.people[thing.payer],
                split_id=split.public_id,
                means=self.means(thing.payer, source, is_right),
            ),
            refusal,
        )
        if done:
            self.keep(ref, thing, by)
            thing.status = "paying"
            if by == "balance":
                thing.status = "paid"
                self.model.money[thing.to] += thing.amount

    # ---- the gateway, the clock, and what gets lost

    @rule(count=st.sampled_from([1, 2, 5, 200]))
    def the_gateway_works(self, count):
        outbox.run_due(outbox.DELIVERIES, limit=count)

    @rule(
        seconds=st.sampled_from([*[1, 15, 45, 130] * 3, 1000, 3700, 4 * 3600, 25 * 3600, 73 * 3600])
    )
    def time_passes(self, seconds):
        self.now.shift(seconds)

    @rule()
    def jobs_run(self):
        outbox.run_due(outbox.DEFAULT, limit=200)

    @rule()
    def webhooks_are_lost(self):
        Job.objects.filter(kind=DELIVER, done_at=None).delete()

    @rule(data=st.data())
    def a_webhook_comes_again(self, data):
        events = SandboxObject.objects.filter(kind="event").order_by("created_at", "key")
        keys = list(events.values_list("key", flat=True))
        number = data.draw(st.integers(0, 999))
        if keys:
            outbox.soon(DELIVER, {"event": keys[number % len(keys)]})

    @rule()
    def the_gateway_is_compared(self):
        run = actions.reconcile(days=60)
        assert run.green, run.items

    # ---- what always holds

    @invariant()
    def the_model_agrees(self):
        self.model.catch_up()
        found = {name: wallets.has(account) for name, account in self.people.items()}
        assert (found, self.model.total()) == (self.model.money, self.model.outside)
        # Where nothing was written the books say what they said after the step before.
        if (now := written()) != self.checked:
            self.checked = now
            books = queries.check_books(seals=0)
            assert books.is_green, [(one.code, one.faults) for one in books.rules if one.faults]

    def teardown(self):
        try:
            self.everything_ends()
        finally:
            self.clock.__exit__(None, None, None)
            self.undo.__exit__(None, None, None)

    def everything_ends(self):
        self.ends_what_stands()
        for seconds in (60, 3 * 3600, 30 * 3600, 80 * 3600):
            self.now.shift(seconds)
            wallets.run_gateway()
            self.the_model_agrees()
        assert not Operation.objects.filter(status__in=["created", "sent", "unknown"]).exists()
        waiting = {"open", "paying", "pending", "delayed", "asked", "held", "capturing", "active"}
        left = [thing for thing in self.model.things.values() if thing.status in waiting]
        assert left == []
        run = actions.reconcile(days=60)
        assert (run.green, run.ours_only, run.theirs_only) == (True, 0, 0), run.items


@pytest.fixture
def world(db, settings):
    settings.PASSWORD_FREE_EACH = 0
    settings.PAYMENT_PASSWORD_KIB, settings.PAYMENT_PASSWORD_ROUNDS = 8, 1
    settings.PACKET_BURST = settings.RISK_PAYMENTS_PER_HOUR = 10_000
    settings.POTS_MAX = settings.STANDING_MAX = 10_000
    before = dict(purposes.held._items)
    purposes.held.register("ride", purposes.Held(lambda _ref, _status: None))
    yield make_world(BEGINS)
    purposes.held._items = before


def test_every_history_agrees_with_the_model(world):
    class InThisWorld(Histories):
        pass

    InThisWorld.world = world
    run_state_machine_as_test(
        InThisWorld,
        settings=hypothesis_settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
