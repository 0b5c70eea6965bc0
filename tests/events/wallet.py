"""One scenario for each action on somebody's own wallet: their other browsers look again."""

from datetime import timedelta

import time_machine

from payments import actions
from payments.gateways import sandbox
from payments.models import Dispute, KYCCase, LedgerAccount
from superapp.kernel import time
from superapp.kernel.money import Money
from tests.payments import festival, wallets
from tests.payments.wallets import PASSWORD, bind, rich, run_gateway, verify

SCENARIOS = {}
YUAN = Money(100, "CNY")


def scenario(make):
    SCENARIOS[make.__name__] = make
    return make


def _later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


@scenario
def top_up(w):
    verify(w.alice)
    card = bind(w.alice)
    yield
    actions.top_up(account=w.alice, card_id=card.public_id, amount=YUAN)


@scenario
def ask_gateway(w):
    """The answer comes: the top-up is there."""
    verify(w.alice)
    card = bind(w.alice)
    operation = actions.top_up(account=w.alice, card_id=card.public_id, amount=YUAN)
    yield
    actions.ask_gateway(operation_id=operation.pk)


@scenario
def ask_gateway_about_a_card_that_says_no(w):
    verify(w.alice)
    card = bind(w.alice, wallets.DECLINED)
    operation = actions.top_up(account=w.alice, card_id=card.public_id, amount=YUAN)
    yield
    actions.ask_gateway(operation_id=operation.pk)


@scenario
def withdraw(w):
    rich(w.alice)
    bank = bind(w.alice, wallets.BANK, kind="bank")
    yield
    said = {"card_id": bank.public_id, "amount": YUAN, "fee": Money(0, "CNY")}
    actions.withdraw(account=w.alice, password=PASSWORD, **said)


@scenario
def on_event(w):
    """A webhook: the bank closed the account, and the money comes back."""
    rich(w.alice)
    bank = bind(w.alice, wallets.BANK_CLOSED, kind="bank")
    said = {"card_id": bank.public_id, "amount": YUAN, "fee": Money(0, "CNY")}
    actions.withdraw(account=w.alice, password=PASSWORD, **said)
    run_gateway()
    with _later(minutes=1):
        yield
        run_gateway()


@scenario
def on_event_of_a_dispute(w):
    verify(w.alice)
    wallets.top_up(w.alice, 5000, bind(w.alice, wallets.DISPUTED))
    with _later(minutes=1):
        yield
        run_gateway()


@scenario
def decide_in_sandbox(w):
    verify(w.alice)
    wallets.top_up(w.alice, 5000, bind(w.alice, wallets.DISPUTED))
    with _later(minutes=1):
        run_gateway()
        yield
        actions.decide_in_sandbox(dispute=Dispute.objects.get(), outcome="won")
        run_gateway()


@scenario
def answer_dispute(w):
    """Its owner sees no more of it than before: whatever is told, reading again says the same."""
    verify(w.alice)
    wallets.top_up(w.alice, 5000, bind(w.alice, wallets.DISPUTED))
    root = festival.root(w.bob)
    with _later(minutes=1):
        run_gateway()
        yield
        actions.answer_dispute(dispute=Dispute.objects.get(), staff=root, text="winning_evidence")
        with _later(minutes=1):
            run_gateway()


@scenario
def start_binding(w):
    """The number is kept when the page that takes it is done."""
    verify(w.alice)
    operation = actions.start_binding(account=w.alice, kind="card")
    run_gateway()
    operation.refresh_from_db()
    filled = {"number": wallets.OK, "holder": "Alice", "month": 12, "year": 2030}
    sandbox.complete_session(operation.external_id, **filled)
    yield
    run_gateway()


def _two_cards(w):
    verify(w.alice)
    return bind(w.alice), bind(w.alice, wallets.POOR)


@scenario
def make_default(w):
    _first, second = _two_cards(w)
    yield
    actions.make_default(account=w.alice, card_id=second.public_id)


@scenario
def move_card_up(w):
    _first, second = _two_cards(w)
    yield
    actions.move_card_up(account=w.alice, card_id=second.public_id)


@scenario
def move_card_down(w):
    first, _second = _two_cards(w)
    yield
    actions.move_card_down(account=w.alice, card_id=first.public_id)


@scenario
def remove_card(w):
    first, _second = _two_cards(w)
    yield
    actions.remove_card(account=w.alice, card_id=first.public_id)


@scenario
def hide_amounts(w):
    yield
    actions.hide_amounts(account=w.alice)


@scenario
def show_amounts(w):
    actions.hide_amounts(account=w.alice)
    yield
    actions.show_amounts(account=w.alice)


@scenario
def set_password(w):
    yield
    actions.set_password(account=w.alice, password=PASSWORD)


@scenario
def change_password(w):
    rich(w.alice)
    yield
    actions.change_password(account=w.alice, old=PASSWORD, new="864209")


@scenario
def reset_password(w):
    rich(w.alice)
    card = bind(w.alice)
    yield
    proofs = {"document": wallets.DOCUMENT, "card_last4": card.last4}
    actions.reset_password(account=w.alice, new="864209", **proofs)


@scenario
def ask_level(w):
    yield
    actions.ask_level(account=w.alice, level=1, legal_name="Alice", document="P1234567")


def _asked(w, document="P1239999"):
    actions.ask_level(account=w.alice, level=1, legal_name="Alice", document=document)
    return KYCCase.objects.get()


@scenario
def on_verify(w):
    case = _asked(w, "P1234567")
    yield
    actions.on_verify({"case": case.pk})


@scenario
def approve_case(w):
    case = _asked(w)
    yield
    actions.approve_case(case=case, staff=w.bob.person, reason="seen")


@scenario
def reject_case(w):
    case = _asked(w)
    yield
    actions.reject_case(case=case, staff=w.bob.person, reason="not seen")


@scenario
def approve_adjustment(w):
    """One of the staff proposed to give her something, another says yes."""
    rich(w.alice)
    for name in ("bob", "dora"):
        person = getattr(w, name).person
        person.is_superuser = True
        person.save(update_fields=["is_superuser"])
    account = LedgerAccount.objects.get(owner=w.alice, kind="available")
    proposed = actions.propose_adjustment(
        staff=w.bob.person, account=account, house="promo", amount=YUAN, reason="a gift"
    )
    yield
    actions.approve_adjustment(staff=w.dora.person, adjustment=proposed, reason="seen")


@scenario
def reconcile(w):
    """A charge whose answer and webhook were lost is found in the gateway's own list."""
    verify(w.alice)
    card = bind(w.alice, wallets.TIMEOUT)
    operation = actions.top_up(account=w.alice, card_id=card.public_id, amount=YUAN)
    actions.ask_gateway(operation_id=operation.pk)
    yield
    actions.reconcile(days=2)
