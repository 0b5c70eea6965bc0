"""What a wallet should do, in dictionaries: no ledger, no gateway, only what each fact means.

What a card or bank decides, and when, is seen in the product's statuses; what it then does to
everybody's money is told here, and compared.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from payments.models import Operation, RedPacket, SplitShare, Transfer
from superapp.kernel import time

NAMES = ("Ann", "Ben", "Cid")
TRIES, LOCK = 5, timedelta(hours=3)
# What became of an operation, by what its card or bank does: the only ends it may have.
ENDS = {
    "ok": {"succeeded"},
    "timeout": {"succeeded"},
    "twice": {"succeeded"},
    "late": {"succeeded"},
    "declined": {"failed"},
    # One's own order: some card of them pays.
    "own": {"succeeded"},
    "bank": {"succeeded"},
    "closed": {"failed"},
    "returns": {"succeeded", "reversed"},
}


@dataclass
class Thing:
    """Something that money is put into: a transfer, a packet, a share of a bill, an operation."""

    kind: str
    payer: str
    amount: int
    status: str
    does: str = ""
    to: str = ""
    due: datetime | None = None
    claims: dict[str, int] = field(default_factory=dict)
    count: int = 1
    # Of what is held, how much was asked for.
    taken: int = 0

    @property
    def is_over(self):
        return self.due is not None and self.due <= time.now()


class Model:
    def __init__(self, begins):
        self.money = dict.fromkeys(NAMES, begins)
        self.tries = dict.fromkeys(NAMES, 0)
        self.locked: dict[str, datetime] = {}
        self.things: dict[str, Thing] = {}
        # How much came from outside and did not go there.
        self.outside = begins * len(NAMES)

    def password(self, name, is_right):
        """What the payment password says to a try: "" when it opens."""
        if name in self.locked and self.locked[name] <= time.now():
            del self.locked[name]
            self.tries[name] = 0
        if self.tries[name] >= TRIES:
            return "payments.password_locked"
        if is_right:
            self.tries[name] = 0
            self.locked.pop(name, None)
            return ""
        self.tries[name] += 1
        if self.tries[name] == TRIES:
            self.locked[name] = time.now() + LOCK
            return "payments.password_locked"
        return "payments.wrong_password"

    def of(self, kind):
        return sorted(ref for ref, thing in self.things.items() if thing.kind == kind)

    def total(self):
        """All that is somewhere: in pockets, and waiting."""
        waiting = sum(self.waiting(thing) for thing in self.things.values())
        return sum(self.money.values()) + waiting

    @staticmethod
    def waiting(thing):
        if thing.kind == "withdrawal":
            return thing.amount if thing.status == "open" else 0
        if thing.kind == "transfer":
            return thing.amount if thing.status in {"pending", "delayed"} else 0
        if thing.kind == "packet":
            return thing.amount - sum(thing.claims.values()) if thing.status == "open" else 0
        return 0

    # ---- what the product's clock, cards and banks did meanwhile

    def kept(self):
        """Where the product keeps the things of each kind."""
        return {
            "topup": Operation.objects,
            "withdrawal": Operation.objects,
            "transfer": Transfer.objects,
            "packet": RedPacket.objects,
            "share": SplitShare.objects,
        }

    def catch_up(self):
        rows = {}
        for kind, stored in self.kept().items():
            rows |= stored.in_bulk(self.of(kind), field_name="public_id")
        for ref, thing in sorted(self.things.items(), key=_plans_first):
            getattr(self, f"_{thing.kind}")(rows[ref], thing)

    def _topup(self, row, thing):
        status = self._operation(row, thing)
        if status == "succeeded":
            self._comes(thing.payer, thing.amount)

    def _withdrawal(self, row, thing):
        before = thing.status
        status = self._operation(row, thing)
        if status == "succeeded" and before == "open":
            self.outside -= thing.amount
        elif status == "failed":
            self.money[thing.payer] += thing.amount
        elif status == "reversed":
            if before == "succeeded":
                self.outside += thing.amount
            self.money[thing.payer] += thing.amount

    def _operation(self, row, thing):
        """The new status, where it is one."""
        is_open = row.status not in {"succeeded", "failed", "reversed"}
        found = "open" if is_open else row.status
        if found == thing.status:
            return ""
        assert found in ENDS[thing.does], (thing, found, row.reason)
        assert thing.status == "open" or (thing.status, found) == ("succeeded", "reversed")
        thing.status = found
        return found

    def _transfer(self, row, thing):
        was, thing.status = thing.status, row.status
        match was, row.status:
            case same, other if same == other:
                return
            case "paying", "pending":
                self._charged(thing)
                thing.due = row.due_at
            case "paying", "failed":
                self._declined(thing)
            case "pending", "expired":
                assert thing.is_over
                self.goes_back(thing, thing.amount)
            case "delayed", "accepted":
                assert thing.is_over
                self.money[thing.to] += thing.amount
            case _:
                raise AssertionError((was, row.status))

    def _packet(self, row, thing):
        was, thing.status = thing.status, row.status
        match was, row.status:
            case same, other if same == other:
                return
            case "paying", "open":
                self._charged(thing)
                thing.due = row.due_at
            case "paying", "failed":
                self._declined(thing)
            case "open", "refunded":
                assert thing.is_over
                self.goes_back(thing, thing.amount - sum(thing.claims.values()))
            case _:
                raise AssertionError((was, row.status))

    def _share(self, row, thing):
        was, thing.status = thing.status, row.status
        match was, row.status:
            case same, other if same == other:
                return
            case "paying", "paid":
                self._charged(thing)
                self.money[thing.to] += thing.amount
            case "paying", "open":
                self._declined(thing)
            case "open", "closed":
                assert thing.is_over
            case "paying", "closed":
                self._declined(thing)
            case _:
                raise AssertionError((was, row.status))

    def goes_back(self, thing, amount):
        """To where it came from: the balance, or the card."""
        if thing.does == "balance":
            self.money[thing.payer] += amount
        else:
            self.outside -= amount

    def _charged(self, thing):
        assert "succeeded" in ENDS[thing.does], thing
        self.outside += thing.amount

    def _declined(self, thing):
        assert thing.does == "declined", thing

    def _comes(self, name, amount):
        self.money[name] += amount
        self.outside += amount


def _plans_first(item):
    """What they made is a thing of its own, which is looked at the next time."""
    return item[1].kind != "standing", item[0]
