"""Money that moved between the demo people: some of it waits for whoever tries the product."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import Account
from chat import actions as chat
from chat import queries as chats
from payments import actions, queries
from payments.actions import Means
from superapp.kernel import time
from superapp.kernel.money import Money

_GROUP = "Saturday Supper Club"


def move_money(people: list[Account]) -> None:
    """Transfers, a request, a split bill and a red packet, once, by the same actions as always."""
    known = {account.handle: account for account in people if account.handle}
    story = [known.get(handle) for handle in _PEOPLE]
    if None in story or queries.packets_seen_by(known["sam_adeyemi"]).exists():
        return
    _Teller(known, time.now()).tell()


_PEOPLE = (
    *("sam_adeyemi", "mira_okafor", "chenwei88", "layla_haddad"),
    *("jonas_lind", "tomas_rivera", "aiko_tanaka"),
)


class _Teller:
    def __init__(self, known: dict[str, Account], now: datetime) -> None:
        self.sam, self.mira, self.wei, self.layla, self.jonas, self.tomas, self.aiko = (
            known[handle] for handle in _PEOPLE
        )
        self.now = now

    def tell(self) -> None:
        """In the order in which it happened."""
        with self._ago(39):
            packet = self._pack()
        for minutes, opener in ((38, self.wei), (37, self.layla), (36, self.jonas)):
            with self._ago(minutes):
                actions.open_packet(opener=opener, packet_id=packet)
        with self._ago(36):
            actions.thank_for_packet(opener=self.jonas, packet_id=packet, text="🎉 Tack!")
        with self._ago(30):
            split = self._split()
        for minutes, payer in ((28, self.mira), (27, self.wei)):
            with self._ago(minutes):
                actions.pay_share(payer=payer, split_id=split, means=_means())
        with self._ago(26):
            sent = self._send(self.sam, self.jonas, 3680, "Concert tickets")
        with self._ago(24):
            actions.accept_transfer(receiver=self.jonas, transfer_id=sent)
        with self._ago(20):
            self._send(self.layla, self.sam, 2000, "Bakery")
        with self._ago(18):
            actions.request_money(
                asker=self.tomas,
                conversation_id=self._pair(self.tomas, self.sam),
                amount=_money(4500),
                note="Wine for Saturday",
                client_id="demo-request",
            )

    def _pack(self) -> str:
        packet = actions.send_packet(
            sender=self.mira,
            conversation_id=self._group(self.mira),
            amount=_money(8800),
            kind="lucky",
            count=6,
            greeting="Happy birthday, Aiko! 🎂",
            client_id="demo-packet",
            means=_means(),
        )
        return packet.public_id

    def _split(self) -> str:
        people = (self.sam, self.mira, self.wei, self.layla, self.jonas, self.tomas)
        split = actions.split_equally(
            maker=self.sam,
            conversation_id=self._group(self.sam),
            amount=_money(20_000),
            people=[one.public_id for one in people],
            note="Birthday noodles",
            client_id="demo-split",
        )
        return split.public_id

    def _send(self, sender: Account, receiver: Account, minor: int, note: str) -> str:
        transfer = actions.send_transfer(
            sender=sender,
            conversation_id=self._pair(sender, receiver),
            amount=_money(minor),
            note=note,
            client_id=f"demo-{note}",
            means=_means(),
        )
        return transfer.public_id

    def _pair(self, one: Account, other: Account) -> str:
        return chat.open_direct(viewer=one, other=other).public_id

    def _group(self, viewer: Account) -> str:
        (seat,) = chats.conversations_matching(viewer, _GROUP)
        return seat.conversation.public_id

    def _ago(self, minutes: float) -> AbstractContextManager[None]:
        return time.pretend(self.now - timedelta(minutes=minutes))


def _means() -> Means:
    return Means(source="balance", password=settings.DEMO_PAYMENT_PASSWORD, session="demo")


def _money(minor: int) -> Money:
    return Money(minor, settings.HOME_CURRENCY)
