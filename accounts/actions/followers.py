"""What an official account notes about its followers. They are never told."""

from collections.abc import Collection

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import queries
from accounts.actions.official import log_official
from accounts.errors import BadTagName, FollowerTagNotFound, SystemTag, TagExists, TooManyTags
from accounts.models import Account, Follow, FollowerTag, OfficialAccount
from accounts.states import StaffMay
from superapp.kernel import search, time

FIRST_TAG = 100


@transaction.atomic
def create_follower_tag(*, official: OfficialAccount, name: str) -> FollowerTag:
    """A new tag, numbered from 100 on. For doors that have checked who asks (staff_tags, programs).

    Raises BadTagName, TagExists, TooManyTags.
    """
    called = _tag_name(name)
    # One tag after the other, or two would get the same number.
    OfficialAccount.objects.select_for_update().get(pk=official.pk)
    numbers = list(FollowerTag.objects.filter(official=official).values_list("number", flat=True))
    if len([n for n in numbers if n >= FIRST_TAG]) >= settings.FOLLOWER_TAGS_MAX:
        raise TooManyTags
    number = max([FIRST_TAG - 1, *numbers]) + 1
    try:
        with transaction.atomic():
            return FollowerTag.objects.create(
                official=official, number=number, name=called, created_at=time.now()
            )
    except IntegrityError:
        raise TagExists from None


@transaction.atomic
def rename_follower_tag(*, official: OfficialAccount, number: int, name: str) -> FollowerTag:
    """Raises FollowerTagNotFound, SystemTag, BadTagName, TagExists."""
    tag = _own_tag(official, number)
    tag.name = _tag_name(name)
    try:
        with transaction.atomic():
            tag.save(update_fields=["name"])
    except IntegrityError:
        raise TagExists from None
    return tag


@transaction.atomic
def delete_follower_tag(*, official: OfficialAccount, number: int) -> None:
    """Followers lose it. Raises FollowerTagNotFound, SystemTag."""
    _own_tag(official, number).delete()


@transaction.atomic
def tag_followers(*, official: OfficialAccount, number: int, openids: Collection[str]) -> None:
    """Give a tag to followers; strangers' openids are passed over.

    Raises FollowerTagNotFound, TooManyTags when one of them has FOLLOWER_TAGS_EACH_MAX already.
    """
    tag = queries.follower_tag_for(official, number)
    wanted = list(_followers(official, openids).exclude(tags=tag).order_by("pk"))
    for follow in wanted:
        if follow.tags.count() >= settings.FOLLOWER_TAGS_EACH_MAX:
            raise TooManyTags
    tag.followers.add(*wanted)


@transaction.atomic
def untag_followers(*, official: OfficialAccount, number: int, openids: Collection[str]) -> None:
    """Take a tag from followers. Raises FollowerTagNotFound."""
    tag = queries.follower_tag_for(official, number)
    tag.followers.remove(*_followers(official, openids))


@transaction.atomic
def remark_follower(*, official: OfficialAccount, openid: str, remark: str) -> Follow:
    """What staff and programs call somebody. Raises FollowerNotFound."""
    follow = queries.follower_for(official, openid)
    follow.remark = search.clean_line(remark)[: settings.FOLLOWER_REMARK_MAX]
    follow.save(update_fields=["remark"])
    return follow


@transaction.atomic
def blacklist_follower(*, official: OfficialAccount, actor: Account, openid: str) -> Follow:
    """Hear nothing more from somebody. They stay a follower. Raises FollowerNotFound, NotAllowed."""
    queries.require_staff(actor, official, StaffMay.FOLLOWERS)
    return _set_blacklisted(official, actor, openid, after="blacklisted")


@transaction.atomic
def unblacklist_follower(*, official: OfficialAccount, actor: Account, openid: str) -> Follow:
    """Hear from them again. Raises FollowerNotFound, NotAllowed."""
    queries.require_staff(actor, official, StaffMay.FOLLOWERS)
    return _set_blacklisted(official, actor, openid, after="")


@transaction.atomic
def describe_follower(
    *,
    official: OfficialAccount,
    actor: Account,
    openid: str,
    remark: str,
    tag_numbers: Collection[int],
) -> Follow:
    """Staff note what they know of a follower: exactly these tags. Raises NotAllowed,
    FollowerNotFound, FollowerTagNotFound, TooManyTags."""
    queries.require_staff(actor, official, StaffMay.FOLLOWERS)
    follow = remark_follower(official=official, openid=openid, remark=remark)
    wanted = set(tag_numbers)
    if len(wanted) > settings.FOLLOWER_TAGS_EACH_MAX:
        raise TooManyTags
    tags = list(FollowerTag.objects.filter(official=official, number__in=wanted))
    if len(tags) != len(wanted):
        raise FollowerTagNotFound
    follow.tags.set(tags)
    return follow


@transaction.atomic
def make_tag(*, official: OfficialAccount, actor: Account, name: str) -> FollowerTag:
    """Staff make a tag. Raises NotAllowed, BadTagName, TagExists, TooManyTags."""
    queries.require_staff(actor, official, StaffMay.FOLLOWERS)
    tag = create_follower_tag(official=official, name=name)
    log_official(official=official, actor=actor, what="tag", before="", after=tag.name)
    return tag


@transaction.atomic
def drop_tag(*, official: OfficialAccount, actor: Account, number: int) -> None:
    """Staff delete a tag. Raises NotAllowed, FollowerTagNotFound, SystemTag."""
    queries.require_staff(actor, official, StaffMay.FOLLOWERS)
    name = queries.follower_tag_for(official, number).name
    delete_follower_tag(official=official, number=number)
    log_official(official=official, actor=actor, what="tag", before=name, after="")


def _set_blacklisted(
    official: OfficialAccount, actor: Account, openid: str, *, after: str
) -> Follow:
    follow = queries.follower_for(official, openid)
    follow.is_blacklisted = bool(after)
    follow.save(update_fields=["is_blacklisted"])
    log_official(official=official, actor=actor, what="follower", before=openid, after=after)
    return follow


def _followers(official: OfficialAccount, openids: Collection[str]) -> QuerySet[Follow]:
    return Follow.objects.filter(official=official, openid__in=list(openids), is_following=True)


def _own_tag(official: OfficialAccount, number: int) -> FollowerTag:
    tag = queries.follower_tag_for(official, number)
    if tag.number < FIRST_TAG:
        raise SystemTag
    return tag


def _tag_name(name: str) -> str:
    called = search.clean_line(name)
    if not called or len(called) > settings.FOLLOWER_TAG_NAME_MAX:
        raise BadTagName
    return called
