"""How two people may meet: what proves it, and what a typed address means."""

from dataclasses import dataclass

import phonenumbers
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts import ports
from accounts.errors import BadAddress, WayClosed
from accounts.models import Account, Contact

_SALT = "accounts.way"
_SWITCHES = {
    Contact.Source.HANDLE: "is_found_by_handle",
    Contact.Source.PHONE: "is_found_by_phone",
    Contact.Source.QR: "is_found_by_qr",
    Contact.Source.GROUP: "is_found_by_group",
    Contact.Source.CARD: "is_found_by_card",
}
ADDRESS_MAX = 254
_PHONE_TYPED_MAX = 30


def way_to(viewer: Account, other: Account, source: str) -> str:
    """Proof that this viewer came across this account in that way; good for WAY_SECONDS.

    Whoever shows a person (a look-up, a group's member list, a contact card) makes one and passes
    it on to the person's page, so that nobody can claim another way than the one they came by.
    """
    return signing.dumps([viewer.pk, other.pk, str(source)], salt=_SALT, compress=False)


def person_link(viewer: Account, other: Account, source: str) -> str:
    """The address of somebody's page, with the way that led there."""
    return f"{other.get_absolute_url()}?way={way_to(viewer, other, source)}"


def source_of(viewer: Account, other: Account, way: str) -> str:
    """The source a way proves. Raises WayClosed: forged, old, or switched off by the other."""
    try:
        viewer_pk, other_pk, source = signing.loads(
            way[:500], salt=_SALT, max_age=settings.WAY_SECONDS
        )
    except (signing.BadSignature, ValueError):
        raise WayClosed from None
    if (viewer_pk, other_pk) != (viewer.pk, other.pk) or not is_open(other, source):
        raise WayClosed
    return str(source)


def is_open(other: Account, source: str) -> bool:
    """Whether the person lets themselves be found in that way."""
    return bool(getattr(other.person, _SWITCHES.get(Contact.Source(source), "is_active")))


def open_way(viewer: Account, other: Account, way: str) -> str:
    """This way if it is open, else one by which the two meet anyhow; "" when there is none."""
    try:
        source_of(viewer, other, way)
    except WayClosed:
        return _way_met(viewer, other)
    return way


def _way_met(viewer: Account, other: Account) -> str:
    for source, meets in ports.meetings:
        if is_open(other, source) and meets(viewer, other):
            return way_to(viewer, other, source)
    return ""


@dataclass(frozen=True, slots=True)
class Address:
    """What somebody typed to say who they are: one of the two is empty."""

    email: str = ""
    phone: str = ""

    def __str__(self) -> str:
        return self.email or self.phone


def read_address(text: str) -> Address:
    """An e-mail address in lower case, or a number in E.164. Raises BadAddress."""
    typed = text.strip()
    if len(typed) > ADDRESS_MAX:
        raise BadAddress
    if "@" not in typed:
        phone = read_phone(typed)
        if not phone:
            raise BadAddress
        return Address(phone=phone)
    try:
        validate_email(typed)
    except ValidationError:
        raise BadAddress from None
    return Address(email=typed.lower())


def read_phone(text: str) -> str:
    """The number in E.164, dialled from PHONE_REGION when it has no country code; "" if it is none."""
    if len(text) > _PHONE_TYPED_MAX or not text.isprintable():
        return ""
    try:
        number = phonenumbers.parse(text, settings.PHONE_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if number.extension or not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else learns: al…@example.com, +86…13."""
    name, at, domain = address.partition("@")
    return f"{name[:2]}…@{domain}" if at else f"{address[:3]}…{address[-2:]}"
