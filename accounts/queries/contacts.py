"""The address book: contacts, tags, friend requests. Every one starts from its owner."""

from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.errors import ContactNotFound, RequestNotFound, TagNotFound
from accounts.models import Account, Contact, FriendRequest, Tag
from accounts.states import FriendRequestStatus as Status
from superapp.kernel import pages, search, time


def contacts_of(owner: Account) -> QuerySet[Contact]:
    """Everybody in the owner's list, A to Z."""
    return (
        Contact.objects.filter(owner=owner, other__closed_at=None)
        .select_related("other__avatar")
        .order_by("sort_key", "id")
    )


def contacts_page(owner: Account, after: str, size: int = 0) -> tuple[list[Contact], str]:
    """One page of the list, and the position of the next ("" on the last)."""
    rows = contacts_of(owner)
    last = rows.filter(pk=int(after[:18])).first() if after.isascii() and after.isdigit() else None
    if last is not None:
        beyond = Q(sort_key__gt=last.sort_key) | Q(sort_key=last.sort_key, pk__gt=last.pk)
        rows = rows.filter(beyond)
    size = size or settings.CONTACTS_PAGE
    found = list(rows[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def starred_of(owner: Account) -> list[Contact]:
    """The owner's starred friends, A to Z."""
    return list(contacts_of(owner).filter(is_starred=True)[:100])


def contacts_matching(owner: Account, words: str) -> QuerySet[Contact]:
    """Found by name, remark, pinyin, initials (wxm), ID or a noted phone number."""
    wanted = search.fold(search.clean_line(words))[:60]
    if not wanted:
        return contacts_of(owner).none()
    return contacts_of(owner).filter(search_keys__contains=wanted)


def in_sections(contacts: list[Contact]) -> list[tuple[str, list[Contact]]]:
    """(letter, contacts) pairs of a list that is in order; # stands for everything else."""
    return [
        (letter, list(rows)) for letter, rows in groupby(contacts, lambda c: letter_of(c.sort_key))
    ]


def letter_of(sort_key: str) -> str:
    """The letter above a contact in the A to Z list."""
    first = sort_key[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def edge_of(owner: Account, other: Account) -> Contact | None:
    """The owner's own entry for somebody, or None."""
    return Contact.objects.filter(owner=owner, other=other).first()


def contact_for(owner: Account, public_id: str) -> Contact:
    """Somebody in the owner's list. Raises ContactNotFound."""
    try:
        return contacts_of(owner).get(other__public_id=public_id)
    except Contact.DoesNotExist:
        raise ContactNotFound from None


def friend_ids(owner: Account) -> set[int]:
    """Account ids of the owner's friends: those who are in each other's lists."""
    mutual = Contact.objects.filter(owner=OuterRef("other"), other=owner)
    return set(
        Contact.objects.filter(Exists(mutual), owner=owner).values_list("other_id", flat=True)
    )


def remarks_of(viewer: Account, account_ids: list[int]) -> dict[int, str]:
    """The viewer's own names for these accounts; those without a remark are absent."""
    return dict(
        Contact.objects.filter(owner=viewer, other__in=account_ids)
        .exclude(remark="")
        .values_list("other_id", "remark")
    )


def owners_of_contact(account: Account) -> list[int]:
    """The account ids of everybody who has this account in their list."""
    return list(Contact.objects.filter(other=account).values_list("owner_id", flat=True))


def tags_of(owner: Account) -> QuerySet[Tag]:
    """The owner's tags by name, each with `size`."""
    return Tag.objects.filter(owner=owner).annotate(size=Count("contacts")).order_by("name", "pk")


def tag_for(owner: Account, public_id: str) -> Tag:
    """One of the owner's tags. Raises TagNotFound."""
    try:
        return tags_of(owner).get(public_id=public_id)
    except Tag.DoesNotExist:
        raise TagNotFound from None


def contacts_tagged(owner: Account, tag: Tag) -> QuerySet[Contact]:
    """The contacts under one of the owner's tags, A to Z."""
    return contacts_of(owner).filter(tags=tag)


def requests_received(account: Account) -> QuerySet[FriendRequest]:
    """Who asked, newest first; `shown` is the status with the passing of time applied."""
    return (
        _newest_of_each_pair()
        .filter(receiver=account, sender__closed_at=None)
        .select_related("sender__avatar", "receiver__avatar")
        .annotate(shown=_shown([Status.PENDING], time.now()))
        .order_by("-pk")
    )


def requests_sent(account: Account) -> QuerySet[FriendRequest]:
    """Whom the account asked. Being ignored looks like waiting: nobody learns of it."""
    return (
        _newest_of_each_pair()
        .filter(sender=account, receiver__closed_at=None)
        .select_related("sender__avatar", "receiver__avatar")
        .annotate(shown=_shown([Status.PENDING, Status.IGNORED], time.now()))
        .order_by("-pk")
    )


def requests_page(rows: QuerySet[FriendRequest], before: str) -> tuple[list[FriendRequest], str]:
    """One page of requests, and the position of the older ones ("" on the last page)."""
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    size = settings.REQUESTS_PAGE
    found = list(rows[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def _newest_of_each_pair() -> QuerySet[FriendRequest]:
    newer = FriendRequest.objects.filter(
        sender=OuterRef("sender"), receiver=OuterRef("receiver"), pk__gt=OuterRef("pk")
    )
    return FriendRequest.objects.filter(~Exists(newer))


def _shown(waiting: list[Status], now: datetime) -> Case:
    return Case(
        When(status__in=waiting, due_at__gt=now, then=Value(Status.PENDING)),
        When(status__in=waiting, then=Value(Status.EXPIRED)),
        default="status",
        output_field=CharField(),
    )


def request_for(receiver: Account, public_id: str) -> FriendRequest:
    """A request the account has received. Raises RequestNotFound."""
    try:
        return requests_received(receiver).get(public_id=public_id)
    except FriendRequest.DoesNotExist:
        raise RequestNotFound from None


def open_request(sender: Account, receiver: Account) -> FriendRequest | None:
    """A request of this direction that still waits."""
    return FriendRequest.objects.filter(
        sender=sender, receiver=receiver, status=Status.PENDING, due_at__gt=time.now()
    ).first()


def requests_waiting(account: Account) -> int:
    """How many requests the account has not looked at yet."""
    return FriendRequest.objects.filter(
        receiver=account, status=Status.PENDING, is_seen=False, due_at__gt=time.now()
    ).count()


def requests_badge(account: Account) -> pages.NavItem:
    """The number on the Contacts tab."""
    return pages.NavItem(count=requests_waiting(account))


def search_text(contact: Contact) -> str:
    """Everything a contact is findable by, folded."""
    other = contact.other
    parts = [search.name_keys(other.name), other.handle or "", *map(str, contact.phones)]
    if contact.remark:
        parts.insert(0, search.name_keys(contact.remark))
    return search.fold(" ".join(parts))[:900]
