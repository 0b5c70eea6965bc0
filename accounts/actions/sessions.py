"""Where people are signed in, and how that ends: rows go, and open sockets with them."""

from collections.abc import Collection

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts import events, ports, queries
from accounts.models import Person, PersonalToken
from superapp.kernel import push

# How the hub knows sockets that were opened with a token instead of a session.
TOKEN_SOCKETS = ""


def note_activity(*, person: Person, session_key: str, ip: str, user_agent: str) -> None:
    """Remember that a session was used; written at most every SEEN_EVERY_SECONDS."""
    if not session_key or not cache.add(
        f"seen:{session_key}:{person.pk}", 1, timeout=settings.SEEN_EVERY_SECONDS
    ):
        return
    _session, is_new = UserSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": person,
            "ip": ip,
            "user_agent": user_agent[:200],
            "last_seen_at": timezone.now(),
        },
    )
    if is_new:
        push.to_accounts([person.account_id], events.sessions_changed())


@transaction.atomic
def end_session(*, person: Person, session_id: str) -> None:
    """Sign one device out; its sockets close at once. Raises SessionNotFound."""
    _end(person, {queries.device_for(person, session_id).session_key})


@transaction.atomic
def end_other_sessions(*, person: Person, keep: str) -> int:
    """Sign every device out but the one whose session key is `keep`; returns how many."""
    keys = queries.session_keys_of(person) - {keep}
    _end(person, keys)
    return len(keys)


def forget_session(*, person: Person, session_key: str) -> None:
    """A device signed itself out: its sockets close too."""
    _end(person, {session_key})


@transaction.atomic
def end_all_access(*, person: Person, keep: str = "") -> None:
    """End sessions and tokens, but the session `keep`: a new password, a suspension."""
    PersonalToken.objects.filter(person=person).delete()
    _end(person, (queries.session_keys_of(person) - {keep}) | {TOKEN_SOCKETS})
    if not keep:
        push.drop_sessions(person.account_id)  # also of sessions that no list knows


def _end(person: Person, keys: Collection[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person, session_key__in=keys).delete()
    if keys:  # no keys would mean all of them
        push.drop_sessions(person.account_id, keys)
    push.to_accounts([person.account_id], events.sessions_changed())


@transaction.atomic
def set_password(*, person: Person, password: str, keep: str = "") -> None:
    """Another password. Every other session, every token and their sockets end with the old one."""
    person.set_password(password)
    person.save(update_fields=["password"])
    end_all_access(person=person, keep=keep)


def greet_device(*, person: Person, device: str) -> None:
    """Somebody signed in from a device not seen before: tell them, wherever they are."""
    with transaction.atomic():
        ports.new_device_seen(person, device)
        push.to_accounts([person.account_id], events.sessions_changed())
