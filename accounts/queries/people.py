"""Accounts and the people behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.errors import PersonNotFound, TokenNotFound
from accounts.models import (
    Account,
    Block,
    Contact,
    Person,
    PersonalToken,
    SandboxAttachment,
    SandboxLetter,
    Tag,
)
from accounts.queries.contacts import edge_of
from accounts.queries.ways import Address, open_way
from superapp.kernel import time
from superapp.kernel.errors import NotFound
from superapp.kernel.ids import digest_of


def account_of(person: Person | AbstractBaseUser | AnonymousUser) -> Account:
    """The account behind a signed-in person, read once a request."""
    if isinstance(person, Person) and Person.account.is_cached(person):
        return person.account
    return Account.objects.select_related("avatar", "person__cover").get(person=person.pk)


def signed_in_person(pk: int) -> Person | None:
    """Whom a session speaks of, with everything that any page shows of them; one query."""
    people = Person.objects.select_related("account__avatar", "cover")
    return people.filter(pk=pk).first()


def accounts_by_pk(pks: Iterable[int]) -> dict[int, Account]:
    """Accounts with their pictures, for rows of lists that name many people; one query."""
    wanted = set(pks)
    if not wanted:
        return {}
    return Account.objects.select_related("avatar").in_bulk(wanted)


def account_for(viewer: Account, public_id: str) -> Account:
    """Somebody the viewer may address by id. Raises PersonNotFound."""
    try:
        return Account.objects.select_related("avatar").get(public_id=public_id, closed_at=None)
    except Account.DoesNotExist:
        raise PersonNotFound from None


def person_for(viewer: Account, public_id: str) -> Account:
    """Like account_for, but only people; `.person` and its cover are loaded."""
    try:
        return Account.objects.select_related("avatar", "person__cover").get(
            public_id=public_id, kind=Account.Kind.PERSON, closed_at=None
        )
    except Account.DoesNotExist:
        raise PersonNotFound from None


def are_friends(one: Account, other: Account) -> bool:
    """Friends are two edges: each has the other in their list."""
    edges = Q(owner=one, other=other) | Q(owner=other, other=one)
    return Contact.objects.filter(edges).count() == 2  # one each way


def has_blocked(owner: Account, other: Account) -> bool:
    """Whether `owner` wants to hear nothing from `other`."""
    return Block.objects.filter(owner=owner, other=other).exists()


def blocks_of(owner: Account) -> QuerySet[Block]:
    """Whom the owner has blocked, newest first."""
    return Block.objects.filter(owner=owner).select_related("other__avatar").order_by("-pk")


def people_by_handle(handle: str) -> QuerySet[Account]:
    """Who may be found by this ID: nobody, or one."""
    return _findable().filter(handle=handle.lower(), person__is_found_by_handle=True)


def people_by_phone(phone: str) -> QuerySet[Account]:
    """Who may be found by this number (E.164): nobody, or one. Unproved numbers find nobody."""
    return _findable().filter(
        person__phone=phone,
        person__phone_verified_at__isnull=False,
        person__is_found_by_phone=True,
    )


def person_by_qr(token: str) -> Account:
    """Whose personal code this is. Raises PersonNotFound, also when they switched it off."""
    found = _findable().filter(person__qr_token=token, person__is_found_by_qr=True).first()
    if found is None:
        raise PersonNotFound
    return found


def _findable() -> QuerySet[Account]:
    return Account.objects.select_related("avatar", "person__cover").filter(
        kind=Account.Kind.PERSON, closed_at=None, person__is_active=True
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as one viewer may see them."""

    account: Account
    contact: Contact | None
    tags: tuple[Tag, ...]
    gender: str
    region: str
    signature: str
    is_self: bool
    is_friend: bool
    is_blocked: bool
    # By which the viewer may ask them to be friends; "" when they need not, or may not.
    way: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the viewer sees the ID: their own, or that of somebody in their list."""
        return self.is_self or self.contact is not None

    @property
    def name(self) -> str:
        """What the viewer calls them."""
        return (self.contact and self.contact.remark) or self.account.name


def profile_for(viewer: Account, public_id: str, way: str = "") -> Profile:
    """Somebody's page: each field only if its audience includes the viewer.

    `way` is what led here; without a good one, a way by which the two meet anyhow is found.
    """
    account = person_for(viewer, public_id)
    person, is_self = account.person, account.pk == viewer.pk
    contact = None if is_self else edge_of(viewer, account)
    # Whoever has the viewer in their list shows them what friends see, whether or not it is mutual.
    is_known = is_self or edge_of(account, viewer) is not None
    seen = {Person.Audience.EVERYONE}
    seen |= {Person.Audience.FRIENDS} if is_known else set()
    seen |= {Person.Audience.NOBODY} if is_self else set()
    return Profile(
        account=account,
        contact=contact,
        tags=tuple(contact.tags.order_by("name")) if contact else (),
        gender=person.get_gender_display()
        if person.gender and person.gender_audience in seen
        else "",
        region=person.region if person.region_audience in seen else "",
        signature=person.signature if person.signature_audience in seen else "",
        is_self=is_self,
        is_friend=contact is not None and is_known,
        is_blocked=not is_self and has_blocked(viewer, account),
        way="" if is_self or contact else open_way(viewer, account, way),
    )


def file_shown_to_members(public_id: str) -> Any:
    """The stored file of an avatar or cover that is in use. Raises PersonNotFound."""
    account = Account.objects.filter(
        Q(avatar__public_id=public_id) | Q(person__cover__public_id=public_id), closed_at=None
    ).select_related("avatar", "person__cover")
    for found in account:
        person = getattr(found, "person", None)
        for stored in (found.avatar, person.cover if person else None):
            if stored is not None and stored.public_id == public_id:
                return stored
    raise PersonNotFound


def shared_picture(account: Account) -> str:
    """An address of the avatar that needs no sign-in, for whoever may be told it; "" without one.
    Load rows with select_related("avatar")."""
    return f"{account.avatar_url}{_seal(account.avatar.public_id)}/" if account.avatar else ""


def file_shown_to_sites(public_id: str, seal: str) -> Any:
    """The stored file of an avatar in use, by the address that shared_picture gave. Raises
    PersonNotFound."""
    if not constant_time_compare(seal, _seal(public_id)):
        raise PersonNotFound
    return file_shown_to_members(public_id)


def _seal(public_id: str) -> str:
    return salted_hmac("accounts.shared_picture", public_id, algorithm="sha256").hexdigest()[:32]


def token_for(secret: str) -> PersonalToken | None:
    """The personal access token with this secret, if its owner may still sign in."""
    return (
        PersonalToken.objects.select_related("person")
        .filter(digest=digest_of(secret), person__is_active=True)
        .first()
    )


def tokens_of(person: Person) -> QuerySet[PersonalToken]:
    """The person's tokens, newest first."""
    return PersonalToken.objects.filter(person=person).order_by("-pk")


def personal_token_for(person: Person, public_id: str) -> PersonalToken:
    """One of the person's own tokens. Raises TokenNotFound."""
    try:
        return PersonalToken.objects.get(person=person, public_id=public_id)
    except PersonalToken.DoesNotExist:
        raise TokenNotFound from None


def handle_changes_at(account: Account) -> Any:
    """The instant from which the ID may change again, or None when it may change now."""
    if account.handle_changed_at is None:
        return None
    free = account.handle_changed_at + timedelta(days=settings.HANDLE_CHANGE_DAYS)
    return free if free > time.now() else None


def login_by_phone(phone: str) -> Person | None:
    """Whose login this number is, proved or still to be proved."""
    return Person.objects.filter(phone=phone).first()


def login_by_address(address: Address) -> Person | None:
    """Who may be sent a code to this address; nobody who is suspended."""
    people = Person.objects.filter(is_active=True)
    if address.phone:
        return people.filter(phone=address.phone).first()
    return people.filter(email=address.email).first()


def letters_to(address: str) -> list[SandboxLetter]:
    """What the sandbox would have sent to this address, newest first."""
    letters = SandboxLetter.objects.filter(to=address).order_by("-pk")
    files = SandboxAttachment.objects.defer("data")
    return list(letters.prefetch_related(Prefetch("attachments", files))[:20])


def sandbox_attachment(attachment_id: str) -> SandboxAttachment:
    """Raises NotFound."""
    found = SandboxAttachment.objects.filter(public_id=attachment_id).first()
    if found is None:
        raise NotFound
    return found


def confirmed_address(account: Account) -> str:
    """The e-mail address that somebody proved to be theirs, or ""."""
    mine = EmailAddress.objects.filter(user=account.person, verified=True)
    return mine.order_by("-primary", "pk").values_list("email", flat=True).first() or ""


def demo_people() -> list[Person]:
    """Who may be signed in as from the sandbox's sign-in page."""
    return list(
        Person.objects.filter(email__endswith=f"@{settings.DEMO_DOMAIN}", is_active=True)
        .select_related("account__avatar")
        .order_by("pk")[:24]
    )


def demo_person(account_id: str) -> Person:
    """One of the demo people by the id of their account. Raises PersonNotFound."""
    for person in demo_people():
        if person.account.public_id == account_id:
            return person
    raise PersonNotFound
