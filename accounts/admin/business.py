"""The screens of the business console about its audience."""

import csv
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import actions, queries
from accounts.admin import forms
from accounts.admin.site import BusinessAdmin, actor_of, business
from accounts.models import (
    AutoReply,
    Follow,
    FollowerTag,
    Menu,
    QRScene,
)
from accounts.states import StaffMay
from superapp.kernel import time
from superapp.kernel.admin import button, column, shortened
from superapp.kernel.errors import Refusal


class FollowerAdmin(BusinessAdmin):
    what = StaffMay.FOLLOWERS
    list_display = ("who", "remark", "tag_names", "source", "followed_at", "is_blacklisted")
    list_filter = ("source", "is_blacklisted")
    list_select_related = ("person",)
    search_fields = ("person__name", "remark", "openid")
    ordering = ("-pk",)
    fields = ("who", "openid", "remark", "tag_names", "source", "followed_at", "is_blacklisted")
    actions_detail = ("describe", "blacklist", "unblacklist")
    offered = MappingProxyType(
        {"heard": ("describe", "blacklist"), "silent": ("describe", "unblacklist")}
    )
    actions_list = ("export",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Follow]:
        return super().get_queryset(request).filter(is_following=True).prefetch_related("tags")

    @column(_("Name"))
    def who(self, follow: Follow) -> str:
        return follow.person.name

    @column(_("Tags"))
    def tag_names(self, follow: Follow) -> str:
        return ", ".join(tag.name for tag in follow.tags.all()) or "–"

    def status_of(self, follow: Follow) -> str:
        return "silent" if follow.is_blacklisted else "heard"

    @button(_("Remark and tags"), permission="role")
    def describe(self, request: HttpRequest, object_id: str) -> HttpResponse:
        official = business.official(request)
        follow: Any = self._row(request, object_id)
        known = {
            "remark": follow.remark,
            "tag_numbers": [tag.number for tag in follow.tags.all()],
        }
        form = forms.FollowerForm(
            request.POST or None, initial=known, tags=queries.follower_tags_of(official)
        )
        return self.with_form(
            request,
            object_id,
            verb=_("Remark and tags"),
            form=form,
            act=lambda row, said: actions.describe_follower(
                official=official, actor=actor_of(request), openid=row.openid, **said
            ),
        )

    @button(_("Hear nothing more"), permission="role", is_danger=True)
    def blacklist(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Hear nothing more"),
            act=lambda row, reason: actions.blacklist_follower(
                official=business.official(request), actor=actor_of(request), openid=row.openid
            ),
        )

    @button(_("Hear again"), permission="role")
    def unblacklist(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Hear again"),
            act=lambda row, reason: actions.unblacklist_follower(
                official=business.official(request), actor=actor_of(request), openid=row.openid
            ),
        )

    @button(_("Export as CSV"), permission="role")
    def export(self, request: HttpRequest) -> HttpResponse:
        """Followers by openid, with what the account itself noted; nothing else of them."""
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="followers.csv"'
        rows = csv.writer(answer)
        rows.writerow(["openid", "remark", "tags", "source", "followed_at"])
        for follow in self.get_queryset(request):
            tags = " ".join(tag.name for tag in follow.tags.all())
            cells = [follow.openid, follow.remark, tags, follow.source, follow.followed_at]
            rows.writerow([_harmless(str(cell)) for cell in cells])
        return answer


def _harmless(cell: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t" else cell


class TagAdmin(BusinessAdmin):
    what = StaffMay.FOLLOWERS
    list_display = ("name", "number", "created_at")
    search_fields = ("name",)
    ordering = ("number",)
    fields = ("name", "number", "created_at")
    actions_detail = ("drop",)
    actions_list = ("make",)

    @button(_("New tag"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        return self.ask(
            request,
            verb=_("New tag"),
            form=forms.NameForm(request.POST or None),
            act=lambda official, actor, said: actions.make_tag(
                official=official, actor=actor, **said
            ),
        )

    @button(_("Delete"), permission="role", is_danger=True)
    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        official = business.official(request)

        def act(row: Any, reason: str) -> None:
            actions.drop_tag(official=official, actor=actor_of(request), number=row.number)
            row.pk = None

        return self.with_reason(request, object_id, verb=_("Delete"), act=act)


class AutoReplyAdmin(BusinessAdmin):
    what = StaffMay.CONTENT
    list_display = ("name", "trigger", "words", "answers", "is_on")
    list_filter = ("trigger", "is_on")
    ordering = ("pk",)
    fields = ("name", "trigger", "words", "answers", "choice", "is_on")
    actions_detail = ("switch_on", "switch_off", "drop")
    offered = MappingProxyType({"on": ("switch_off", "drop"), "off": ("switch_on", "drop")})
    actions_list = ("make",)

    def status_of(self, rule: AutoReply) -> str:
        return "on" if rule.is_on else "off"

    @column(_("Name"))
    def name(self, rule: AutoReply) -> str:
        return str(rule)

    @column(_("Words"))
    def words(self, rule: AutoReply) -> str:
        return ", ".join(keyword["text"] for keyword in rule.keywords) or "–"

    @column(_("Answers"))
    def answers(self, rule: AutoReply) -> str:
        return " · ".join(reply["text"] for reply in rule.replies)

    @button(_("New auto-reply"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        form = forms.AutoReplyForm(request.POST or None)
        return self.ask(
            request,
            verb=_("New auto-reply"),
            form=form,
            act=lambda official, actor, said: actions.add_auto_reply(
                official=official, actor=actor, **form.said()
            ),
        )

    def _do(self, request: HttpRequest, object_id: str, verb: Any, act: Any) -> HttpResponse:
        """One tap: nothing is asked for what can be taken back as easily."""
        official = business.official(request)
        row: Any = self._row(request, object_id)
        if request.method == "POST":
            act(official=official, actor=actor_of(request), reply_id=row.public_id)
            return HttpResponseRedirect(reverse("business:accounts_autoreply_changelist"))
        context = {
            **business.each_context(request),
            "title": verb,
            "opts": self.opts,
            "row": row,
            "form": [],
            "verb": verb,
            "back": reverse("business:accounts_autoreply_changelist"),
        }
        request.current_app = business.name
        return render(request, "admin/console/reason.html", context)

    @button(_("Switch on"), permission="role")
    def switch_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _("Switch on"), actions.switch_auto_reply_on)

    @button(_("Switch off"), permission="role")
    def switch_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _("Switch off"), actions.switch_auto_reply_off)

    @button(_("Delete"), permission="role", is_danger=True)
    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _("Delete"), actions.delete_auto_reply)


class MenuAdmin(BusinessAdmin):
    what = StaffMay.CONTENT
    list_display = ("official", "published_at", "published_by")
    list_select_related = ("official__account", "published_by")
    fields = ("official", "published_at", "published_by")
    actions_list = ("edit",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """An account has one menu: its list is the editor."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("business:accounts_menu_edit"))

    @button(_("Edit the menu"), permission="role")
    def edit(self, request: HttpRequest) -> HttpResponse:
        official, actor = business.official(request), actor_of(request)
        menu = queries.menu_row_of(official)
        form = forms.MenuForm(request.POST or None, menu=menu.draft or menu.published)
        if form.is_valid():
            try:
                actions.save_menu_draft(official=official, actor=actor, buttons=form.buttons())
                if "publish" in request.POST:
                    actions.publish_menu(official=official, actor=actor)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(request.path)
        context = {
            **business.each_context(request),
            "title": _("Menu"),
            "opts": self.opts,
            "form": form,
            "preview": menu.draft.get("button", []),
            "menu": menu,
            "is_published": menu.draft == menu.published,
        }
        request.current_app = business.name
        return render(request, "admin/business/menu.html", context)


class SceneAdmin(BusinessAdmin):
    what = StaffMay.CONTENT
    list_display = ("place", "address", "expires_at", "created_at")
    ordering = ("-pk",)
    fields = ("place", "address", "code", "expires_at", "created_at")
    actions_list = ("make",)

    @column(_("Where the code hangs"))
    def place(self, scene: QRScene) -> str:
        return scene.scene

    @column(_("Address"))
    def address(self, scene: QRScene) -> str:
        return shortened(reverse("accounts:official-scan", args=[scene.ticket]))

    @column(_("Code"))
    def code(self, scene: QRScene) -> str:
        """The picture to print, as long as it leads somewhere."""
        if scene.expires_at is not None and scene.expires_at <= time.now():
            return "–"
        address = f"{reverse('wechat:qrcode-show')}?ticket={scene.ticket}"
        return format_html(
            '<a href="{}" download="{}.png"><img src="{}" alt="{}" width="220" height="220"></a>',
            address,
            scene.scene,
            address,
            _("QR code. Press to save it."),
        )

    @button(_("New QR code"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        return self.ask(
            request,
            verb=_("New QR code"),
            form=forms.PlaceForm(request.POST or None),
            act=lambda official, actor, said: actions.make_poster_code(
                official=official, actor=actor, **said
            ),
        )


business.register(Follow, FollowerAdmin)
business.register(FollowerTag, TagAdmin)
business.register(Menu, MenuAdmin)
business.register(AutoReply, AutoReplyAdmin)
business.register(QRScene, SceneAdmin)
