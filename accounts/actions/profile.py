"""What people say about themselves."""

import re
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts import events, ports, queries
from accounts.errors import BadHandle, BadName, BadPreference, HandleTaken, HandleTooSoon
from accounts.models import Account, Contact, Person
from superapp.kernel import images, media, push, search, time
from superapp.kernel.errors import Invalid, TooLarge
from superapp.kernel.ids import new_token

_HANDLE = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
AUDIENCES = ("gender_audience", "region_audience", "signature_audience")
WAYS_TO_FIND = (
    *("is_found_by_phone", "is_found_by_handle", "is_found_by_qr"),
    *("is_found_by_group", "is_found_by_card", "is_card_shareable", "approves_friends"),
)
CHAT_PREFERENCES = ("shares_read_marks", "mentions_break_mute", "enter_sends")


@transaction.atomic
def edit_profile(
    *, account: Account, name: str, gender: str, region: str, signature: str
) -> Account:
    """Say who one is. Raises BadName. Friends who gave a remark keep seeing that."""
    called = search.clean_line(name)[: settings.NAME_MAX]
    if not called:
        raise BadName
    if gender not in Person.Gender.values:
        raise Invalid
    Person.objects.filter(account=account).update(
        gender=gender,
        region=search.clean_line(region)[: settings.REGION_MAX],
        signature=search.clean_line(signature)[: settings.SIGNATURE_MAX],
    )
    if called != account.name:
        _rename(account, called)
    _announce(account)
    return account


@transaction.atomic
def set_audiences(*, account: Account, audiences: Mapping[str, str]) -> None:
    """Who sees gender, region and signature: AUDIENCES to values of Person.Audience."""
    if not set(audiences) <= set(AUDIENCES):
        raise BadPreference
    if not set(audiences.values()) <= set(Person.Audience.values):
        raise Invalid
    Person.objects.filter(account=account).update(**audiences)
    push.to_accounts([account.pk], events.profile_changed(account))


@transaction.atomic
def set_handle(*, account: Account, handle: str) -> Account:
    """Choose the ID one is found by, once in HANDLE_CHANGE_DAYS.

    Raises BadHandle, HandleTaken (also for reserved words), HandleTooSoon.
    """
    wanted = handle.strip().lower()
    fits = settings.HANDLE_MIN <= len(wanted) <= settings.HANDLE_MAX
    if not fits or not _HANDLE.fullmatch(wanted):
        raise BadHandle(min=settings.HANDLE_MIN, max=settings.HANDLE_MAX)
    if wanted == account.handle:
        return account
    if wanted in settings.HANDLES_RESERVED:
        raise HandleTaken
    _change_handle(account, wanted)
    _refresh_search_texts(account)
    _announce(account)
    return account


def _change_handle(account: Account, wanted: str) -> None:
    moment = time.now()
    oldest = moment - timedelta(days=settings.HANDLE_CHANGE_DAYS)
    free = Account.objects.filter(pk=account.pk).exclude(handle_changed_at__gt=oldest)
    try:
        with transaction.atomic():
            changed = free.update(handle=wanted, handle_changed_at=moment)
    except IntegrityError:
        raise HandleTaken from None
    account.refresh_from_db(fields=["handle", "handle_changed_at"])
    if not changed:
        again = queries.handle_changes_at(account) or moment
        raise HandleTooSoon(day=date_format(timezone.localtime(again)))


@transaction.atomic
def set_avatar(*, account: Account, picture: bytes) -> Account:
    """Another face: cut square, encoded again. Raises the refusals of kernel.images."""
    _within_limit(picture)
    made = images.read(picture, side_max=settings.AVATAR_SIDE * 2).square(settings.AVATAR_SIDE)
    before = account.avatar
    account.avatar = media.store(made.data, made.content_type)
    account.save(update_fields=["avatar"])
    if before is not None:
        media.drop(before)
    _announce(account)
    return account


@transaction.atomic
def remove_avatar(*, account: Account) -> Account:
    """Back to letters on a tint."""
    before, account.avatar = account.avatar, None
    account.save(update_fields=["avatar"])
    if before is not None:
        media.drop(before)
        _announce(account)
    return account


@transaction.atomic
def set_cover(*, account: Account, picture: bytes) -> None:
    """The wide picture behind the profile. Raises the refusals of kernel.images."""
    _within_limit(picture)
    made = images.read(picture, side_max=settings.COVER_SIDE).still(settings.COVER_SIDE)
    person = Person.objects.select_related("cover").get(account=account)
    before, person.cover = person.cover, media.store(made.data, made.content_type)
    person.save(update_fields=["cover"])
    if before is not None:
        media.drop(before)
    push.to_accounts([account.pk], events.profile_changed(account))


@transaction.atomic
def remove_cover(*, account: Account) -> None:
    """No cover picture."""
    person = Person.objects.select_related("cover").get(account=account)
    before, person.cover = person.cover, None
    person.save(update_fields=["cover"])
    if before is not None:
        media.drop(before)
    push.to_accounts([account.pk], events.profile_changed(account))


def reset_qr(*, account: Account) -> str:
    """Make every picture of the old personal code useless; returns the new secret."""
    token = new_token()
    Person.objects.filter(account=account).update(qr_token=token)
    push.to_accounts([account.pk], events.settings_changed())
    return token


def set_ways_to_find(*, account: Account, choices: Mapping[str, bool]) -> None:
    """Switch ways to be found on and off: WAYS_TO_FIND names them. Raises BadPreference."""
    _prefer(account, choices, WAYS_TO_FIND)


def set_chat_preferences(*, account: Account, choices: Mapping[str, bool]) -> None:
    """Read marks, mentions, the Enter key: CHAT_PREFERENCES names them. Raises BadPreference."""
    _prefer(account, choices, CHAT_PREFERENCES)


def _prefer(account: Account, choices: Mapping[str, bool], known: tuple[str, ...]) -> None:
    if not choices or not set(choices) <= set(known):
        raise BadPreference
    Person.objects.filter(account=account).update(**choices)
    push.to_accounts([account.pk], events.settings_changed())


def set_language(*, account: Account, language: str, time_zone: str) -> None:
    """Language and zone of everything shown; "" follows the browser and the house."""
    if language and language not in dict(settings.LANGUAGES):
        raise BadPreference
    if time_zone and time_zone not in available_timezones():
        raise BadPreference
    Person.objects.filter(account=account).update(language=language, time_zone=time_zone)
    push.to_accounts([account.pk], events.settings_changed())


def _within_limit(picture: bytes) -> None:
    if len(picture) > settings.AVATAR_UPLOAD_MAX:
        raise TooLarge


def _rename(account: Account, name: str) -> None:
    account.name = name
    account.sort_key, account.name_keys = search.sort_key(name), search.name_keys(name)
    account.save(update_fields=["name", "sort_key", "name_keys"])
    Contact.objects.filter(other=account, remark="").update(sort_key=account.sort_key)
    _refresh_search_texts(account)


def _refresh_search_texts(account: Account) -> None:
    edges = list(Contact.objects.filter(other=account).defer("note"))
    for edge in edges:
        edge.other = account
        edge.search_keys = queries.search_text(edge)
    Contact.objects.bulk_update(edges, ["search_keys"], batch_size=500)


def _announce(account: Account) -> None:
    hearers = [account.pk, *queries.owners_of_contact(account)]
    push.to_accounts(hearers, events.profile_changed(account))
    ports.profile_changed(account)


def note_identity(*, account: Account) -> None:
    """Who this person is was confirmed (by a document, or a bank card in their name): once is kept."""
    Person.objects.filter(account=account, verified_at=None).update(verified_at=time.now())
