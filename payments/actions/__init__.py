"""Every write about money; one verb each. What other actions share is in the files themselves."""

from payments.actions.adding_up import add_up
from payments.actions.adjusting import (
    approve_adjustment,
    propose_adjustment,
    reject_adjustment,
)
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
    move_card_down,
    move_card_up,
    remove_card,
    show_amounts,
    wallet_of,
)
from payments.actions.campaigning import (
    change_campaign,
    plan_campaign,
    switch_campaign_off,
    switch_campaign_on,
)
from payments.actions.clock import (
    move_sandbox_clock,
)
from payments.actions.closing import (
    on_account_closing,
)
from payments.actions.doubting import answer_doubt, doubt_bill
from payments.actions.evidence import JOB as EVIDENCE_JOB
from payments.actions.evidence import answer_dispute, on_answer
from payments.actions.hearing import JOB as EVENT_JOB
from payments.actions.hearing import (
    ask_soon,
    decide_in_sandbox,
    on_event,
    receive_event,
    retry_event,
)
from payments.actions.holding import JOB as HOLD_JOB
from payments.actions.holding import (
    capture_hold,
    end_hold,
    hold_money,
    on_hold_captured,
    on_hold_due,
    on_hold_failed,
    on_hold_kept,
    on_hold_tried,
    release_hold,
    void_hold,
)
from payments.actions.mailing import JOB as STATEMENT_JOB
from payments.actions.mailing import mail_statement, on_mail_statement
from payments.actions.moving import (
    Means,
)
from payments.actions.opening import JOB as ASK_JOB
from payments.actions.packing import (
    on_packet_failed,
    on_packet_paid,
    send_packet,
)
from payments.actions.pay_codes import (
    forget_old_pay_codes,
    pay_unasked,
    show_pay_code,
    use_pay_code,
)
from payments.actions.paying import (
    BALANCE,
    Payment,
    Taken,
    take,
)
from payments.actions.receiving import (
    drop_receive_code,
    own_receive_code,
    pay_by_code,
    renew_receive_code,
    set_receive_amount,
)
from payments.actions.reconciling import JOB as RECONCILE_JOB
from payments.actions.reconciling import (
    forget_old_comparisons,
    on_reconcile,
    reconcile,
    reconcile_days_soon,
    reconcile_now,
    reconcile_soon,
)
from payments.actions.requesting import JOB as REQUEST_JOB
from payments.actions.requesting import (
    cancel_request,
    decline_request,
    end_request,
    on_request_due,
    on_request_failed,
    on_request_paid,
    pay_request,
    remind_request,
    request_money,
)
from payments.actions.risking import (
    assess,
    clear_case,
    confirm_case,
    freeze_wallet,
    unfreeze_wallet,
)
from payments.actions.saving import (
    change_pot,
    close_pot,
    open_pot,
    put_in,
    take_out,
)
from payments.actions.splitting import JOB as SPLIT_JOB
from payments.actions.splitting import (
    close_split,
    end_split,
    on_share_failed,
    on_share_paid,
    on_split_due,
    pay_share,
    remind_split,
    split_by_parts,
    split_equally,
)
from payments.actions.standing import JOB as STANDING_JOB
from payments.actions.standing import (
    cancel_standing,
    pause_standing,
    resume_standing,
    start_standing,
)
from payments.actions.standing_runs import (
    on_standing_due,
    run_standing,
    wake_standings,
)
from payments.actions.topping_up import (
    start_binding,
    top_up,
)
from payments.actions.transferring import JOB as TRANSFER_JOB
from payments.actions.transferring import (
    accept_transfer,
    end_transfer,
    on_transfer_due,
    on_transfer_failed,
    on_transfer_paid,
    return_transfer,
    send_transfer,
)
from payments.actions.unpacking import JOB as PACKET_JOB
from payments.actions.unpacking import (
    end_packet,
    on_group_disbanded,
    on_packet_due,
    open_packet,
    thank_for_packet,
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
    "ASK_JOB",
    "BALANCE",
    "CHECK_JOB",
    "EVENT_JOB",
    "EVIDENCE_JOB",
    "HOLD_JOB",
    "PACKET_JOB",
    "RECONCILE_JOB",
    "REQUEST_JOB",
    "SPLIT_JOB",
    "STANDING_JOB",
    "STATEMENT_JOB",
    "TRANSFER_JOB",
    "VERIFY_JOB",
    "Means",
    "Payment",
    "Taken",
    "accept_transfer",
    "add_up",
    "answer_dispute",
    "answer_doubt",
    "approve_adjustment",
    "approve_case",
    "ask_gateway",
    "ask_level",
    "ask_soon",
    "assess",
    "authorise",
    "cancel_request",
    "cancel_standing",
    "capture_hold",
    "change_campaign",
    "change_password",
    "change_pot",
    "check_and_keep",
    "check_books_now",
    "check_books_soon",
    "clear_case",
    "close_pot",
    "close_split",
    "confirm_case",
    "decide_in_sandbox",
    "decline_request",
    "doubt_bill",
    "drop_receive_code",
    "end_hold",
    "end_packet",
    "end_request",
    "end_split",
    "end_transfer",
    "forget_old_auths",
    "forget_old_checks",
    "forget_old_comparisons",
    "forget_old_pay_codes",
    "freeze_wallet",
    "hide_amounts",
    "hold_money",
    "look_again",
    "mail_statement",
    "make_default",
    "move_card_down",
    "move_card_up",
    "move_sandbox_clock",
    "on_account_closing",
    "on_answer",
    "on_ask",
    "on_check_books",
    "on_event",
    "on_group_disbanded",
    "on_hold_captured",
    "on_hold_due",
    "on_hold_failed",
    "on_hold_kept",
    "on_hold_tried",
    "on_mail_statement",
    "on_packet_due",
    "on_packet_failed",
    "on_packet_paid",
    "on_reconcile",
    "on_request_due",
    "on_request_failed",
    "on_request_paid",
    "on_share_failed",
    "on_share_paid",
    "on_split_due",
    "on_standing_due",
    "on_transfer_due",
    "on_transfer_failed",
    "on_transfer_paid",
    "on_verify",
    "open_packet",
    "open_pot",
    "own_receive_code",
    "pause_standing",
    "pay_by_code",
    "pay_request",
    "pay_share",
    "pay_unasked",
    "plan_campaign",
    "propose_adjustment",
    "put_in",
    "receive_event",
    "reconcile",
    "reconcile_days_soon",
    "reconcile_now",
    "reconcile_soon",
    "reject_adjustment",
    "reject_case",
    "release_hold",
    "remind_request",
    "remind_split",
    "remove_card",
    "renew_receive_code",
    "request_money",
    "reset_password",
    "resume_standing",
    "retry_event",
    "return_transfer",
    "run_standing",
    "seal_books",
    "send_packet",
    "send_transfer",
    "set_password",
    "set_receive_amount",
    "show_amounts",
    "show_pay_code",
    "split_by_parts",
    "split_equally",
    "start_binding",
    "start_standing",
    "switch_campaign_off",
    "switch_campaign_on",
    "take",
    "take_out",
    "thank_for_packet",
    "top_up",
    "unfreeze_wallet",
    "use_pay_code",
    "void_hold",
    "wake_standings",
    "wallet_of",
    "withdraw",
]
