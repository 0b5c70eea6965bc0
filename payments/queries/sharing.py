"""How an amount is shared out: computed, never stored here. All amounts in minor units."""

import hashlib
import random
from collections.abc import Sequence

from payments.models import RedPacket


def equal_parts(total: int, count: int) -> list[int]:
    """As equal as can be, the sum exact: what is left over goes to the first, one unit each."""
    each, over = divmod(total, count)
    return [each + 1] * over + [each] * (count - over)


def draw_shares(total: int, count: int, most: int, luck: random.Random) -> list[int]:
    """Lucky shares in the order in which they will be opened: each 1 to `most`, the sum exact.

    One after the other is drawn evenly between the least and twice the mean of what is left, as
    far as the rest can still be shared. Later draws spread wider, so the order is shuffled: then
    nobody's place decides anything. Needs count <= total <= count * most.
    """
    shares, left = [], total
    for others in range(count - 1, 0, -1):
        least = max(1, left - others * most)
        highest = min(most, left - others, 2 * left // (others + 1))
        share = luck.randint(least, highest)
        shares.append(share)
        left -= share
    shares.append(left)
    luck.shuffle(shares)
    return shares


def commitment_of(ref: str, salt: str, shares: Sequence[int]) -> str:
    """What binds the sender's house to the order of the shares before anybody opens one."""
    return hashlib.sha256(_said(ref, salt, shares).encode()).hexdigest()


def proof_of(packet: RedPacket) -> str:
    """What the commitment is the SHA-256 of: told when nothing is left to open."""
    return _said(packet.public_id, packet.salt, packet.shares)


def _said(ref: str, salt: str, shares: Sequence[int]) -> str:
    return f"{ref}:{salt}:{','.join(map(str, shares))}"
