"""Statuses of money's objects, with their legal moves: one file per noun."""

from payments.states.gateway import (
    DISPUTE_MOVES,
    EVENT_MOVES,
    OPEN,
    OPERATION_MOVES,
    DisputeStatus,
    EventStatus,
    OperationKind,
    OperationStatus,
)
from payments.states.ledger import (
    ADJUSTMENT_MOVES,
    LEDGER_ACCOUNT_MOVES,
    AdjustmentStatus,
    LedgerAccountStatus,
)
from payments.states.wallet import (
    CARD_MOVES,
    KYC_MOVES,
    BillKind,
    BillStatus,
    CardKind,
    CardStatus,
    KYCStatus,
)

__all__ = [
    "ADJUSTMENT_MOVES",
    "CARD_MOVES",
    "DISPUTE_MOVES",
    "EVENT_MOVES",
    "KYC_MOVES",
    "LEDGER_ACCOUNT_MOVES",
    "OPEN",
    "OPERATION_MOVES",
    "AdjustmentStatus",
    "BillKind",
    "BillStatus",
    "CardKind",
    "CardStatus",
    "DisputeStatus",
    "EventStatus",
    "KYCStatus",
    "LedgerAccountStatus",
    "OperationKind",
    "OperationStatus",
]
