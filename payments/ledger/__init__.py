"""The ledger: accounts by reference, and the one door through which money moves.

Credit is plus: an account's balance is credits minus debits. docs/ledger.md explains the books,
docs/adr/0011 their shape. What is refused was not written, and the transaction can go on.
"""

from payments.ledger.posting import Posted, post, reverse
from payments.ledger.refs import (
    SYSTEM,
    AccountRef,
    Leg,
    escrow,
    hold,
    merchant,
    merchant_receivable,
    pot,
    system,
    transit,
    user_available,
    user_receivable,
)
from payments.ledger.retrying import retried, whole
from payments.ledger.standing import balance, close, freeze_out, unfreeze

__all__ = [
    "SYSTEM",
    "AccountRef",
    "Leg",
    "Posted",
    "balance",
    "close",
    "escrow",
    "freeze_out",
    "hold",
    "merchant",
    "merchant_receivable",
    "post",
    "pot",
    "retried",
    "reverse",
    "system",
    "transit",
    "unfreeze",
    "user_available",
    "user_receivable",
    "whole",
]
