"""What a message brings along: uploads, quotes, mentions, stickers and cards.

Runs inside the batch, between "may write" and "is stored"; plain text costs nothing here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from accounts import queries as people
from accounts.models import Account
from chat import bodies, cards
from chat.actions import unfurling
from chat.bodies import ATTACHED, Draft
from chat.errors import AdminsOnly, AttachmentNotFound, BadMessage, MessageNotFound
from chat.models import (
    Attachment,
    AttachmentUse,
    Membership,
    Mention,
    Message,
    Sticker,
)
from chat.queries import Seat, attachment_for
from chat.states import ConversationKind, MembershipStatus, MessageKind, Role
from superapp.kernel import limits
from superapp.kernel.errors import Refusal

Accepted = tuple[Draft, Seat]
Key = tuple[int, str]
EVERYBODY = "all"


def enrich(accepted: Sequence[Accepted]) -> tuple[list[Accepted], dict[Key, Refusal]]:
    """Resolve what drafts refer to; those that refer to what they may not are refused."""
    kept: list[Accepted] = []
    refused: dict[Key, Refusal] = {}
    for draft, seat in accepted:
        try:
            kept.append((_enriched(draft, seat), seat))
        except Refusal as refusal:
            refused[draft.author_id, draft.client_id] = refusal
    return kept, refused


def is_plain(draft: Draft) -> bool:
    """Whether the draft is complete as it is: nothing to look up before, nothing to write after."""
    return (
        draft.kind == MessageKind.TEXT
        and draft.quote_seq is None
        and not draft.mentions
        and not draft.body
        and not _link_in(draft)
    )


def attach(new: Sequence[tuple[Draft, Seat, int, int]]) -> None:
    """Store the rows that point at freshly stored messages."""
    uses = [
        AttachmentUse(attachment_id=attachment, message_id=pk)
        for draft, _, pk, _ in new
        for attachment in bodies.attachment_pks(draft.body)
    ]
    if uses:
        AttachmentUse.objects.bulk_create(uses)
        Attachment.objects.filter(pk__in={use.attachment_id for use in uses}).update(is_sent=True)
    mentions = [
        Mention(message_id=pk, conversation_id=seat.conversation_id, seq=seq, account_id=account)
        for draft, seat, pk, seq in new
        for account in draft.body.get("mention_pks", ())
    ]
    if mentions:
        Mention.objects.bulk_create(mentions)
    for draft, _, pk, _ in new:
        url = _link_in(draft)
        if url:
            unfurling.ask_preview(message_id=pk, url=url)


def searchable(draft: Draft) -> str:
    """The words a message is found by. Notices and cards are not searched."""
    if draft.kind == MessageKind.SYSTEM:
        return ""
    parts = (draft.text, draft.body.get("name"), draft.body.get("title"))
    return " ".join(part for part in parts if isinstance(part, str))


def _link_in(draft: Draft) -> str:
    return unfurling.url_in(text=draft.text) if draft.kind == MessageKind.TEXT else ""


def _enriched(draft: Draft, seat: Seat) -> Draft:
    step = _STEPS.get(draft.kind)
    if step is not None:
        draft = replace(draft, body=step(draft))
    elif draft.kind == MessageKind.TEXT and draft.body:
        draft = replace(draft, body=_tapped(draft, seat))
    if draft.quote_seq is not None:
        draft = replace(draft, body={**draft.body, "quote": _quote(draft, seat)})
    if draft.mentions:
        draft = replace(draft, body={**draft.body, **_mentions(draft, seat)})
    return draft


def _attachment(draft: Draft) -> dict[str, Any]:
    """A file of this kind that the author uploaded or sees somewhere; nothing of the body given is
    believed."""
    public_id = draft.attachment_id or str(draft.body.get("attachment", ""))
    found = attachment_for(Account.objects.get(pk=draft.author_id), public_id)
    if found.kind != draft.kind:
        raise AttachmentNotFound
    # Filmed in the chat, as the sender's device says.
    is_short = found.kind == MessageKind.VIDEO and draft.body.get("is_short") is True
    return {**body_of(found), **({"is_short": True} if is_short else {})}


def body_of(found: Attachment) -> dict[str, Any]:
    """What a message says about its upload, so that showing it needs no second look-up."""
    return {
        "attachment": found.public_id,
        "attachment_pk": found.pk,
        "name": found.name if found.kind == MessageKind.FILE else "",
        "size": found.file.size,
        "type": found.file.content_type,
        "width": found.width,
        "height": found.height,
        "ms": found.duration_ms,
        "peaks": found.peaks,
        "thumb": found.thumb_id is not None,
    }


def _tapped(draft: Draft, seat: Seat) -> dict[str, Any]:
    """Which item of the menu of a program it is, if it was shown by the account written to."""
    card = people.program_cards([draft.body["menu"]]).get(draft.body["menu"])
    if card is None or card.official.account_id != seat.peer_id:
        return {}
    known = {item["id"]: item["content"] for item in card.facts.get("list", [])}
    return {"menu_item": draft.body["item"]} if known.get(draft.body["item"]) == draft.text else {}


def _sticker(draft: Draft) -> dict[str, Any]:
    sticker = Sticker.objects.filter(public_id=draft.body["sticker"]).first()
    if sticker is None or sticker.owner_id not in {None, draft.author_id}:
        raise BadMessage
    return {"sticker": sticker.public_id, "label": sticker.label}


def _card(draft: Draft) -> dict[str, Any]:
    card = cards.registry.get(draft.body["card"])
    if card is None:
        raise BadMessage
    author = Account.objects.get(pk=draft.author_id)
    title = card.share(author, draft.body["ref"])
    return {"card": draft.body["card"], "ref": draft.body["ref"], "title": title}


def _quote(draft: Draft, seat: Seat) -> dict[str, Any]:
    assert draft.quote_seq is not None
    quoted = (
        Message.objects.select_related("author")
        .filter(conversation_id=seat.conversation_id, seq=draft.quote_seq, recalled_at=None)
        .exclude(kind=MessageKind.SYSTEM)
        .first()
    )
    member = Membership.objects.get(pk=seat.membership_id)
    if quoted is None or quoted.seq <= max(member.first_seq, member.cleared_seq):
        raise MessageNotFound
    return {
        "seq": quoted.seq,
        "author": quoted.author.public_id,
        "name": quoted.author.name,
        "kind": quoted.kind,
        "text": quoted.text[: settings.QUOTE_SNAPSHOT_MAX],
    }


def _mentions(draft: Draft, seat: Seat) -> dict[str, Any]:
    """Only members can be named; naming everybody is for the owner and admins of a group."""
    if seat.kind != ConversationKind.GROUP:
        return {}
    named = dict(
        Account.objects.filter(
            public_id__in=draft.mentions,
            memberships__conversation=seat.conversation_id,
            memberships__status=MembershipStatus.ACTIVE,
        ).values_list("public_id", "pk")
    )
    pks: list[int | None] = list(named.values())
    if EVERYBODY in draft.mentions:
        if seat.role not in {Role.OWNER, Role.ADMIN}:
            raise AdminsOnly
        _count_mention_of_all(seat)
        named, pks = {EVERYBODY: 0, **named}, [None, *pks]
    return {"mentions": list(named), "mention_pks": pks}


def _count_mention_of_all(seat: Seat) -> None:
    limits.count(
        f"mention-all:{seat.conversation_id}:{seat.account_id}",
        limit=settings.MENTION_ALL_PER_DAY,
        window=timedelta(days=1),
    )


_STEPS: dict[str, Callable[[Draft], dict[str, Any]]] = {
    **dict.fromkeys(ATTACHED, _attachment),
    MessageKind.STICKER: _sticker,
    MessageKind.CARD: _card,
}
