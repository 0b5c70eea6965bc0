"""The screens of the business console about what it publishes: pictures, articles, comments, pages."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.actions import publishing
from accounts.admin import composing
from accounts.admin.site import BusinessAdmin, actor_of, business
from accounts.models import Article, Comment, Page, Picture
from accounts.states import ArticleStatus, CommentStatus, PageStatus, StaffMay
from superapp.kernel.admin import button, column
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id


class PictureAdmin(BusinessAdmin):
    what = StaffMay.CONTENT
    list_display = ("shown", "name", "size", "created_at")
    search_fields = ("name",)
    ordering = ("-pk",)
    fields = ("shown", "name", "size", "created_at")
    actions_list = ("make",)

    @column(_("Picture"))
    def shown(self, picture: Picture) -> SafeString:
        return format_html(
            '<img src="{}" alt="{}" width="96" height="64" class="object-cover rounded-default">',
            picture.url,
            picture.name,
        )

    @column(_("Size"))
    def size(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}"

    @button(_("Add a picture"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        form = composing.PictureForm(request.POST or None, request.FILES or None)
        return self.ask(
            request,
            verb=_("Add a picture"),
            form=form,
            act=lambda official, actor, said: publishing.add_picture(
                official=official, actor=actor, picture=said["picture"].read(), name=said["name"]
            ),
        )


class Composed(BusinessAdmin):
    """A screen whose rows have a body of blocks, put together on a page of its own."""

    what = StaffMay.CONTENT
    saved: Callable[..., Any]
    # What the actions call the id of a row.
    named: str

    def compose(
        self,
        request: HttpRequest,
        *,
        row: Any,
        form: Form,
        body: composing.Blocks,
        save: Callable[[composing.Blocks], Any],
        publish: Callable[[], Any],
    ) -> HttpResponse:
        """The editor: small buttons rearrange what is typed, "save" keeps it, "publish" shows it."""
        official = business.official(request)
        step = request.POST.get("step", "")
        blocks, problem = body, ""
        if request.method == "POST":
            blocks = composing.typed_blocks(request.POST)
            try:
                if step == "upload":
                    blocks = self._with_picture(request, blocks)
                elif step in {"save", "publish"} and form.is_valid():
                    save(composing.without_empty(blocks))
                    if step == "publish":
                        publish()
                        return HttpResponseRedirect(self._address(row))
                    return HttpResponseRedirect(request.path)
                else:
                    blocks = composing.rearranged(blocks, step)
            except Refusal as refusal:
                problem = str(refusal)
        pictures = list(queries.publishing.pictures_of(official)[:200])
        context = {
            **business.each_context(request),
            "title": row,
            "opts": self.opts,
            "row": row,
            "form": form,
            "blocks": composing.BlocksForm(blocks=blocks, pictures=pictures),
            "kinds": composing.BLOCK_NAMES.items(),
            "problem": problem,
            "back": self._address(row),
        }
        request.current_app = business.name
        return render(request, "admin/business/compose.html", context)

    def _with_picture(self, request: HttpRequest, blocks: composing.Blocks) -> composing.Blocks:
        """A picture chosen on the editor goes into the library and to the end of the body."""
        given = request.FILES.get("picture")
        if given is None:
            return blocks
        made = publishing.add_picture(
            official=business.official(request),
            actor=actor_of(request),
            picture=given.read(),
            name=given.name or "",
        )
        return [*blocks, {"kind": "picture", "text": "", "url": "", "picture": made.public_id}]

    def _edit_address(self, row: Any) -> str:
        name = f"business:{self.opts.app_label}_{self.opts.model_name}_edit"
        return reverse(name, args=[row.pk])

    def once(
        self, request: HttpRequest, object_id: str, verb: Any, act: Callable[..., Any]
    ) -> HttpResponse:
        """A button that asks for nothing but the press: the action is told whose row it is, and who
        pressed."""
        return self.with_form(
            request,
            object_id,
            verb=verb,
            form=Form({} if request.method == "POST" else None),
            act=lambda row, said: act(**self.place(request, row)),
        )

    def to_phones(
        self, request: HttpRequest, object_id: str, act: Callable[..., Any]
    ) -> HttpResponse:
        """Ask to whom it is shown before it is out."""
        form = composing.PreviewForm(request.POST if request.method == "POST" else None)
        return self.with_form(
            request,
            object_id,
            verb=_("Send to phones"),
            form=form,
            act=lambda row, said: act(**self.place(request, row), handles=form.said()),
        )

    def place(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What every action on a row of this screen is told."""
        return {
            "official": business.official(request),
            "actor": actor_of(request),
            self.named: row.public_id,
        }


class ArticleAdmin(Composed):
    named = "article_id"
    list_display = ("title", "status", "reads", "published_at", "changed_at")
    list_filter = ("status",)
    search_fields = ("title", "summary")
    ordering = ("-pk",)
    fields = ("title", "summary", "author", "status", "address", "published_at", "made_by")
    actions_detail = ("edit", "preview", "publish", "copy", "withdraw")
    offered = MappingProxyType(
        {
            ArticleStatus.DRAFT: ("edit", "preview", "publish", "copy"),
            ArticleStatus.PUBLISHED: ("preview", "copy", "withdraw"),
            ArticleStatus.WITHDRAWN: ("copy",),
        }
    )
    actions_list = ("make",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        rows: QuerySet[Article] = super().get_queryset(request)
        rows = rows.select_related("official__account", "made_by", "cover")
        return queries.publishing.with_reads(rows)

    @column(_("Reads"))
    def reads(self, article: Any) -> int:
        return int(article.read_count)

    @column(_("Address"))
    def address(self, article: Article) -> Any:
        if article.status != ArticleStatus.PUBLISHED:
            return "–"
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), article.title)

    @button(_("New article"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        made: list[Article] = []
        answer = self.ask(
            request,
            verb=_("New article"),
            form=composing.TitleForm(request.POST or None),
            act=lambda official, actor, said: made.append(
                publishing.write_article(
                    official=official, actor=actor, manuscript=publishing.Manuscript(**said)
                )
            ),
        )
        return HttpResponseRedirect(self._edit_address(made[0])) if made else answer

    @button(_("Edit"), permission="role")
    def edit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        known = publishing.manuscript_of(article=row)
        pictures = list(queries.publishing.pictures_of(business.official(request))[:200])
        initial = {name: getattr(known, name) for name in composing.ArticleForm.base_fields}
        form = composing.ArticleForm(request.POST or None, initial=initial, pictures=pictures)
        place = self.place(request, row)
        return self.compose(
            request,
            row=row,
            form=form,
            body=list(row.body),
            save=lambda blocks: publishing.change_article(
                **place, manuscript=form.manuscript(blocks)
            ),
            publish=lambda: publishing.publish_article(**place),
        )

    @button(_("Send to phones"), permission="role")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.to_phones(request, object_id, publishing.preview_article)

    @button(_("Publish"), permission="role")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Publish"), publishing.publish_article)

    @button(_("Copy to a new draft"), permission="role")
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Copy to a new draft"), publishing.copy_article)

    @button(_("Take down"), permission="role", is_danger=True)
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Take down"), publishing.withdraw_article)


class CommentAdmin(Composed):
    named = "comment_id"
    list_display = ("text", "who", "article", "status", "created_at")
    list_filter = ("status",)
    list_select_related = ("author", "article")
    search_fields = ("text", "author__name", "article__title")
    ordering = ("-pk",)
    fields = ("text", "who", "article", "status", "reply", "created_at")
    actions_detail = ("show", "hide", "answer")
    offered = MappingProxyType(
        {
            CommentStatus.HELD: ("show", "hide", "answer"),
            CommentStatus.SELECTED: ("hide", "answer"),
            CommentStatus.HIDDEN: ("show", "answer"),
        }
    )

    @column(_("Name"))
    def who(self, comment: Comment) -> str:
        return comment.author.name

    @button(_("Show"), permission="role")
    def show(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Show"), publishing.select_comment)

    @button(_("Don't show"), permission="role")
    def hide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Don't show"), publishing.hide_comment)

    @button(_("Answer"), permission="role")
    def answer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        form = composing.ReplyForm(
            request.POST if request.method == "POST" else None, initial={"text": row.reply}
        )
        return self.with_form(
            request,
            object_id,
            verb=_("Answer"),
            form=form,
            act=lambda row, said: publishing.reply_to_comment(**self.place(request, row), **said),
        )


class PageAdmin(Composed):
    named = "page_id"
    list_display = ("title", "slug", "status", "is_tab", "published_at")
    list_filter = ("status",)
    search_fields = ("title", "slug")
    ordering = ("-pk",)
    fields = ("title", "address", "status", "is_tab", "published_at")
    actions_detail = ("edit", "publish", "withdraw")
    offered = MappingProxyType(
        {
            PageStatus.DRAFT: ("edit", "publish"),
            PageStatus.PUBLISHED: ("edit", "publish", "withdraw"),
            PageStatus.WITHDRAWN: ("edit", "publish"),
        }
    )
    actions_list = ("make",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        rows: QuerySet[Page] = super().get_queryset(request)
        return rows.select_related("official__account")

    @column(_("Address"))
    def address(self, page: Page) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', page.get_absolute_url())

    @button(_("New page"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        made: list[Page] = []
        answer = self.ask(
            request,
            verb=_("New page"),
            form=composing.TitleForm(request.POST or None),
            act=lambda official, actor, said: made.append(
                publishing.make_page(
                    official=official, actor=actor, slug=new_id("p").replace("_", "-"), **said
                )
            ),
        )
        return HttpResponseRedirect(self._edit_address(made[0])) if made else answer

    @button(_("Edit"), permission="role")
    def edit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        initial = {name: getattr(row, name) for name in composing.PageForm.base_fields}
        form = composing.PageForm(request.POST or None, initial=initial)
        place = self.place(request, row)
        return self.compose(
            request,
            row=row,
            form=form,
            body=list(row.draft),
            save=lambda blocks: publishing.change_page(**place, blocks=blocks, **form.cleaned_data),
            publish=lambda: publishing.publish_page(**place),
        )

    @button(_("Publish"), permission="role")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Publish"), publishing.publish_page)

    @button(_("Take down"), permission="role", is_danger=True)
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(request, object_id, _("Take down"), publishing.withdraw_page)


business.register(Picture, PictureAdmin)
business.register(Article, ArticleAdmin)
business.register(Comment, CommentAdmin)
business.register(Page, PageAdmin)
