"""The address book. Everything here is the owner's alone: the other is never told."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction

from accounts import events, ports, queries
from accounts.actions.tags import assign_tags
from accounts.errors import TooManyFriends
from accounts.models import Account, Block, Contact
from superapp.kernel import push, search, time
from superapp.kernel.errors import Invalid

_PHONE_MAX = 20


def befriend(
    *,
    asker: Account,
    accepter: Account,
    note: str = "",
    source: str = "",
    asker_remark: str = "",
    is_chat_only_for_asker: bool = False,
) -> None:
    """Two edges and the greeting, in the caller's transaction. Existing edges stay as they are.

    Raises TooManyFriends when either list is full.
    """
    _require_room(asker)
    _require_room(accepter)
    add_edge(
        owner=asker,
        other=accepter,
        source=source,
        remark=asker_remark,
        is_chat_only=is_chat_only_for_asker,
    )
    add_edge(owner=accepter, other=asker, source=source)
    ports.friendship_formed(asker, accepter, note)


def add_edge(
    *,
    owner: Account,
    other: Account,
    source: str = "",
    remark: str = "",
    is_chat_only: bool = False,
) -> Contact:
    """`other` is in the owner's list from now on; an edge that exists stays as it is."""
    contact, is_new = Contact.objects.get_or_create(
        owner=owner,
        other=other,
        defaults={
            "remark": remark,
            "source": source,
            "is_chat_only": is_chat_only,
            "sort_key": search.sort_key(remark or other.name),
            "created_at": time.now(),
        },
    )
    if is_new:
        contact.search_keys = queries.search_text(contact)
        contact.save(update_fields=["search_keys"])
        push.to_accounts([owner.pk], events.contacts_changed(other))
    return contact


def _require_room(owner: Account) -> None:
    if Contact.objects.filter(owner=owner).count() >= settings.FRIENDS_MAX:
        raise TooManyFriends


@transaction.atomic
def edit_contact(
    *, owner: Account, contact_id: str, remark: str, note: str, phones: Sequence[str]
) -> Contact:
    """The owner's own words about a contact. An empty remark gives back their own name."""
    contact = queries.contact_for(owner, contact_id)
    numbers = [kept for phone in phones if (kept := search.clean_line(phone))]
    if len(numbers) > settings.CONTACT_PHONES_MAX or any(len(n) > _PHONE_MAX for n in numbers):
        raise Invalid
    contact.remark = search.clean_line(remark)[: settings.REMARK_MAX]
    contact.note = note.strip()[: settings.CONTACT_NOTE_MAX]
    contact.phones = numbers
    contact.sort_key = search.sort_key(contact.remark or contact.other.name)
    contact.search_keys = queries.search_text(contact)
    contact.save(update_fields=["remark", "note", "phones", "sort_key", "search_keys"])
    push.to_accounts([owner.pk], events.contacts_changed(contact.other))
    return contact


@transaction.atomic
def describe_contact(
    *,
    owner: Account,
    contact_id: str,
    remark: str,
    note: str,
    phones: Sequence[str],
    tag_ids: Collection[str],
) -> Contact:
    """Everything the owner notes about a contact, tags included, in one step."""
    contact = edit_contact(
        owner=owner, contact_id=contact_id, remark=remark, note=note, phones=phones
    )
    assign_tags(contact=contact, tag_ids=tag_ids)
    return contact


def star_contact(*, owner: Account, contact_id: str) -> Contact:
    """Keep a friend at the top of the list."""
    return _mark(owner, contact_id, is_starred=True)


def unstar_contact(*, owner: Account, contact_id: str) -> Contact:
    """Let a friend stand among the others again."""
    return _mark(owner, contact_id, is_starred=False)


def limit_to_chat(*, owner: Account, contact_id: str) -> Contact:
    """Chat only: from now on neither sees the other's Moments and status."""
    return _mark(owner, contact_id, is_chat_only=True)


def lift_chat_limit(*, owner: Account, contact_id: str) -> Contact:
    """Chat, Moments and everything else, as far as the other allows it too."""
    return _mark(owner, contact_id, is_chat_only=False)


@transaction.atomic
def _mark(owner: Account, contact_id: str, **changes: bool) -> Contact:
    contact = queries.contact_for(owner, contact_id)
    for name, value in changes.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(changes))
    push.to_accounts([owner.pk], events.contacts_changed(contact.other))
    return contact


@transaction.atomic
def delete_contact(*, owner: Account, contact_id: str) -> None:
    """Take somebody out of the owner's list only. They keep theirs, and are not told."""
    contact = queries.contact_for(owner, contact_id)
    other = contact.other
    contact.delete()
    push.to_accounts([owner.pk], events.contacts_changed(other))


@transaction.atomic
def block_account(*, owner: Account, account_id: str) -> None:
    """Hear nothing more from somebody. The contact, if there is one, stays in the list."""
    other = queries.account_for(owner, account_id)
    if other.pk == owner.pk:
        raise Invalid
    Block.objects.get_or_create(owner=owner, other=other, defaults={"created_at": time.now()})
    push.to_accounts([owner.pk], events.blocks_changed(other))


@transaction.atomic
def unblock_account(*, owner: Account, account_id: str) -> None:
    """Hear from somebody again; what they wrote meanwhile does not arrive."""
    other = queries.account_for(owner, account_id)
    Block.objects.filter(owner=owner, other=other).delete()
    push.to_accounts([owner.pk], events.blocks_changed(other))
