"""Rules by which an account answers by itself, and which of them fit."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import queries
from accounts.actions.official import log_official
from accounts.errors import BadAutoReply, TooManyAutoReplies
from accounts.models import Account, AutoReply, OfficialAccount
from accounts.states import ReplyChoice, ReplyTrigger, StaffMay
from superapp.kernel import search, time
from superapp.kernel.errors import Conflict

Answer = Mapping[str, Any]


@transaction.atomic
def add_auto_reply(
    *,
    official: OfficialAccount,
    actor: Account,
    trigger: str,
    title: str = "",
    keywords: Sequence[Mapping[str, Any]] = (),
    replies: Sequence[Answer] = (),
    choice: str = ReplyChoice.ALL,
) -> AutoReply:
    """A new rule. Keywords are {"text", "is_exact"}, replies {"kind": "text", "text"}.

    Raises NotAllowed, BadAutoReply, TooManyAutoReplies, Conflict when there is one for new
    followers, or for any message, already.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    limit = settings.AUTO_REPLIES_MAX
    if queries.auto_replies_of(official).count() >= limit:
        raise TooManyAutoReplies(limit=limit)
    rule = AutoReply(official=official, created_at=time.now())
    _fill(rule, trigger, title, keywords, replies, choice)
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Conflict from None
    log_official(official=official, actor=actor, what="auto-reply", before="", after=str(rule))
    return rule


@transaction.atomic
def change_auto_reply(
    *,
    official: OfficialAccount,
    actor: Account,
    reply_id: str,
    title: str = "",
    keywords: Sequence[Mapping[str, Any]] = (),
    replies: Sequence[Answer] = (),
    choice: str = ReplyChoice.ALL,
) -> AutoReply:
    """The whole rule anew; its trigger stays. Raises NotAllowed, NotFound, BadAutoReply."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    rule = queries.auto_reply_for(official, reply_id)
    _fill(rule, rule.trigger, title, keywords, replies, choice)
    rule.save()
    log_official(
        official=official, actor=actor, what="auto-reply", before=str(rule), after=str(rule)
    )
    return rule


@transaction.atomic
def switch_auto_reply_on(*, official: OfficialAccount, actor: Account, reply_id: str) -> AutoReply:
    """It answers again. Raises NotAllowed, NotFound."""
    return _switch(official, actor, reply_id, is_on=True)


@transaction.atomic
def switch_auto_reply_off(*, official: OfficialAccount, actor: Account, reply_id: str) -> AutoReply:
    """It stays silent until switched on. Raises NotAllowed, NotFound."""
    return _switch(official, actor, reply_id, is_on=False)


@transaction.atomic
def delete_auto_reply(*, official: OfficialAccount, actor: Account, reply_id: str) -> None:
    """Raises NotAllowed, NotFound."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    rule = queries.auto_reply_for(official, reply_id)
    log_official(official=official, actor=actor, what="auto-reply", before=str(rule), after="")
    rule.delete()


def answers_to_follow(*, rules: Sequence[AutoReply]) -> list[Answer]:
    """What a new follower is told, of the account's rules."""
    return next((_chosen(r) for r in rules if r.is_on and r.trigger == ReplyTrigger.FOLLOW), [])


def answers_to(*, rules: Sequence[AutoReply], text: str) -> list[Answer]:
    """What is said to a message: the first rule whose words fit, else the one for any message."""
    said = search.fold(text).strip()
    live = [rule for rule in rules if rule.is_on]
    for rule in live:
        if rule.trigger == ReplyTrigger.KEYWORD and said and _fits(rule, said):
            return _chosen(rule)
    return next((_chosen(r) for r in live if r.trigger == ReplyTrigger.ANY), [])


def _fits(rule: AutoReply, said: str) -> bool:
    for keyword in rule.keywords:
        word = search.fold(keyword["text"])
        if said == word if keyword["is_exact"] else word in said:
            return True
    return False


def _chosen(rule: AutoReply) -> list[Answer]:
    if rule.choice == ReplyChoice.RANDOM and rule.replies:
        return [secrets.choice(rule.replies)]
    return list(rule.replies)


def _switch(official: OfficialAccount, actor: Account, reply_id: str, *, is_on: bool) -> AutoReply:
    queries.require_staff(actor, official, StaffMay.CONTENT)
    rule = queries.auto_reply_for(official, reply_id)
    before, rule.is_on = rule.is_on, is_on
    rule.save(update_fields=["is_on"])
    log_official(
        official=official,
        actor=actor,
        what=f"auto-reply {rule}",
        before=str(before),
        after=str(is_on),
    )
    return rule


def _fill(
    rule: AutoReply,
    trigger: str,
    title: str,
    keywords: Sequence[Mapping[str, Any]],
    replies: Sequence[Answer],
    choice: str,
) -> None:
    if trigger not in ReplyTrigger.values or choice not in ReplyChoice.values:
        raise BadAutoReply
    words = [_keyword(keyword) for keyword in keywords]
    said = [_answer(reply) for reply in replies]
    if not 1 <= len(said) <= settings.AUTO_REPLY_ANSWERS_MAX:
        raise BadAutoReply
    if len(words) > settings.AUTO_REPLY_KEYWORDS_MAX:
        raise BadAutoReply
    if bool(words) != (trigger == ReplyTrigger.KEYWORD):
        raise BadAutoReply
    rule.trigger, rule.title, rule.choice = trigger, search.clean_line(title)[:60], choice
    rule.keywords, rule.replies = words, said


def _keyword(given: Mapping[str, Any]) -> dict[str, Any]:
    text = search.clean_line(str(given.get("text", "")))
    if not text or len(text) > settings.AUTO_REPLY_KEYWORD_MAX:
        raise BadAutoReply
    return {"text": text, "is_exact": bool(given.get("is_exact"))}


def _answer(given: Answer) -> dict[str, Any]:
    text = str(given.get("text", "")).strip()
    if given.get("kind", "text") != "text" or not text:
        raise BadAutoReply
    if len(text) > settings.AUTO_REPLY_TEXT_MAX:
        raise BadAutoReply
    return {"kind": "text", "text": text}
