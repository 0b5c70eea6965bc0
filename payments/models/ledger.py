"""The books. docs/ledger.md explains them; migration 0001_ledger holds the triggers that guard them.

Amounts are whole minor units. Credit is plus: an account's balance is credits minus debits.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from payments.states import AdjustmentStatus, LedgerAccountStatus
from superapp.kernel.money import Money

AMOUNT_MAX = 10**15
# Where money moved by hand may come from or go to.
HOUSE_ACCOUNTS = ("suspense:in", "suspense:out", "promo", "loss:chargeback", "rounding")


class LedgerAccount(models.Model):
    """A place where money can be, in one currency. Opened by the first posting that needs it."""

    # "user:7:available", "escrow:rp:rp_3k…", "fees:income", "merchant:9:pending#03" (a shard).
    code = models.CharField(max_length=120)
    # What readers ask for: the code without the number of the shard.
    pool = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    owner = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="ledger_accounts"
    )
    # It can never be below zero, from wherever money is moved.
    floor_zero = models.BooleanField()
    # False: busy accounts of the house, without a balance of their own and so without a lock.
    tracked = models.BooleanField()
    balance = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=LedgerAccountStatus.choices, default=LedgerAccountStatus.OPEN
    )

    class Meta:
        db_table = "ledger_account"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "currency"], name="ledger_one_account_per_code"
            ),
            # What postings refer to: both sides and the posting itself are of one currency.
            models.UniqueConstraint(fields=["id", "currency"], name="ledger_account_currency"),
            # The one rule checked at every update; the others stand in the triggers of the migration.
            models.CheckConstraint(
                condition=Q(floor_zero=False) | Q(balance__gte=0), name="ledger_no_overdraft"
            ),
        ]
        indexes = [models.Index(fields=["pool", "currency"], name="ledger_pool")]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"

    @property
    def money(self) -> Money:
        return Money(self.balance, self.currency)


class Journal(models.Model):
    """Postings that stand or fall together: one business fact, told once."""

    key = models.CharField(max_length=200)
    # Of kind and legs: the same key with other content is an error, never silence.
    fingerprint = models.CharField(max_length=32)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=120, blank=True)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="reversed_by"
    )
    # Accounts are closed, never deleted: a constraint would only cost a lock on the actor.
    actor = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    posted_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_journal"
        constraints = [
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
                name="ledger_reversed_once",
            ),
            models.UniqueConstraint(fields=["key"], name="ledger_one_journal_per_fact"),
        ]

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """An amount from one account to another: balanced because it cannot be anything else.

    `…_seq` and `…_after` are its places in the two accounts' histories, filled in by the database.
    Untracked accounts have no order: their seq is the posting's id and their balance is empty.
    """

    # Both are written by one function, journal first: no constraint has to look again. Those of the
    # accounts are wider ones, of (account, currency). See the migration.
    journal = models.ForeignKey(
        Journal, models.PROTECT, db_constraint=False, related_name="postings"
    )
    debit = models.ForeignKey(
        LedgerAccount,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="debits",
    )
    credit = models.ForeignKey(
        LedgerAccount,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="credits",
    )
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    debit_seq = models.BigIntegerField()
    debit_after = models.BigIntegerField(null=True)
    credit_seq = models.BigIntegerField()
    credit_after = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_posting"
        constraints = [
            models.UniqueConstraint(fields=["debit", "debit_seq"], name="ledger_one_debit_per_seq"),
            models.UniqueConstraint(
                fields=["credit", "credit_seq"], name="ledger_one_credit_per_seq"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="ledger_amount"
            ),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_two_accounts"),
        ]

    def __str__(self) -> str:
        return f"{self.journal_id}: {self.amount} {self.currency}"


class Entry(models.Model):
    """One side of a posting, as its account sees it: a view, page it by account and seq."""

    account = models.ForeignKey(LedgerAccount, models.DO_NOTHING, related_name="entries")
    seq = models.BigIntegerField()
    posting = models.ForeignKey(Posting, models.DO_NOTHING, related_name="entries")
    journal = models.ForeignKey(Journal, models.DO_NOTHING, related_name="entries")
    # Plus when the account got it.
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "ledger_entry"

    def __str__(self) -> str:
        return f"{self.account_id}/{self.seq}: {self.amount}"


class EntrySum(models.Model):
    """What one kind of entry did on one day, within a block of an account's entries.

    A block is full when it is written: its entries never change, so neither do its sums. Derived:
    all of them may be deleted, and are added up again.
    """

    account = models.ForeignKey(LedgerAccount, models.PROTECT, db_index=False, related_name="sums")
    # The block: entries after this number, up to that one. Blocks follow each other from 0.
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    # Days are those of this time zone.
    zone = models.CharField(max_length=40)
    day = models.DateField()
    kind = models.CharField(max_length=40)
    came_in = models.BigIntegerField()
    went_out = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "ledger_entry_sum"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "zone", "upto", "day", "kind"], name="ledger_one_sum"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.after}–{self.upto}"


class Seal(models.Model):
    """A block of finished journals with the hash of what they say and of the seal before it."""

    first_journal = models.BigIntegerField()
    last_journal = models.BigIntegerField(unique=True)
    journals = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    chain_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_seal"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.first_journal}–{self.last_journal}"


class AuditRun(models.Model):
    """What one run of the checks found. The page turns red when the last one is too old."""

    ran_at = models.DateTimeField(db_index=True)
    green = models.BooleanField()
    # Whether it looked at every seal, and not only at the newest.
    deep = models.BooleanField(default=False)
    # [{"code": "I2", "title": …, "faults": [...]}, …], and totals per currency.
    findings = models.JSONField(default=list)
    totals = models.JSONField(default=list)
    # The horizon for the sealer: what had been begun by then.
    last_journal = models.BigIntegerField(default=0)
    next_xid = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_audit_run"
        verbose_name = _("check of the books")
        verbose_name_plural = _("integrity of the books")
        permissions = [("check_books", "Can check the books now")]

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M}"


class Adjustment(models.Model):
    """Money moved by hand between the house and somebody: one proposes, another approves."""

    status = models.CharField(
        max_length=10, choices=AdjustmentStatus.choices, default=AdjustmentStatus.PROPOSED
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # One of HOUSE_ACCOUNTS: where the money comes from or goes to.
    house = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    # Plus: the account gets it. Minus: it is taken.
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=200, blank=True)
    journal = models.ForeignKey(Journal, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "ledger_adjustment"
        permissions = [
            ("propose_adjustment", "Can propose to move money by hand"),
            ("decide_adjustment", "Can decide what others proposed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="ledger_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(journal__isnull=False),
                name="ledger_approved_is_posted",
            ),
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gte=-AMOUNT_MAX, amount__lte=AMOUNT_MAX),
                name="ledger_adjustment_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.account}"
