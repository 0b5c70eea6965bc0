"""Where upper apps register what they do when something happens to a chat."""

from chat.models import Conversation
from superapp.kernel.ports import Port

# A group was closed for good. Runs under the conversation's row lock: a handler that needs other
# locks writes a job instead.
group_disbanded: Port[[Conversation]] = Port("chat.group_disbanded")
