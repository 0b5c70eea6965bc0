"""What is put aside, for the model and its histories: pots, standing payments, and money held for a
service. Mixed into tests.payments.test_wallet_histories."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from payments import actions, ledger, queries
from payments.actions import Payment
from payments.actions.authorising import auth_for
from payments.models import Hold, Pot, Standing, StandingRun
from payments.queries.standings import moment_of, zone_of
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from tests.payments.wallet_model import NAMES, Model, Thing

NAME, MINOR = st.sampled_from(NAMES), st.integers(100, 3000)
# Mostly right.
RIGHT = st.integers(0, 5).map(bool)
OVER = {"ended", "cancelled"}


class AsideModel(Model):
    """A pot is a thing whose amount is what lies in it; a standing payment makes things and moves
    money between them; a hold keeps its payer's money, or only the word of a card's bank."""

    @staticmethod
    def waiting(thing):
        if thing.kind == "pot":
            return thing.amount
        if thing.kind == "hold" and thing.status == "held" and thing.does == "balance":
            return thing.amount
        if thing.kind == "hold" and thing.status == "captured":
            return thing.taken  # in the escrow of the ride
        return Model.waiting(thing)

    def kept(self):
        return Model.kept(self) | {
            "pot": Pot.objects.select_related("account"),
            "standing": Standing.objects.select_related("account"),
            "hold": Hold.objects,
        }

    def _pot(self, row, thing):
        assert (row.status, row.amount) == (thing.status, thing.amount)
        lies = ledger.balance(ledger.pot(row.account, row.public_id, "CNY")).minor
        assert lies == thing.amount

    def _standing(self, row, thing):
        was, thing.status = thing.status, row.status
        if was != row.status:
            assert was not in OVER
            # Nobody ends it but its last day and its pot.
            is_closed = thing.to in self.things and self.things[thing.to].status == "closed"
            assert row.status == "ended" or is_closed
        runs = StandingRun.objects.filter(standing=row).select_related("transfer", "move")
        days = [run.on for run in runs]
        assert len(days) <= thing.count
        assert all(moment_of(on, zone_of(row.account)) <= time.now() for on in days)
        for run in runs:
            assert run.reason in {"", "ledger.insufficient_funds"}, run.reason
            if run.status == "done" and run.public_id not in thing.claims:
                thing.claims[run.public_id] = thing.amount
                self._ran(thing, run)

    def _ran(self, thing, run):
        self.money[thing.payer] -= thing.amount
        if run.move:
            self.things[thing.to].amount += thing.amount
        else:
            made = Thing("transfer", thing.payer, thing.amount, "pending", "balance", thing.to)
            made.count, made.due = 0, run.transfer.due_at
            self.things[run.transfer.public_id] = made

    def _hold(self, row, thing):
        was, thing.status = thing.status, row.status
        by_card = thing.does != "balance"
        match was, row.status:
            case same, other if same == other:
                return
            case "asked", "failed":
                self._declined(thing)
            case "asked", "held" if by_card:
                assert thing.does != "declined"
            case (("asked" | "held"), "expired"):
                assert thing.is_over
                if not by_card:
                    self.money[thing.payer] += thing.amount
            case "capturing", "captured" if by_card:
                self.outside += thing.taken
            case (("held" | "capturing"), "failed") if by_card:
                # Its bank let go of it in the meantime: nothing was moved.
                thing.taken = 0
            case _:
                raise AssertionError((was, row.status))


class Aside:
    """Rules: what is drawn does not depend on what there is; see `pick`."""

    # ---- pots

    @rule(name=NAME)
    def opens_a_pot(self, name):
        pot = actions.open_pot(
            owner=self.people[name],
            name="Holiday",
            goal=Money(5000, "CNY"),
            client_id=f"p{len(self.model.things)}",
        )
        self.model.things[pot.public_id] = Thing("pot", name, 0, "open")

    @rule(data=st.data(), minor=MINOR, goes_in=RIGHT, again=st.booleans())
    def moves_in_a_pot(self, data, minor, goes_in, again):
        ref, is_own, other = self.pick(data, "pot"), data.draw(RIGHT), data.draw(NAME)
        if ref is None:
            return
        thing = self.model.things[ref]
        name = thing.payer if is_own else other
        refusal, there = "", self.model.money[name] if goes_in else thing.amount
        if name != thing.payer:
            refusal = "payments.pot_not_found"
        elif thing.status == "closed":
            refusal = "payments.pot_closed"
        elif there < minor:
            refusal = "ledger.insufficient_funds"
        act, key = actions.put_in if goes_in else actions.take_out, self.key()
        for _press in range(2 if again else 1):
            self.does(
                lambda: act(
                    owner=self.people[name],
                    pot_id=ref,
                    amount=Money(minor, "CNY"),
                    client_id=key,
                ),
                refusal,
            )
        if not refusal:
            thing.amount += minor if goes_in else -minor
            self.model.money[name] -= minor if goes_in else -minor

    @rule(data=st.data())
    def closes_a_pot(self, data):
        ref, is_sure = self.pick(data, "pot"), not data.draw(RIGHT)
        if ref is None or not is_sure:
            return
        thing = self.model.things[ref]
        actions.close_pot(owner=self.people[thing.payer], pot_id=ref)
        self.model.money[thing.payer] += thing.amount
        thing.amount, thing.status = 0, "closed"

    # ---- standing payments

    @rule(data=st.data(), name=NAME, to=NAME, minor=MINOR, is_right=RIGHT, day=st.integers(1, 7))
    def plans(self, data, name, to, minor, is_right, day):
        pot, into_pot, count = (
            self.pick(data, "pot"),
            data.draw(RIGHT),
            data.draw(st.integers(1, 3)),
        )
        thing, given = Thing("standing", name, minor, "active", count=count), {}
        blocked = ""
        if into_pot and pot is not None:
            thing.payer, thing.to, given["pot_id"] = self.model.things[pot].payer, pot, pot
            if self.model.things[pot].status == "closed":
                blocked = "payments.pot_closed"
        elif name == to:
            return
        else:
            thing.to, given["receiver_id"] = to, self.people[to].public_id
        standing = self.does(
            lambda: actions.start_standing(
                owner=self.people[thing.payer],
                amount=Money(minor, "CNY"),
                every="week",
                day=day,
                count=count,
                client_id=self.key(),
                means=self.means(thing.payer, "balance", is_right),
                **given,
            ),
            blocked or self.model.password(thing.payer, is_right),
        )
        if standing:
            self.model.things[standing.public_id] = thing

    @rule(data=st.data(), wish=st.sampled_from(["pause", "resume", "cancel"]))
    def changes_a_plan(self, data, wish):
        ref = self.pick(data, "standing")
        if ref is None:
            return
        thing = self.model.things[ref]
        act = getattr(actions, f"{wish}_standing")
        is_refused = thing.status in OVER - ({"cancelled"} if wish == "cancel" else set())
        standing = self.does(
            lambda: act(owner=self.people[thing.payer], standing_id=ref),
            "payments.standing_over" if is_refused else "",
        )
        if standing:
            # Resuming may find that no day is left.
            assert (
                standing.status
                in {
                    "pause": {"paused"},
                    "resume": {"active", "ended"},
                    "cancel": {"cancelled"},
                }[wish]
            )
            thing.status = standing.status

    @rule()
    def a_week_passes(self):
        self.now.shift(7 * 24 * 3600)
        outbox.run_due(outbox.DEFAULT, limit=200)

    # ---- money held for a ride

    @rule(
        name=NAME,
        to=NAME,
        minor=MINOR,
        source=st.sampled_from(["balance", "balance", "", "ok", "declined", "timeout", "twice"]),
        is_right=RIGHT,
        hours=st.sampled_from([1, 30, 100]),
    )
    def a_ride_is_held_for(self, name, to, minor, source, is_right, hours):
        if name == to:
            return
        payer, payee, means = self.people[name], self.people[to], self.means(name, source, is_right)
        ref = f"ride{len(self.model.things)}{self.key()}"
        payment = Payment("ride", Money(minor, "CNY"), payee.public_id, ref)
        refusal, by = self.pays(name, minor, source, is_right)
        hold = self.does(
            lambda: actions.hold_money(
                payer=payer,
                payee=payee,
                payment=payment,
                until=time.now() + timedelta(hours=hours),
                source=means.source,
                auth=auth_for(account=payer, password=means.password, payment=payment, session="s"),
                session="s",
            ),
            refusal,
        )
        if hold:
            thing = Thing("hold", name, minor, hold.status, to=ref, due=hold.due_at)
            self.keep(hold.public_id, thing, by)

    @rule(data=st.data(), minor=MINOR, is_taken=RIGHT)
    def a_ride_ends(self, data, minor, is_taken):
        ref = self.pick(data, "hold")
        if ref is None:
            return
        thing = self.model.things[ref]
        if is_taken:
            self.takes_the_fare(thing, minor)
        else:
            self.lets_go(thing)

    def takes_the_fare(self, thing, minor):
        is_again = thing.status in {"capturing", "captured"} and thing.taken == minor
        refusal = ""
        if not is_again and (thing.status != "held" or thing.is_over):
            refusal = "payments.hold_over"
        elif minor > thing.amount:
            refusal = "payments.over_capture"
        hold = self.does(
            lambda: actions.capture_hold(
                purpose="ride",
                ref=thing.to,
                amount=Money(minor, "CNY"),
                into=ledger.escrow("rd", thing.to, "CNY"),
            ),
            refusal,
        )
        if hold and not is_again:
            thing.taken, thing.status = minor, hold.status
            if thing.does == "balance":
                self.model.money[thing.payer] += thing.amount - minor

    def lets_go(self, thing):
        is_again = thing.status == "voided"
        is_refused = not is_again and (thing.status != "held" or thing.is_over)
        hold = self.does(
            lambda: actions.release_hold(purpose="ride", ref=thing.to),
            "payments.hold_over" if is_refused else "",
        )
        if hold and not is_again:
            thing.status = "voided"
            if thing.does == "balance":
                self.model.money[thing.payer] += thing.amount

    def ends_what_stands(self):
        """No plan goes on for ever, and every pot is emptied."""
        for ref in self.model.of("standing"):
            thing = self.model.things[ref]
            if thing.status not in OVER:
                actions.cancel_standing(owner=self.people[thing.payer], standing_id=ref)
                thing.status = "cancelled"
        for ref in self.model.of("pot"):
            thing = self.model.things[ref]
            assert queries.pot_for(self.people[thing.payer], ref).amount == thing.amount
            actions.close_pot(owner=self.people[thing.payer], pot_id=ref)
            self.model.money[thing.payer] += thing.amount
            thing.amount, thing.status = 0, "closed"
