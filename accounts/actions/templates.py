"""Templates: taken from the library, filled in by programs, shown in followers' threads."""

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts import ports, queries
from accounts.actions.official import log_official
from accounts.errors import (
    BadTemplateData,
    NotFollowing,
    TemplatesTooOften,
    TooManyTemplates,
    UnknownForm,
    UnknownIndustry,
)
from accounts.models import Account, OfficialAccount, Program, Template, TemplateMessage
from accounts.ports import EventKind, OfficialEvent
from accounts.states import StaffMay
from superapp.kernel import limits, time
from superapp.kernel.errors import Refusal, TooMany

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def set_industries(*, official: OfficialAccount, main: int, second: int) -> None:
    """The trades of the account, by their numbers in the platform's list. Raises UnknownIndustry."""
    if main not in queries.INDUSTRIES or second not in queries.INDUSTRIES:
        raise UnknownIndustry
    Program.objects.filter(official=official).update(industries=[main, second])


@transaction.atomic
def add_template(*, official: OfficialAccount, short_id: str) -> Template:
    """Take a form from the library; one that the account has already is returned.

    Raises UnknownForm, TooManyTemplates.
    """
    form = queries.LIBRARY.get(short_id)
    if form is None:
        raise UnknownForm
    # One after the other: a program that starts several times at once adds it once.
    OfficialAccount.objects.select_for_update().get(pk=official.pk)
    owned = queries.templates_of(official)
    if found := owned.filter(short_id=short_id).first():
        return found
    if owned.count() >= settings.PROGRAM_TEMPLATES_MAX:
        raise TooManyTemplates(limit=settings.PROGRAM_TEMPLATES_MAX)
    return Template.objects.create(
        official=official,
        short_id=short_id,
        title=form.title,
        content=form.content,
        created_at=time.now(),
    )


@transaction.atomic
def take_template(*, official: OfficialAccount, actor: Account, short_id: str) -> Template:
    """Staff take a form from the library. Raises NotAllowed, and as add_template."""
    queries.require_staff(actor, official, StaffMay.DEVELOP)
    template = add_template(official=official, short_id=short_id)
    log_official(official=official, actor=actor, what="template", before="", after=template.title)
    return template


@transaction.atomic
def give_template_up(*, official: OfficialAccount, actor: Account, template_id: str) -> None:
    """Staff give a template up. Raises NotAllowed, TemplateNotFound."""
    queries.require_staff(actor, official, StaffMay.DEVELOP)
    title = queries.template_for(official, template_id).title
    delete_template(official=official, template_id=template_id)
    log_official(official=official, actor=actor, what="template", before=title, after="")


def delete_template(*, official: OfficialAccount, template_id: str) -> None:
    """Give a template up; what was sent with it stays readable. Raises TemplateNotFound."""
    queries.template_for(official, template_id).delete()


def send_template(
    *,
    official: OfficialAccount,
    openid: str,
    template_id: str,
    data: Mapping[str, str],
    url: str = "",
    client_id: str = "",
) -> TemplateMessage:
    """Fill a template in for a follower. It costs no window: forms are not advertising.

    A repeated client_id returns the first. Whoever cannot be reached gets nothing, and the event
    that follows says so. Raises FollowerNotFound, NotFollowing, TemplateNotFound, BadTemplateData,
    TemplatesTooOften after PROGRAM_TEMPLATES_PER_DAY.
    """
    follow = queries.follower_for(official, openid)
    template = queries.template_for(official, template_id)
    if not follow.is_following:
        raise NotFollowing
    said = _checked(data)
    _check_address(url)
    _count(official)
    with transaction.atomic():
        message = TemplateMessage(
            official=official,
            follow=follow,
            template_id=template.template_id,
            title=template.title,
            content=template.content,
            data=said,
            url=url,
            client_id=client_id[:64],
            created_at=time.now(),
        )
        return _said_once(message) if client_id else _say(message)


def _said_once(message: TemplateMessage) -> TemplateMessage:
    OfficialAccount.objects.select_for_update().get(pk=message.official_id)
    found = TemplateMessage.objects.filter(
        official=message.official_id, client_id=message.client_id
    ).first()
    return found or _say(message)


def _say(message: TemplateMessage) -> TemplateMessage:
    message.save()
    outcome = "success"
    try:
        with transaction.atomic():
            ports.template_sent(message)
    except Refusal:
        outcome, message.status = "failed:user block", TemplateMessage.Status.REFUSED
        message.save(update_fields=["status"])
    facts = {"msgid": message.pk, "status": outcome}
    # Not something the follower did: it opens no window.
    event = OfficialEvent(
        EventKind.TEMPLATE_FINISHED, message.official, message.follow, message.created_at, facts
    )
    ports.official_events([event])
    return message


def _checked(data: Mapping[str, str]) -> dict[str, str]:
    if len(data) > settings.PROGRAM_TEMPLATE_FIELDS_MAX:
        raise BadTemplateData
    most = settings.PROGRAM_TEMPLATE_VALUE_MAX
    if any(len(name) > 32 or len(value) > most for name, value in data.items()):
        raise BadTemplateData
    return {name: _CONTROLS.sub("", value) for name, value in data.items()}


def _check_address(url: str) -> None:
    """Only pages: an address that could run a script is no address."""
    if not url:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadTemplateData from None
    if len(url) > 2048 or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadTemplateData
    if any(c.isspace() or ord(c) < 32 for c in url):
        raise BadTemplateData


def _count(official: OfficialAccount) -> None:
    limit = settings.PROGRAM_TEMPLATES_PER_DAY
    try:
        limits.count(f"program-template:{official.pk}", limit=limit, window=timedelta(days=1))
    except TooMany:
        raise TemplatesTooOften from None
