"""Personal access tokens for the API."""

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts import events, queries
from accounts.actions.sessions import TOKEN_SOCKETS
from accounts.errors import BadName, TooManyTokens
from accounts.models import Person, PersonalToken
from superapp.kernel import push, search, time
from superapp.kernel.ids import digest_of, new_token


@transaction.atomic
def create_token(*, person: Person, name: str) -> tuple[PersonalToken, str]:
    """A new key for the API and its secret, which nobody can read again later.

    Raises BadName, TooManyTokens.
    """
    called = search.clean_line(name)[: settings.TOKEN_NAME_MAX]
    if not called:
        raise BadName
    if PersonalToken.objects.filter(person=person).count() >= settings.TOKENS_MAX:
        raise TooManyTokens
    secret = f"sat_{new_token()}"
    token = PersonalToken.objects.create(
        person=person,
        name=called,
        digest=digest_of(secret),
        hint=secret[-4:],
        created_at=time.now(),
    )
    push.to_accounts([person.account_id], events.sessions_changed())
    return token, secret


@transaction.atomic
def revoke_token(*, person: Person, token_id: str) -> None:
    """The key opens nothing from now on, and its sockets close. Raises TokenNotFound."""
    queries.personal_token_for(person, token_id).delete()
    push.drop_sessions(person.account_id, [TOKEN_SOCKETS])
    push.to_accounts([person.account_id], events.sessions_changed())


def note_token_use(*, token: PersonalToken) -> None:
    """Remember that a token was used; written at most every SEEN_EVERY_SECONDS."""
    if cache.add(f"used:{token.pk}", 1, timeout=settings.SEEN_EVERY_SECONDS):
        PersonalToken.objects.filter(pk=token.pk).update(last_used_at=time.now())
