"""Pages that an account puts together from blocks (MIN-01)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import queries
from accounts.actions.official import log_official
from accounts.actions.publishing.blocks import checked_blocks
from accounts.errors import BadPage, PageTaken, TooManyPages
from accounts.models import Account, OfficialAccount, Page
from accounts.states import PAGE_MOVES, OfficialStatus, PageStatus, StaffMay
from superapp.kernel import search, time
from superapp.kernel.errors import Conflict
from superapp.kernel.transitions import move

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@transaction.atomic
def make_page(
    *,
    official: OfficialAccount,
    actor: Account,
    title: str,
    slug: str,
    blocks: Sequence[Mapping[str, Any]] = (),
    is_tab: bool = False,
) -> Page:
    """A new page, seen by its staff alone. Raises NotAllowed, BadPage, PageTaken, TooManyPages,
    BadBlocks."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    limit = settings.PAGES_MAX
    if official.pages.count() >= limit:
        raise TooManyPages(limit=limit)
    page = Page(official=official, created_at=time.now())
    _fill(page, title, slug, blocks, is_tab=is_tab)
    log_official(official=official, actor=actor, what="page", before="", after=page.slug)
    return page


@transaction.atomic
def change_page(
    *,
    official: OfficialAccount,
    actor: Account,
    page_id: str,
    title: str,
    slug: str,
    blocks: Sequence[Mapping[str, Any]],
    is_tab: bool,
) -> Page:
    """Keep what is being built; visitors see it once it is published. Raises NotAllowed,
    PageNotFound, BadPage, PageTaken, BadBlocks."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    page = queries.publishing.page_of(official, page_id)
    _fill(page, title, slug, blocks, is_tab=is_tab)
    return page


@transaction.atomic
def publish_page(*, official: OfficialAccount, actor: Account, page_id: str) -> Page:
    """Visitors see what the draft says from now on. Raises NotAllowed, PageNotFound, BadPage when
    it is empty, Conflict while the account itself is not published."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    page = queries.publishing.page_of(official, page_id)
    if official.status != OfficialStatus.APPROVED:
        raise Conflict
    if not page.draft:
        raise BadPage(what="body")
    before = page.status
    move(
        page,
        PageStatus.PUBLISHED,
        allowed=PAGE_MOVES,
        published=page.draft,
        published_at=time.now(),
    )
    log_official(
        official=official, actor=actor, what=f"page {page.slug}", before=before, after="published"
    )
    return page


@transaction.atomic
def withdraw_page(*, official: OfficialAccount, actor: Account, page_id: str) -> Page:
    """Nobody finds it until it is published again. Raises NotAllowed, PageNotFound, Conflict."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    page = queries.publishing.page_of(official, page_id)
    before = page.status
    move(page, PageStatus.WITHDRAWN, allowed=PAGE_MOVES)
    log_official(
        official=official, actor=actor, what=f"page {page.slug}", before=before, after="withdrawn"
    )
    return page


def _fill(
    page: Page, title: str, slug: str, blocks: Sequence[Mapping[str, Any]], *, is_tab: bool
) -> None:
    page.title, page.slug = search.clean_line(title), slug.strip().lower()
    if not page.title or len(page.title) > settings.ARTICLE_TITLE_MAX:
        raise BadPage(what="title")
    if len(page.slug) > 40 or not _SLUG.fullmatch(page.slug):
        raise BadPage(what="slug")
    page.draft = checked_blocks(official=page.official, blocks=blocks)
    page.is_tab = is_tab
    try:
        with transaction.atomic():
            page.save()
    except IntegrityError:
        raise PageTaken from None
