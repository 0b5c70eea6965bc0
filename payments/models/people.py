"""Money between people: transfers, requests, split bills and red packets.

What waits for a decision lies in a ledger account of its own ("escrow:<kind>:<public id>").
"""

from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Account
from chat.models import Conversation
from payments.models.ledger import AMOUNT_MAX
from payments.states import (
    PacketKind,
    PacketStatus,
    RequestStatus,
    ShareStatus,
    SplitStatus,
    TransferStatus,
)
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money


class Thing(models.Model):
    """What all of them have. `client_id` is unique for its maker: repeating it makes it once."""

    conversation = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    client_id = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    # The end of waiting; afterwards every read says so, whether or not a worker came by.
    due_at = models.DateTimeField()
    # When its card came into the chat: once, there and nowhere else.
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)


class Funded(models.Model):
    """How it was paid: "balance" or a card's public id, and that card in words."""

    source = models.CharField(max_length=40, blank=True)
    method = models.CharField(max_length=60, blank=True)
    # What the limits counted when it was paid, to give it back when the money returns.
    counted = models.JSONField(default=list, blank=True)

    class Meta:
        abstract = True


class Transfer(Thing, Funded):
    """Money for a friend, who accepts or returns it; or a payment to somebody's code."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "tr"))
    sender = models.ForeignKey(Account, models.PROTECT, related_name="transfers_sent")
    receiver = models.ForeignKey(Account, models.PROTECT, related_name="transfers_received")
    amount = models.BigIntegerField()
    # Paid by the receiver's code: nobody has to accept it.
    code = models.ForeignKey(
        "payments.ReceiveCode", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    # Seconds between accepting and arriving.
    delay = models.PositiveIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=TransferStatus.choices, default=TransferStatus.PAYING
    )
    paid_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    arrives_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "client_id"], name="transfer_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="transfer_amount"
            ),
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="transfer_to_somebody_else"
            ),
            models.CheckConstraint(
                condition=~Q(status="delayed") | Q(arrives_at__isnull=False),
                name="transfer_delayed_arrives",
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "-id"], name="transfers_out"),
            models.Index(fields=["receiver", "-id"], name="transfers_in"),
            models.Index(
                fields=["code", "-id"], condition=Q(code__isnull=False), name="payments_to_code"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return self.money(self.amount)


class MoneyRequest(Thing, Funded):
    """Somebody asks a friend for money."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "rq"))
    asker = models.ForeignKey(Account, models.PROTECT, related_name="requests_made")
    payer = models.ForeignKey(Account, models.PROTECT, related_name="requests_to_pay")
    amount = models.BigIntegerField()
    status = models.CharField(
        max_length=10, choices=RequestStatus.choices, default=RequestStatus.OPEN
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asker", "client_id"], name="request_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="request_amount"
            ),
            models.CheckConstraint(condition=~Q(asker=F("payer")), name="request_to_somebody_else"),
        ]
        indexes = [
            models.Index(fields=["asker", "-id"], name="requests_out"),
            models.Index(fields=["payer", "-id"], name="requests_in"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return self.money(self.amount)


class Split(Thing):
    """A bill that members of a group share. Each pays its maker, who may have a part too."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "sp"))
    maker = models.ForeignKey(Account, models.PROTECT, related_name="splits_made")
    amount = models.BigIntegerField()
    # The maker's own part, which nobody pays.
    own_part = models.BigIntegerField(default=0)
    people = models.PositiveSmallIntegerField()
    paid = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=SplitStatus.choices, default=SplitStatus.OPEN)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["maker", "client_id"], name="split_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX)
                & Q(own_part__gte=0, own_part__lt=F("amount")),
                name="split_amount",
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, paid__lte=F("people")), name="split_people"
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | Q(paid=F("people")), name="split_settled_is_paid"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return self.money(self.amount)


class SplitShare(Funded):
    """What one member owes of a split bill."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "ss"))
    split = models.ForeignKey(Split, models.PROTECT, related_name="shares")
    account = models.ForeignKey(Account, models.PROTECT, related_name="split_shares")
    amount = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=ShareStatus.choices, default=ShareStatus.OPEN)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["split", "account"], name="one_share_per_person"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="share_amount"
            ),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_at__isnull=False), name="share_paid_when"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class RedPacket(Thing, Funded):
    """Shares that are there for whoever opens them first.

    All are drawn when it is sent and stored in the order in which they are opened, so nobody's
    place decides; `commitment` is shown at once, and with `salt` it proves the order afterwards.
    The database checks that the shares add up to the amount (payments/migrations/0003).
    """

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "rp"))
    sender = models.ForeignKey(Account, models.PROTECT, related_name="packets_sent")
    # The only one who may open it: of an exclusive packet, or the other one in a chat of two.
    receiver = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="packets_for"
    )
    kind = models.CharField(max_length=10, choices=PacketKind.choices)
    amount = models.BigIntegerField()
    count = models.PositiveSmallIntegerField()
    shares = ArrayField(models.BigIntegerField())
    # What it wears: a code of a campaign that ran when it was sent; "" is the plain red one.
    cover = models.CharField(max_length=20, blank=True)
    salt = models.CharField(max_length=60)
    commitment = models.CharField(max_length=64)
    claimed = models.PositiveSmallIntegerField(default=0)
    # Σ of the shares opened, and what went back.
    taken = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=PacketStatus.choices, default=PacketStatus.PAYING
    )
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "client_id"], name="packet_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=F("count"), amount__lte=AMOUNT_MAX, count__gte=1),
                name="packet_amount",
            ),
            models.CheckConstraint(
                condition=Q(claimed__lte=F("count")), name="packet_claims_within_count"
            ),
            models.CheckConstraint(
                condition=Q(taken__gte=0, refunded__gte=0, amount__gte=F("taken") + F("refunded")),
                name="packet_pays_what_was_put_in",
            ),
            models.CheckConstraint(
                condition=~Q(status="exhausted") | Q(claimed=F("count"), taken=F("amount")),
                name="packet_exhausted_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(status="refunded") | Q(amount=F("taken") + F("refunded")),
                name="packet_refunded_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation"], condition=Q(status="open"), name="packets_open_in"
            ),
            models.Index(fields=["sender", "-id"], name="packets_of"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return self.money(self.amount)


class PacketClaim(models.Model):
    """Somebody opened a packet: they got the share with this number, counted from 1."""

    packet = models.ForeignKey(RedPacket, models.PROTECT, related_name="claims")
    account = models.ForeignKey(Account, models.PROTECT, related_name="packet_claims")
    number = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    thanks = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["packet", "account"], name="one_claim_per_person"),
            models.UniqueConstraint(fields=["packet", "number"], name="one_claim_per_share"),
            models.CheckConstraint(condition=Q(amount__gte=1, number__gte=1), name="claim_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.packet_id}/{self.number}"


class ReceiveCode(models.Model):
    """A person's own code to be paid by: without an amount, or with one and a note."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "rc"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="receive_codes")
    # What the QR code carries; a new one makes pictures of the old one useless.
    token = models.CharField(max_length=60, unique=True)
    # 0: the payer types it.
    amount = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=60, blank=True)
    is_live = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_live=True, amount=0),
                name="one_open_code_per_person",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=AMOUNT_MAX), name="code_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)


class PayDevice(models.Model):
    """A browser that may show payment codes, known by a ten-digit number."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="pay_devices")
    # The session that made it (accounts' name for it): signed out, its codes are worth nothing.
    session_id = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=10, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class PayCodeUse(models.Model):
    """A code that was scanned: each step of each device pays once."""

    device = models.ForeignKey(PayDevice, models.CASCADE, related_name="uses")
    step = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "step"], name="one_use_per_step")]
