"""Where parts of money, and the apps above, register what the ledger calls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from superapp.kernel.ports import Registry


@dataclass(frozen=True, slots=True)
class Audit:
    """A rule that must always hold. `faults` reads, and says in one line each what breaks it."""

    title: str | Promise
    faults: Callable[[], Iterable[str]]


# By number, as docs/ledger.md lists them: "I9", "I10", … The ledger's own are registered first.
audits: Registry[Audit] = Registry("payments.audits")
