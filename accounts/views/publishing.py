"""What official accounts publish, as anybody reads it: articles, pages, pictures, tracked links."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, queries
from accounts.errors import ArticleNotFound
from accounts.forms.publishing import CommentForm
from accounts.guards import MemberRequest, ReaderRequest, everybody, members_only
from accounts.models import Article
from accounts.states import ArticleStatus
from superapp.kernel import media
from superapp.kernel.pages import refusals_on


@everybody
@require_safe
def article(request: ReaderRequest, account_id: str, article_id: str) -> HttpResponse:
    """An article, for passers-by too. A reader is counted once a day."""
    found = _article(request.reader, account_id, article_id)
    if request.reader is not None and request.method == "GET" and not _is_ahead(request):
        actions.publishing.read_article(reader=request.reader, article=found)
    return _show(request, found, CommentForm())


def _show(request: ReaderRequest, found: Article, form: CommentForm) -> HttpResponse:
    reader, official = request.reader, found.official
    context = {
        "tab": "contacts",
        "article": found,
        "official": official,
        "blocks": queries.publishing.shown_blocks(official, found.body),
        "ref": found.public_id,
        "reception": queries.publishing.reception_of(found, reader),
        "comments": queries.publishing.comments_on(found, reader),
        "is_published": found.status == ArticleStatus.PUBLISHED,
        "follows": reader is not None and queries.is_following(reader, official),
        "form": form,
        "reader": reader,
    }
    return render(request, "accounts/publishing/article.html", context)


@members_only
@require_POST
def comment(request: MemberRequest, account_id: str, article_id: str) -> HttpResponse:
    """Says something to the account, which selects what everybody reads."""
    found = _article(request.account, account_id, article_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        with refusals_on(form, "text"):
            actions.publishing.comment_article(
                reader=request.account, article_id=article_id, **form.cleaned_data
            )
            messages.success(request, _("Thank you. The account reads it first."))
            return redirect(f"{found.get_absolute_url()}#comments")
    request.reader = request.account  # type: ignore[attr-defined]
    return _show(request, found, form)  # type: ignore[arg-type]


@members_only
@require_POST
def uncomment(
    request: MemberRequest, account_id: str, article_id: str, comment_id: str
) -> HttpResponse:
    """Takes a comment of one's own back."""
    found = _article(request.account, account_id, article_id)
    actions.publishing.delete_comment(reader=request.account, comment_id=comment_id)
    return redirect(f"{found.get_absolute_url()}#comments")


@members_only
@require_POST
def like(request: MemberRequest, account_id: str, article_id: str) -> HttpResponse:
    """Likes it, or no longer."""
    _article(request.account, account_id, article_id)
    works = actions.publishing
    act = works.unlike_article if request.POST.get("verb") == "unlike" else works.like_article
    found = act(reader=request.account, article_id=article_id)
    return redirect(f"{found.get_absolute_url()}#liking")


@everybody
@require_safe
def page(request: ReaderRequest, account_id: str, slug: str) -> HttpResponse:
    """A page that the account put together, for passers-by too."""
    official = queries.publishing.official_shown(account_id)
    found = queries.publishing.page_for(request.reader, official, slug)
    context = {
        "tab": "contacts",
        "page": found,
        "official": official,
        "blocks": queries.publishing.shown_blocks(official, found.published),
        "ref": found.public_id,
        "reader": request.reader,
    }
    return render(request, "accounts/publishing/page.html", context)


@require_safe
def picture(request: ReaderRequest, picture_id: str) -> HttpResponseBase:
    """A picture of an account's library; never replaced, so browsers may keep it."""
    stored = queries.publishing.picture_file(picture_id)
    return media.serve(request, stored, is_immutable=True)


@everybody
@require_safe
def link(request: ReaderRequest, token: str) -> HttpResponse:
    """Leads on to where the account's link goes. Counts people, not programs that look ahead."""
    found = actions.publishing.read_link(token=token)
    is_person = request.reader is not None and request.method == "GET" and not _is_ahead(request)
    if is_person and request.reader is not None:
        actions.publishing.count_click(person=request.reader, link=found)
    answer = redirect(found.url)
    answer["Cache-Control"] = "no-store"
    # The business does not learn from which chat somebody came.
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _article(reader: Any, account_id: str, article_id: str) -> Article:
    found = queries.publishing.article_for(reader, article_id)
    if found.official.account.public_id != account_id:
        raise ArticleNotFound
    return found


def _is_ahead(request: Any) -> bool:
    """A browser or a program fetches the page before anybody asked to see it."""
    said = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in said or "preview" in said
