"""Where upper apps register what they do when something happens to a chat."""

from collections.abc import Callable, Sequence

from chat.bodies import Draft
from chat.models import Conversation
from chat.queries.seats import Seat
from superapp.kernel.ports import Port, Registry

# A group was closed for good. Runs under the conversation's row lock: a handler that needs other
# locks writes a job instead.
group_disbanded: Port[[Conversation]] = Port("chat.group_disbanded")

# Accounts of the house that upper apps speak from: handle → what the reader calls it.
house_accounts: Registry[Callable[[], str]] = Registry("chat.house_accounts")
# Stored messages of people to official accounts: (draft, seat, primary key, seq) each, under the
# row locks of their conversations.
service_heard: Port[[Sequence[tuple[Draft, Seat, int, int]]]] = Port("chat.service_heard")

# Scripts of upper apps for every open thread: name → path below static/.
thread_scripts: Registry[str] = Registry("chat.thread_scripts")
