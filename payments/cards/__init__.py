"""How transfers, requests, split bills and red packets look in a chat: always a state of a row."""

from chat.cards import Card
from payments.cards.packet import PacketCard
from payments.cards.request import RequestCard
from payments.cards.split import SplitCard
from payments.cards.transfer import TransferCard

CARDS: dict[str, Card] = {
    "transfer": TransferCard(),
    "request": RequestCard(),
    "split": SplitCard(),
    "packet": PacketCard(),
}
