"""Transfers: into waiting, then accepted, returned or back; once, whoever is faster."""

from datetime import timedelta

import pytest
import time_machine

from accounts import actions as people
from chat import actions as chat
from chat.errors import BadMessage, ConversationNotFound
from payments import actions, ledger, queries
from payments.actions import Means
from payments.errors import (
    AmountOutOfRange,
    BadDelay,
    CannotPayThem,
    InsufficientFunds,
    KeyReused,
    LimitReached,
    PasswordNeeded,
    TransferNotFound,
    TransferOver,
    WalletNotEmpty,
    WrongPassword,
)
from payments.models import Bill, Journal, LedgerAccount, LimitUse, Transfer
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from tests.chat.conftest import group, room, say
from tests.payments import wallets
from tests.payments.between import cards, lines, rich, send, waits
from tests.payments.wallets import bind, has, run_gateway, verify

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(alice):
    return rich(alice)


def later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


def run_jobs():
    return outbox.run_due(outbox.DEFAULT, limit=100)


def bills(account):
    return [(b.amount, b.status) for b in Bill.objects.filter(account=account, kind="transfer")]


def test_a_transfer_leaves_at_once_and_waits(payer, bob, room):
    transfer = send(payer, room, 5000, note="tickets")
    assert (has(payer), has(bob), waits("tr", transfer.public_id)) == (95_000, 0, 5000)
    assert (transfer.status, cards(room)) == ("pending", [("transfer", transfer.public_id)])
    assert bills(payer) == [(-5000, "waiting")]
    assert bills(bob) == []


def test_the_receiver_accepts(payer, bob, room):
    transfer = send(payer, room)
    actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    again = actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert again.status == "accepted"
    assert (has(payer), has(bob), waits("tr", transfer.public_id)) == (95_000, 5000, 0)
    assert (bills(payer), bills(bob)) == ([(-5000, "done")], [(5000, "done")])
    account = LedgerAccount.objects.get(code=f"escrow:tr:{transfer.public_id}")
    assert account.status == "closed"


def test_only_the_receiver_decides(payer, bob, carol, room):
    transfer = send(payer, room)
    for somebody in (payer, carol):
        for decide in (actions.accept_transfer, actions.return_transfer):
            with pytest.raises(TransferNotFound):
                decide(receiver=somebody, transfer_id=transfer.public_id)
    assert waits("tr", transfer.public_id) == 5000
    with pytest.raises(TransferNotFound):
        queries.transfer_for(carol, transfer.public_id)


def test_the_receiver_returns_it(payer, bob, room):
    transfer = send(payer, room)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert (has(payer), has(bob), waits("tr", transfer.public_id)) == (100_000, 0, 0)
    assert lines(room) == ["payments.transfer_returned"]
    assert bills(payer) == [(-5000, "returned")]
    with pytest.raises(TransferOver):
        actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert has(bob) == 0


def test_what_returns_frees_the_limits_it_was_counted_in(payer, bob, room):
    transfer = send(payer, room)
    used = {use.rule: use.used for use in LimitUse.objects.filter(account=payer)}
    assert used["pay_day"] == used["pay_year"] == 5000
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    used = {use.rule: use.used for use in LimitUse.objects.filter(account=payer)}
    assert used["pay_day"] == used["pay_year"] == 0


def test_after_a_day_it_goes_back(payer, bob, room):
    transfer = send(payer, room)
    with later(hours=23, minutes=59):
        run_jobs()
        assert waits("tr", transfer.public_id) == 5000
    with later(hours=24, seconds=1):
        run_jobs()
        actions.end_transfer(transfer_id=transfer.public_id)
    transfer.refresh_from_db()
    assert (transfer.status, has(payer), waits("tr", transfer.public_id)) == (
        "expired",
        100_000,
        0,
    )
    assert lines(room) == ["payments.transfer_expired"]
    assert Journal.objects.filter(ref=transfer.public_id).count() == 2


def test_nobody_sees_a_late_transfer_as_open_though_no_worker_came(payer, bob, room):
    transfer = send(payer, room)
    with later(hours=25):
        with pytest.raises(TransferOver):
            actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
        assert queries.status_of(transfer, time.now()) == "expired"
    assert has(bob) == 0


def test_a_transfer_that_arrives_later(payer, bob, room):
    transfer = send(payer, room, delay=7200)
    accepted = actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert (accepted.status, has(bob), waits("tr", transfer.public_id)) == ("delayed", 0, 5000)
    with later(hours=1):
        run_jobs()
        assert has(bob) == 0
    with later(hours=2, seconds=1):
        run_jobs()
        actions.end_transfer(transfer_id=transfer.public_id)
    assert (has(bob), waits("tr", transfer.public_id)) == (5000, 0)
    with pytest.raises(BadDelay):
        send(payer, room, delay=60)


def test_a_delayed_one_that_may_not_arrive_goes_back(payer, bob, room):
    transfer = send(payer, room, delay=7200)
    actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    ledger.freeze_out(ledger.user_available(bob, "CNY"))
    LedgerAccount.objects.filter(owner=bob, kind="available").update(status="frozen")
    with later(hours=3):
        run_jobs()
    transfer.refresh_from_db()
    assert (transfer.status, has(payer), has(bob)) == ("returned", 100_000, 0)


def test_a_second_press_sends_it_once(payer, bob, room):
    first = send(payer, room, client_id="same")
    again = send(payer, room, client_id="same")
    assert first.public_id == again.public_id
    assert (has(payer), Transfer.objects.count(), len(cards(room))) == (95_000, 1, 1)
    with pytest.raises(KeyReused):
        send(payer, room, 6000, client_id="same")


def test_what_is_refused_leaves_nothing(payer, bob, carol, room, group):
    poor = rich(bob, 100)
    for amount in (0, -1, 10**9):
        with pytest.raises(AmountOutOfRange):
            send(payer, room, amount)
    with pytest.raises(InsufficientFunds):
        send(poor, room, 5000)
    with pytest.raises(CannotPayThem):
        send(payer, group)
    with pytest.raises(ConversationNotFound):
        send(rich(carol), room)
    with pytest.raises(PasswordNeeded):
        send(payer, room, 30_000, means=Means())
    with pytest.raises(WrongPassword):
        send(payer, room, 30_000, means=Means(password="000111"))
    assert (Transfer.objects.count(), cards(room), has(payer), has(poor)) == (0, [], 100_000, 100)


def test_a_token_pays_only_what_it_was_made_for(payer, bob, room):
    from payments.actions.payment import Payment
    from payments.errors import AuthInvalid

    auth = actions.authorise(
        account=payer,
        password=wallets.PASSWORD,
        payment=Payment("transfer", Money(30_000, "CNY"), payee=bob.public_id),
        session="",
    )
    with pytest.raises(AuthInvalid):
        send(payer, room, 30_001, means=Means(auth=auth))
    assert send(payer, room, 30_000, means=Means(auth=auth)).status == "pending"
    with pytest.raises(AuthInvalid):
        send(payer, room, 30_000, means=Means(auth=auth))


@pytest.mark.parametrize("who_blocks", ["sender", "receiver"])
def test_between_people_who_blocked_each_other_nothing_is_sent(payer, bob, room, who_blocks):
    one, other = (payer, bob) if who_blocks == "sender" else (bob, payer)
    waiting = send(payer, room)
    people.block_account(owner=one, account_id=other.public_id)
    with pytest.raises(CannotPayThem):
        send(payer, room)
    actions.accept_transfer(receiver=bob, transfer_id=waiting.public_id)
    assert has(bob) == 5000


def test_somebody_whose_limit_is_reached_has_a_day_to_verify(payer, bob, room, settings):
    settings.RECEIVE_CAPS = [40, 100_000, 100_000, 100_000]
    transfer = send(payer, room)
    with pytest.raises(LimitReached):
        actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    transfer.refresh_from_db()
    assert (transfer.status, waits("tr", transfer.public_id), has(bob)) == ("pending", 5000, 0)
    verify(bob, level=1)
    actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert has(bob) == 5000


def test_recalling_the_card_recalls_no_money(payer, bob, room):
    transfer = send(payer, room)
    seq = room.messages.get(kind="card").seq
    chat.recall_message(actor=payer, conversation_id=room.public_id, seq=seq)
    assert waits("tr", transfer.public_id) == 5000
    actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert has(bob) == 5000


def test_nobody_puts_the_card_into_another_chat(payer, bob, room, group):
    transfer = send(payer, room)
    with pytest.raises(BadMessage):
        say(payer, group, "", kind="card", body={"card": "transfer", "ref": transfer.public_id})
    assert cards(group) == []


def test_a_card_pays_when_it_has_paid(alice, bob, room):
    verify(alice)
    bind(alice)
    transfer = send(alice, room, means=Means())
    assert (transfer.status, cards(room), waits("tr", transfer.public_id)) == ("paying", [], 0)
    with pytest.raises(TransferNotFound):
        queries.transfer_for(bob, transfer.public_id)
    with pytest.raises(TransferNotFound):
        actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_gateway()
    transfer.refresh_from_db()
    assert (transfer.status, waits("tr", transfer.public_id)) == ("pending", 5000)
    assert cards(room) == [("transfer", transfer.public_id)]
    assert Bill.objects.get(account=alice, kind="transfer").method == "Visa ·· 4242"


def test_a_card_that_says_no_sends_nothing(alice, bob, room):
    verify(alice)
    bind(alice, wallets.DECLINED)
    transfer = send(alice, room, means=Means())
    run_gateway()
    transfer.refresh_from_db()
    assert (transfer.status, cards(room), bills(alice)) == ("failed", [], [(-5000, "failed")])


def test_a_card_that_pays_after_they_parted_has_it_back(alice, bob, room):
    verify(alice)
    bind(alice)
    transfer = send(alice, room, means=Means())
    people.block_account(owner=bob, account_id=alice.public_id)
    run_gateway()
    transfer.refresh_from_db()
    assert (transfer.status, has(alice), waits("tr", transfer.public_id)) == ("returned", 0, 0)
    assert wallets.house("gateway:clearing") == 0
    assert cards(room) == []


def test_first_transfers_warn_and_names_are_shown_masked(payer, bob, room):
    assert queries.check_of(payer, bob) == queries.Check("", is_first=True)
    verify(bob, name="王小明")
    send(payer, room)
    assert queries.check_of(payer, bob) == queries.Check("*明", is_first=False)
    assert queries.masked("Jonas Lindqvist") == "J*** L***"


def test_nobody_closes_an_account_that_waits_for_its_money(payer, bob, room):
    actions.on_account_closing(bob)
    transfer = send(payer, room)
    with pytest.raises(WalletNotEmpty):
        actions.on_account_closing(payer)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    actions.on_account_closing(payer)


def test_both_sides_are_told_to_look_again(payer, bob, room, heard):
    with heard.during():
        transfer = send(payer, room)
    assert "chat.message_sent" in heard.kinds()
    heard.clear()
    with heard.during():
        actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    told = {(ids, event["kind"]) for ids, event in heard}
    assert (tuple(sorted((payer.pk, bob.pk))), "chat.messages_changed") in told
    assert ((payer.pk,), "payments.wallet_changed") in told
    assert ((bob.pk,), "payments.wallet_changed") in told
