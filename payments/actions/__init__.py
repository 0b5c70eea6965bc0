"""Every write about money; one verb each. What other actions share is in the files themselves."""

from payments.actions.adjusting import (
    approve_adjustment,
    propose_adjustment,
    reject_adjustment,
)
from payments.actions.asking import JOB as ASK_JOB
from payments.actions.asking import (
    ask_gateway,
    look_again,
    on_ask,
)
from payments.actions.auditing import CHECK_JOB as CHECK_JOB
from payments.actions.auditing import (
    check_and_keep,
    check_books_now,
    check_books_soon,
    forget_old_checks,
    on_check_books,
    seal_books,
)
from payments.actions.authorising import (
    authorise,
    change_password,
    forget_old_auths,
    reset_password,
    set_password,
)
from payments.actions.binding import (
    hide_amounts,
    make_default,
    remove_card,
    show_amounts,
    wallet_of,
)
from payments.actions.hearing import JOB as EVENT_JOB
from payments.actions.hearing import (
    on_event,
    receive_event,
    retry_event,
)
from payments.actions.paying import (
    BALANCE,
    Payment,
    Taken,
    take,
)
from payments.actions.topping_up import (
    start_binding,
    top_up,
)
from payments.actions.verifying import JOB as VERIFY_JOB
from payments.actions.verifying import (
    approve_case,
    ask_level,
    on_verify,
    reject_case,
)
from payments.actions.withdrawing import (
    withdraw,
)

__all__ = [
    "CHECK_JOB",
    "approve_adjustment",
    "check_and_keep",
    "check_books_now",
    "check_books_soon",
    "forget_old_checks",
    "on_check_books",
    "propose_adjustment",
    "reject_adjustment",
    "seal_books",
    "ASK_JOB",
    "BALANCE",
    "EVENT_JOB",
    "VERIFY_JOB",
    "Payment",
    "Taken",
    "approve_case",
    "ask_gateway",
    "ask_level",
    "authorise",
    "change_password",
    "forget_old_auths",
    "hide_amounts",
    "look_again",
    "make_default",
    "on_ask",
    "on_event",
    "on_verify",
    "receive_event",
    "reject_case",
    "remove_card",
    "reset_password",
    "retry_event",
    "set_password",
    "show_amounts",
    "start_binding",
    "take",
    "top_up",
    "wallet_of",
    "withdraw",
]
