"""What is stored about money: one file per noun."""

from payments.models.doubts import BillDoubt
from payments.models.festival import (
    Campaign,
)
from payments.models.gateway import (
    Dispute,
    GatewayEvent,
    Operation,
    SandboxCall,
    SandboxObject,
)
from payments.models.holds import Hold
from payments.models.ledger import (
    Adjustment,
    AuditRun,
    Entry,
    EntrySum,
    Journal,
    LedgerAccount,
    Posting,
    Seal,
)
from payments.models.people import (
    MoneyRequest,
    PacketClaim,
    PayCodeUse,
    PayDevice,
    ReceiveCode,
    RedPacket,
    Split,
    SplitShare,
    Transfer,
)
from payments.models.reconciling import (
    ReconciliationRun,
)
from payments.models.risk import RiskCase, WalletFreeze
from payments.models.saving import (
    Pot,
    PotMove,
    Standing,
    StandingRun,
)
from payments.models.wallet import (
    Bill,
    Card,
    KYCCase,
    LimitUse,
    PayAuth,
    Wallet,
)

__all__ = [
    "Adjustment",
    "AuditRun",
    "Bill",
    "BillDoubt",
    "Campaign",
    "Card",
    "Dispute",
    "Entry",
    "EntrySum",
    "GatewayEvent",
    "Hold",
    "Journal",
    "KYCCase",
    "LedgerAccount",
    "LimitUse",
    "MoneyRequest",
    "Operation",
    "PacketClaim",
    "PayAuth",
    "PayCodeUse",
    "PayDevice",
    "Posting",
    "Pot",
    "PotMove",
    "ReceiveCode",
    "ReconciliationRun",
    "RedPacket",
    "RiskCase",
    "SandboxCall",
    "SandboxObject",
    "Seal",
    "Split",
    "SplitShare",
    "Standing",
    "StandingRun",
    "Transfer",
    "Wallet",
    "WalletFreeze",
]
