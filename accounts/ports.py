"""Where upper apps register what they do when something happens between people."""

from accounts.models import Account, Person
from superapp.kernel.ports import Port

# Two accounts became friends: (the one who asked, the one who said yes, the note of the request).
friendship_formed: Port[[Account, Account, str]] = Port("accounts.friendship_formed")

# The account is about to close; a handler raises a Refusal when something open forbids it.
account_closing: Port[[Account]] = Port("accounts.account_closing")

# Somebody signed in from a device not seen before: (person, what we know of the device).
new_device_seen: Port[[Person, str]] = Port("accounts.new_device_seen")

# Name or picture changed: whoever keeps a copy refreshes it.
profile_changed: Port[[Account]] = Port("accounts.profile_changed")
