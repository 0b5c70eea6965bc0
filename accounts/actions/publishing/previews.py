"""Something unpublished on chosen people's phones: in their thread with the account."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts import ports, queries
from accounts.errors import PersonNotFound, PreviewerNotFollowing, TooManyPreviews
from accounts.models import Account, Follow, OfficialAccount, Preview
from accounts.states import StaffMay
from superapp.kernel import search, time


@transaction.atomic
def preview_article(
    *, official: OfficialAccount, actor: Account, article_id: str, handles: Sequence[str]
) -> list[Account]:
    """Show a draft to these people, by their IDs (handles); none: to oneself. They must follow the account.

    Raises NotAllowed, ArticleNotFound, PersonNotFound, PreviewerNotFollowing, TooManyPreviews.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    article = queries.publishing.article_of(official, article_id)
    return send_previews(
        official=official, actor=actor, card="article", ref=article.public_id, handles=handles
    )


def send_previews(
    *, official: OfficialAccount, actor: Account, card: str, ref: str, handles: Sequence[str]
) -> list[Account]:
    """The part that all previews share; in the caller's transaction, which has checked the rest."""
    follows = _viewers(official, actor, handles)
    limit = settings.PREVIEWS_PER_DAY
    since = time.now() - timedelta(days=1)
    # Under the account's lock, so that two at once do not pass the limit together.
    OfficialAccount.objects.select_for_update().get(pk=official.pk)
    used = Preview.objects.filter(official=official, created_at__gt=since).count()
    if used + len(follows) > limit:
        raise TooManyPreviews(limit=limit)
    moment = time.now()
    Preview.objects.bulk_create(
        [
            Preview(official=official, person=follow.person, ref=ref, created_at=moment)
            for follow in follows
        ]
    )
    for follow in follows:
        ports.previewed(official, follow, card, ref)
    return [follow.person for follow in follows]


def _viewers(official: OfficialAccount, actor: Account, handles: Sequence[str]) -> list[Follow]:
    wanted = {search.fold(handle.strip().lstrip("@")) for handle in handles if handle.strip()}
    if wanted:
        people = list(Account.objects.filter(handle__in=wanted, kind=Account.Kind.PERSON))
        if len(people) != len(wanted):
            raise PersonNotFound
    else:
        people = [actor]
    follows = list(
        Follow.objects.filter(official=official, person__in=people, is_following=True)
        .select_related("person", "official__account")
        .order_by("pk")
    )
    if len(follows) != len(people):
        raise PreviewerNotFollowing
    return follows
