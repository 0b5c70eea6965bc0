"""Accounts close only when nothing of theirs still waits with others."""

from accounts.models import Account
from payments.actions.standing import cancel_all_of
from payments.errors import WalletNotEmpty
from payments.models import Hold, Pot, RedPacket, Transfer
from payments.states import HELD_NOW, PacketStatus, TransferStatus


def on_account_closing(account: Account) -> None:
    """Money that would come back to nobody: they wait until it has. Raises WalletNotEmpty."""
    waiting = [TransferStatus.PAYING, TransferStatus.PENDING, TransferStatus.DELAYED]
    packets = [PacketStatus.PAYING, PacketStatus.OPEN]
    if (
        Transfer.objects.filter(sender=account, status__in=waiting).exists()
        or Hold.objects.filter(payer=account, status__in=HELD_NOW).exists()
        or RedPacket.objects.filter(sender=account, status__in=packets).exists()
        or Pot.objects.filter(account=account, amount__gt=0).exists()
    ):
        raise WalletNotEmpty
    cancel_all_of(owner=account)
