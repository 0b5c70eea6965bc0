"""What browsers are told about money: hints to look again, never amounts."""

from superapp.kernel.push import Event


def wallet_changed(*, ref: str = "") -> Event:
    """A balance, a bill or an operation of the account changed; `ref` names the operation."""
    return {"kind": "payments.wallet_changed", "ref": ref}
