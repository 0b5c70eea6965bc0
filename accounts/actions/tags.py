"""Tags: private groups of contacts. Whoever reads them does so when something is shown."""

from collections.abc import Collection

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import events, queries
from accounts.errors import BadName, TagExists, TagNotFound, TooManyTags
from accounts.models import Account, Contact, Tag
from superapp.kernel import push, search


@transaction.atomic
def create_tag(*, owner: Account, name: str) -> Tag:
    """A new empty tag. Raises BadName, TagExists, TooManyTags."""
    if Tag.objects.filter(owner=owner).count() >= settings.TAGS_MAX:
        raise TooManyTags
    try:
        with transaction.atomic():
            tag = Tag.objects.create(owner=owner, name=_clean(name))
    except IntegrityError:
        raise TagExists from None
    push.to_accounts([owner.pk], events.tags_changed())
    return tag


@transaction.atomic
def rename_tag(*, owner: Account, tag_id: str, name: str) -> Tag:
    """Raises BadName, TagExists, TagNotFound."""
    tag = queries.tag_for(owner, tag_id)
    tag.name = _clean(name)
    try:
        with transaction.atomic():
            tag.save(update_fields=["name"])
    except IntegrityError:
        raise TagExists from None
    push.to_accounts([owner.pk], events.tags_changed())
    return tag


@transaction.atomic
def delete_tag(*, owner: Account, tag_id: str) -> None:
    """The contacts stay; only the tag goes. Raises TagNotFound."""
    queries.tag_for(owner, tag_id).delete()
    push.to_accounts([owner.pk], events.tags_changed())


@transaction.atomic
def set_tag_members(*, owner: Account, tag_id: str, account_ids: Collection[str]) -> Tag:
    """Exactly these contacts have the tag; ids that are no contacts of the owner are left out."""
    tag = queries.tag_for(owner, tag_id)
    members = Contact.objects.filter(owner=owner, other__public_id__in=account_ids)
    tag.contacts.set(members)
    push.to_accounts([owner.pk], events.tags_changed())
    return tag


@transaction.atomic
def set_contact_tags(*, owner: Account, contact_id: str, tag_ids: Collection[str]) -> None:
    """The contact has exactly these tags. Raises ContactNotFound, TagNotFound."""
    contact = queries.contact_for(owner, contact_id)
    assign_tags(contact=contact, tag_ids=tag_ids)
    push.to_accounts([owner.pk], events.contacts_changed(contact.other))


def assign_tags(*, contact: Contact, tag_ids: Collection[str]) -> None:
    """In the caller's transaction. Raises TagNotFound when one is not the owner's."""
    tags = list(Tag.objects.filter(owner_id=contact.owner_id, public_id__in=tag_ids))
    if len(tags) != len(set(tag_ids)):
        raise TagNotFound
    contact.tags.set(tags)


def _clean(name: str) -> str:
    called = search.clean_line(name)[: settings.TAG_NAME_MAX]
    if not called:
        raise BadName
    return called
