"""Where somebody is signed in, and what we know of those devices without asking anybody."""

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import QRLoginNotFound, SessionNotFound
from accounts.models import Person, QRLogin
from accounts.states import QRLoginStatus
from superapp.kernel import time

# The first that matches: Edge says it is Chrome, Chrome says it is Safari.
_BROWSERS = (
    ("Edge", re.compile(r"Edg[A-Z]?[a-z]*/")),
    ("Opera", re.compile(r"OPR/")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/")),
    ("Safari", re.compile(r"Safari/")),
)
_SYSTEMS = (
    ("iPhone", re.compile(r"iPhone")),
    ("iPad", re.compile(r"iPad")),
    ("Android", re.compile(r"Android")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Mac OS X|Macintosh")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux|X11")),
)


def device_name(user_agent: str) -> str:
    """ "Chrome, Windows": what a browser says it is, in words. For people, never for decisions."""
    text = user_agent[:300]
    found = [
        next((name for name, pattern in table if pattern.search(text)), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("Unknown device")


def place_of(ip: str) -> str:
    """Where an address is, as far as it says itself; the last part stays private."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return _("Unknown place")
    if address.is_loopback:
        return _("This computer")
    if not address.is_global:
        return _("Local network")
    if isinstance(address, ipaddress.IPv4Address):
        return ip.rpartition(".")[0] + ".…"
    return ":".join(address.exploded.split(":")[:3]) + ":…"


def session_id(session_key: str) -> str:
    """What the outside calls a session: its key would be the way into it."""
    return "ses_" + hashlib.sha256(session_key.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Device:
    """One place where somebody is signed in."""

    id: str
    name: str
    place: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_current: bool
    session_key: str


def devices_of(person: Person, *, current_key: str = "") -> list[Device]:
    """Where the person is signed in: this device first, then the last seen."""
    rows = list(UserSession.objects.filter(user=person).order_by("-last_seen_at")[:200])
    live = live_session_keys({row.session_key for row in rows})
    found = [
        Device(
            id=session_id(row.session_key),
            name=device_name(row.user_agent),
            place=place_of(row.ip),
            signed_in_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
            session_key=row.session_key,
        )
        for row in rows
        if row.session_key in live
    ]
    return sorted(found, key=lambda device: not device.is_current)


def device_for(person: Person, public_id: str) -> Device:
    """One of the person's own devices. Raises SessionNotFound."""
    for device in devices_of(person):
        if device.id == public_id:
            return device
    raise SessionNotFound


def live_session_keys(keys: set[str]) -> set[str]:
    """Those of these sessions that still exist and have not run out."""
    return set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )


def signed_in_at(session_key: str) -> datetime | None:
    """When this browser signed in; None where we do not know it."""
    rows = UserSession.objects.filter(session_key=session_key)
    began: datetime | None = rows.values_list("created_at", flat=True).first()
    return began


def session_keys_of(person: Person) -> set[str]:
    """The keys of all the person's sessions that we know of."""
    return set(UserSession.objects.filter(user=person).values_list("session_key", flat=True))


def has_second_factor(person: Person) -> bool:
    """Whether an authenticator app or a passkey protects the login."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())


def qr_login(token: str) -> QRLogin:
    """A sign-in that waits for a phone. Raises QRLoginNotFound: unknown, or too old."""
    found = QRLogin.objects.select_related("person__account").filter(token=token[:60]).first()
    if found is None or found.due_at <= time.now() or found.status in _OVER:
        raise QRLoginNotFound
    return found


_OVER = {QRLoginStatus.USED, QRLoginStatus.CANCELLED, QRLoginStatus.EXPIRED}
