"""The picture of a licence in both consoles: a link on the account's page, for the few who may look."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import OfficialAccount
from superapp.kernel import media
from superapp.kernel.admin import ConsoleAdmin, column
from superapp.kernel.errors import NotFound

_NAME = "accounts_officialaccount_see_licence"


class LicenceAdmin(ConsoleAdmin):
    """Base of the screens about official accounts."""

    admin_site: AdminSite

    # Which of the screen's permissions somebody has for whom it was handed in.
    licence_permission: str

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.see_licence))
        own = path("<path:object_id>/see-licence/", view, name=_NAME)
        return [own, *super().get_urls()]

    def see_licence(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        official: Any = self._row(request, object_id)
        may = getattr(self, f"has_{self.licence_permission}_permission")
        if official.licence is None or not may(request):
            raise NotFound
        return media.serve(request, official.licence)

    @column(gettext_lazy("Licence"))
    def licence_picture(self, official: OfficialAccount) -> str:
        if official.licence_id is None:
            return "–"
        address = reverse(f"{self.admin_site.name}:{_NAME}", args=[official.pk])
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500 underline" href="{}">{}</a>',
            address,
            _("Look at it"),
        )
