"""How people come to exist, prove their addresses, and are forgotten when they never do."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.errors import AddressTaken, BadAddress, BadName
from accounts.models import Account, Person
from superapp.kernel import outbox, search, time


def register_person(
    *, name: str, password: str, email: str = "", phone: str = "", language: str = ""
) -> Person:
    """A sign-up. Its address is not proved yet; if it never is, the account is forgotten.

    Account and login appear together or not at all. Raises BadName, BadAddress, AddressTaken.
    """
    with transaction.atomic():
        person = _create(name=name, password=password, email=email, phone=phone, language=language)
        outbox.at(
            "accounts.forget_unproved",
            {"person": person.pk},
            due_at=time.now() + timedelta(seconds=settings.UNPROVED_SECONDS),
        )
    return person


@transaction.atomic
def enrol_person(
    *, name: str, password: str, email: str = "", phone: str = "", language: str = ""
) -> Person:
    """Somebody whose address needs no proof: the demo world, people brought in by staff."""
    person = _create(name=name, password=password, email=email, phone=phone, language=language)
    if email:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if phone:
        person.phone_verified_at = time.now()
        person.save(update_fields=["phone_verified_at"])
    return person


@transaction.atomic
def enrol_staff(*, name: str, email: str, password: str) -> Person:
    """Somebody who may do everything in the platform console: the demo world's Root."""
    person = enrol_person(name=name, password=password, email=email)
    person.is_staff = person.is_superuser = True
    person.save(update_fields=["is_staff", "is_superuser"])
    return person


def _create(*, name: str, password: str, email: str, phone: str, language: str) -> Person:
    called = search.clean_line(name)[: settings.NAME_MAX]
    if not called:
        raise BadName
    if not (email or phone):
        raise BadAddress
    try:
        with transaction.atomic():
            account = Account.objects.create(
                name=called, sort_key=search.sort_key(called), name_keys=search.name_keys(called)
            )
            person = Person(
                account=account, email=email.lower() or None, phone=phone or None, language=language
            )
            person.set_password(password)
            person.save()
    except IntegrityError:
        raise AddressTaken from None
    return person


def prove_phone(*, person: Person, phone: str) -> None:
    """The person has shown a code sent to this number. Raises AddressTaken."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(phone=phone, phone_verified_at=time.now())
    except IntegrityError:
        raise AddressTaken from None
    person.refresh_from_db(fields=["phone", "phone_verified_at"])


def set_unproved_phone(*, person: Person, phone: str) -> None:
    """The number of a sign-up before its code was shown. Raises AddressTaken."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(phone=phone, phone_verified_at=None)
    except IntegrityError:
        raise AddressTaken from None
    person.refresh_from_db(fields=["phone", "phone_verified_at"])


@transaction.atomic
def forget_unproved_person(*, person_id: int) -> None:
    """Remove a sign-up that proved nothing and never signed in; otherwise do nothing."""
    person = Person.objects.select_for_update().filter(pk=person_id, last_login=None).first()
    if person is None or person.phone_verified_at:
        return
    if EmailAddress.objects.filter(user=person, verified=True).exists():
        return
    account_id = person.account_id
    person.delete()
    Account.objects.filter(pk=account_id).delete()


def on_forget_unproved(payload: Mapping[str, Any]) -> None:
    """The job that forgets a sign-up whose address was never proved."""
    forget_unproved_person(person_id=payload["person"])
