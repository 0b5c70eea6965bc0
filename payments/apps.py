from collections.abc import Callable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.models import Account


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        """Start-up wiring: jobs of the wallet and the gateway, and what stands in the Me tab."""
        from django.conf import settings

        from accounts.ports import demo_made
        from payments import actions
        from payments.gateways import sandbox
        from payments.management.demo import fill_wallets
        from payments.queries import gateway_audit
        from superapp.kernel import outbox

        lease, abroad = settings.GATEWAY_LEASE_SECONDS, outbox.DELIVERIES
        waits = (5, 30, 120, 600, 3600)
        for name, handler in (
            (actions.ASK_JOB, actions.on_ask),
            (actions.EVENT_JOB, actions.on_event),
            (actions.EVIDENCE_JOB, actions.on_answer),
            (actions.RECONCILE_JOB, actions.on_reconcile),
            (sandbox.DELIVER, sandbox.deliver),
        ):
            outbox.kinds.register(name, outbox.Kind(handler, abroad, waits, lease))
        outbox.kinds.register(
            actions.STATEMENT_JOB, outbox.Kind(actions.on_mail_statement, abroad, waits)
        )
        outbox.kinds.register(sandbox.STEP, outbox.Kind(sandbox.step, abroad))
        outbox.kinds.register(actions.VERIFY_JOB, outbox.Kind(actions.on_verify))
        outbox.tidying.register(actions.forget_old_auths)
        outbox.tidying.register(actions.forget_old_comparisons)
        gateway_audit.register()
        demo_made.register(fill_wallets)
        _holds()
        _between_people()
        _saving()
        _books()
        _register_cells()


def _saving() -> None:
    """Pots and standing payments: the job that pays, what is checked, who tells their owner; and
    what is festive in chats.
    """
    from chat import ports
    from payments import actions, wording
    from payments.ports import audits
    from payments.queries.saving_audit import AUDITS
    from superapp.kernel import outbox

    outbox.kinds.register(actions.STANDING_JOB, outbox.Kind(actions.on_standing_due))
    outbox.tidying.register(actions.wake_standings)
    ports.thread_scripts.register("payments.festival", "js/payments/festival.js")
    ports.house_accounts.register(wording.WALLET_HANDLE, wording.wallet_name)
    for number, audit in AUDITS.items():
        audits.register(number, audit)


def _books() -> None:
    """The rules of the ledger, and the job that checks them."""
    from django.conf import settings

    from payments import actions
    from payments.queries import audit
    from superapp.kernel import outbox

    audit.register()
    lease = settings.LEDGER_CHECK_TIMEOUT_SECONDS
    outbox.kinds.register(
        actions.CHECK_JOB, outbox.Kind(actions.on_check_books, lease=lease, retries=(60,))
    )
    outbox.tidying.register(actions.forget_old_checks)


def _holds() -> None:
    """Money held for services: the job that ends it, and what a card's bank says about it."""
    from payments import actions, purposes
    from superapp.kernel import outbox

    outbox.kinds.register(actions.HOLD_JOB, outbox.Kind(actions.on_hold_due))
    purposes.paid.register(
        "hold",
        purposes.Handlers(
            paid=actions.on_hold_captured,
            failed=actions.on_hold_failed,
            tried=actions.on_hold_tried,
            kept=actions.on_hold_kept,
        ),
    )


def _register_cells() -> None:
    from django.conf import settings
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from accounts.ports import Cell, me_cells, person_cells

    def at(name: str) -> Callable[["Account"], str]:
        return lambda me: reverse(name)

    person_cells.register(
        "payments.transfer",
        Cell(
            _("Transfer"),
            "transfer",
            lambda friend: (
                reverse("payments:transfer-to", args=[friend.public_id])
                if friend.kind == friend.Kind.PERSON
                else ""
            ),
            150,
            order=60,
        ),
    )
    if settings.SANDBOX_CLOCK:
        me_cells.register(
            "payments.clock",
            Cell(
                _("Sandbox clock"),
                "clock",
                lambda me: reverse("payments:clock") if me.person.is_staff else "",
                60,
                group=90,
                order=95,
            ),
        )
    for order, (name, label, icon, hue) in enumerate(
        (
            ("wallet", _("Wallet"), "wallet", 150),
            ("pay-code", _("Pay"), "qr", 150),
            ("receive", _("Receive money"), "scan", 150),
            ("bills", _("Bills"), "receipt", 240),
            ("cards", _("Cards and accounts"), "card", 300),
        )
    ):
        cell = Cell(label, icon, at(f"payments:{name}"), hue, group=5, order=order)
        me_cells.register(f"payments.{name}", cell)


def _between_people() -> None:
    """Transfers, requests, split bills and red packets: cards, tiles, jobs, what is charged."""
    from accounts import ports as people
    from chat import cards, composer, ports, wording
    from payments import actions, purposes
    from payments import cards as own
    from payments.actions.moving import tried_by
    from payments.composer import ENTRIES
    from payments.management.demo_between import move_money
    from payments.models import MoneyRequest, RedPacket, SplitShare, Transfer
    from payments.ports import audits
    from payments.queries.people_audit import AUDITS
    from payments.wording import NOTICES
    from superapp.kernel import outbox

    for name, card in own.CARDS.items():
        cards.register(name, card)
    for name, entry in ENTRIES.items():
        composer.register(name, entry)
    for code, say in NOTICES.items():
        wording.notices.register(code, say)
    for number, audit in AUDITS.items():
        audits.register(number, audit)
    for job, handler in (
        (actions.TRANSFER_JOB, actions.on_transfer_due),
        (actions.REQUEST_JOB, actions.on_request_due),
        (actions.SPLIT_JOB, actions.on_split_due),
        (actions.PACKET_JOB, actions.on_packet_due),
    ):
        outbox.kinds.register(job, outbox.Kind(handler))
    for purpose, model, paid, failed in (
        ("transfer", Transfer, actions.on_transfer_paid, actions.on_transfer_failed),
        ("request", MoneyRequest, actions.on_request_paid, actions.on_request_failed),
        ("split", SplitShare, actions.on_share_paid, actions.on_share_failed),
        ("red_packet", RedPacket, actions.on_packet_paid, actions.on_packet_failed),
    ):
        purposes.paid.register(purpose, purposes.Handlers(paid, failed, tried_by(model)))
    ports.group_disbanded.register(actions.on_group_disbanded)
    people.account_closing.register(actions.on_account_closing)
    people.demo_made.register(move_money)
    outbox.tidying.register(actions.forget_old_pay_codes)
