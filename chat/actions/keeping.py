"""Favourites and stickers: things people keep from their chats."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Func, Value

from accounts.models import Account
from chat import bodies, events, queries
from chat.actions.sending import send_message
from chat.errors import AlreadyRecalled, BadFile, MessageNotFound, TooManyKept
from chat.models import Attachment, Favourite, Message, Sticker
from chat.states import MessageKind
from superapp.kernel import images, media, push, search, time


class _Vector(Func):
    """kernel.search.vector_of as a tsvector."""

    template = "array_to_tsvector(string_to_array(%(expressions)s, ' '))"
    output_field = SearchVectorField()


@transaction.atomic
def keep_message(*, owner: Account, conversation_id: str, seq: int) -> Favourite:
    """Keep a copy of a message. Keeping it again returns the first copy."""
    seat = queries.seat_of(owner, conversation_id)
    message = queries.message_for(seat, seq)
    if message.recalled_at is not None or message.kind == MessageKind.SYSTEM:
        raise AlreadyRecalled
    if Favourite.objects.filter(owner=owner).count() >= settings.FAVOURITES_MAX:
        raise TooManyKept(limit=settings.FAVOURITES_MAX)
    favourite, _new = Favourite.objects.get_or_create(
        owner=owner,
        message=message,
        defaults={
            "author": message.author,
            "kind": message.kind,
            "text": message.text,
            "body": {k: v for k, v in message.body.items() if k not in {"quote", "mention_pks"}},
            "attachment": Attachment.objects.filter(
                pk=message.body.get("attachment_pk", 0)
            ).first(),
            "created_at": time.now(),
        },
    )
    _index(favourite)
    push.to_accounts([owner.pk], events.favourites_changed())
    return favourite


@transaction.atomic
def describe_favourite(
    *, owner: Account, favourite_id: str, note: str, tags: Sequence[str]
) -> Favourite:
    """The owner's note and tags on what they kept."""
    favourite = queries.favourite_for(owner, favourite_id)
    favourite.note = bodies.clean_text(note)[: settings.FAVOURITE_NOTE_MAX]
    names = (bodies.clean_text(tag)[:20] for tag in tags[: settings.FAVOURITE_TAGS_MAX])
    favourite.tags = list(dict.fromkeys(name for name in names if name))
    favourite.save(update_fields=["note", "tags"])
    _index(favourite)
    push.to_accounts([owner.pk], events.favourites_changed())
    return favourite


@transaction.atomic
def drop_favourite(*, owner: Account, favourite_id: str) -> None:
    """Let go of a kept message. Raises MessageNotFound."""
    queries.favourite_for(owner, favourite_id).delete()
    push.to_accounts([owner.pk], events.favourites_changed())


@transaction.atomic
def send_favourite(
    *, owner: Account, favourite_id: str, conversation_id: str, client_id: str
) -> Message:
    """Say what was kept again, in some conversation."""
    favourite = queries.favourite_for(owner, favourite_id)
    return send_message(
        author=owner,
        conversation_id=conversation_id,
        client_id=client_id,
        kind=favourite.kind,
        text=favourite.text,
        body=favourite.body,
    )


@transaction.atomic
def keep_sticker(*, owner: Account, conversation_id: str, seq: int) -> Sticker:
    """Add the picture or sticker of a message to the owner's stickers."""
    seat = queries.seat_of(owner, conversation_id)
    message = queries.message_for(seat, seq)
    if message.kind == MessageKind.STICKER:
        source = Sticker.objects.filter(public_id=message.body.get("sticker", "")).first()
        if source is None:
            raise MessageNotFound
        return _own_sticker(owner, source.file_id, source.label, is_animated=source.is_animated)
    if message.kind != MessageKind.IMAGE or message.recalled_at is not None:
        raise BadFile
    attachment = Attachment.objects.select_related("file").get(pk=message.body["attachment_pk"])
    picture = images.read(media.read(attachment.file)).fit(settings.STICKER_SIDE)
    stored = media.store(picture.data, picture.content_type)
    return _own_sticker(owner, stored.pk, "", is_animated=picture.is_animated)


@transaction.atomic
def drop_sticker(*, owner: Account, sticker_id: str) -> None:
    """Take a sticker out of the owner's own; messages that show it keep it."""
    gone, _by_model = Sticker.objects.filter(owner=owner, public_id=sticker_id).delete()
    if gone:
        push.to_accounts([owner.pk], events.stickers_changed())


@transaction.atomic
def make_sticker_pack(*, pack: str, pictures: Sequence[tuple[str, bytes]]) -> None:
    """A pack for everybody, from (label, picture) pairs. A pack of that name is left as it is."""
    if Sticker.objects.filter(pack=pack, owner=None).exists():
        return
    for position, (label, data) in enumerate(pictures):
        picture = images.read(data).fit(settings.STICKER_SIDE)
        Sticker.objects.create(
            pack=pack,
            label=label,
            file=media.store(picture.data, picture.content_type),
            is_animated=picture.is_animated,
            position=position,
            created_at=time.now(),
        )


def _own_sticker(owner: Account, file_id: int, label: str, *, is_animated: bool) -> Sticker:
    mine = Sticker.objects.filter(owner=owner)
    if mine.count() >= settings.STICKERS_MAX:
        raise TooManyKept(limit=settings.STICKERS_MAX)
    sticker, is_new = Sticker.objects.get_or_create(
        owner=owner,
        file_id=file_id,
        defaults={
            "label": label,
            "is_animated": is_animated,
            "position": mine.count(),
            "created_at": time.now(),
        },
    )
    if is_new:
        push.to_accounts([owner.pk], events.stickers_changed())
    return sticker


def _index(favourite: Favourite) -> None:
    words = " ".join(
        [
            favourite.text,
            favourite.note,
            *favourite.tags,
            str(favourite.body.get("name", "")),
            favourite.author.name if favourite.author else "",
        ]
    )
    Favourite.objects.filter(pk=favourite.pk).update(search=_Vector(Value(search.vector_of(words))))
