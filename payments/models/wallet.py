"""What a person keeps in the wallet: cards, the payment password, checks of who they are, bills."""

from functools import partial

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from payments.models.ledger import AMOUNT_MAX
from payments.states import BillKind, BillStatus, CardKind, CardStatus, KYCStatus
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money


class Wallet(models.Model):
    """What belongs to the person and not to one payment."""

    class Level(models.IntegerChoices):
        NONE = 0, _("Not confirmed")
        BASIC = 1, _("Basic")
        FULL = 2, _("Full")
        PLUS = 3, _("Plus")

    account = models.OneToOneField(Account, models.PROTECT, related_name="wallet")
    # What the person is called at the gateway.
    customer_id = models.CharField(max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.NONE)
    legal_name = models.CharField(max_length=80, blank=True)
    # A keyed sum of the document's number, to compare with: the number itself is not kept.
    document_digest = models.CharField(max_length=64, blank=True)
    # Argon2id of the peppered payment password; empty: none is set.
    password_hash = models.CharField(max_length=200, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    # Tries since the last right one. Raised before the password is compared.
    tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    # Staff let nothing out: since when.
    frozen_at = models.DateTimeField(null=True, blank=True)
    hides_amounts = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account)


class Card(models.Model):
    """A bank card or account. The gateway keeps the number; we keep its token and what to show."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "card"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="cards")
    kind = models.CharField(max_length=10, choices=CardKind.choices)
    token = models.CharField(max_length=120)
    # The same for the same number, whoever binds it.
    fingerprint = models.CharField(max_length=64, db_index=True)
    brand = models.CharField(max_length=30)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField(null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(null=True, blank=True)
    holder = models.CharField(max_length=80)
    # The order in which they are tried; the first one is the default.
    place = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=CardStatus.choices, default=CardStatus.ACTIVE)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "fingerprint"],
                condition=Q(status="active"),
                name="one_card_per_number",
            )
        ]
        indexes = [models.Index(fields=["account", "place", "id"], name="cards_in_order")]

    def __str__(self) -> str:
        return f"{self.brand.title()} ·· {self.last4}"

    @property
    def is_bank(self) -> bool:
        return self.kind == CardKind.BANK


class KYCCase(models.Model):
    """A check of who somebody is, for a level."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "kyc"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="kyc_cases")
    level = models.PositiveSmallIntegerField(choices=Wallet.Level.choices)
    legal_name = models.CharField(max_length=80)
    document_digest = models.CharField(max_length=64)
    document_last4 = models.CharField(max_length=4)
    # Checks that were passed: ["document", "phone", "card", "bank", "staff"].
    checks = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=KYCStatus.choices, default=KYCStatus.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("identity check")
        verbose_name_plural = _("identity checks")
        permissions = [("decide_kyccase", "Can decide identity checks")]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(status="pending"), name="one_open_check"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class PayAuth(models.Model):
    """The payment password was right: for this payment, in this session, for two minutes, once."""

    token_digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="pay_auths")
    purpose = models.CharField(max_length=20)
    payee = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    session = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.amount} {self.currency}"


class LimitUse(models.Model):
    """How much of a limit is used in a window. Changed by one UPDATE that the cap guards."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="limit_uses")
    rule = models.CharField(max_length=20)
    # Calendar windows in the house's time zone, as the instant they began.
    window = models.DateTimeField()
    # Minor units of the home currency.
    used = models.BigIntegerField(default=0)
    cap = models.BigIntegerField()

    class Meta:
        db_table = "limit_use"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "rule", "window"], name="one_use_per_window"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("cap")), name="limit_is_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.used}/{self.cap}"


class Bill(models.Model):
    """One line of somebody's bill list: what one thing was, as its owner sees it."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "bill"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="bills")
    kind = models.CharField(max_length=12, choices=BillKind.choices)
    # The order number: what it was about.
    ref = models.CharField(max_length=40)
    # Plus came in, minus went out. Minor units; fees are inside.
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=BillStatus.choices, default=BillStatus.DONE)
    counterparty = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # "Visa ·· 4242", or empty for the balance.
    method = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    # Made by kernel.search of names, note, method and order number.
    search = SearchVectorField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "ref"], name="one_bill_per_thing"),
            models.CheckConstraint(
                condition=Q(amount__gte=-AMOUNT_MAX, amount__lte=AMOUNT_MAX), name="bill_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="bills_of"),
            models.Index(fields=["account", "kind", "-id"], name="bills_of_kind"),
            models.Index(fields=["account", "-id"], condition=Q(amount__gt=0), name="bills_in"),
            models.Index(fields=["account", "at"], name="bills_by_time"),
            GinIndex(fields=["search"], name="bills_search"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def fee_money(self) -> Money:
        return Money(self.fee, self.currency)
