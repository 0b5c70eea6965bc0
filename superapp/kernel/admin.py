"""The platform console: rows to look at, and buttons that call actions. Nothing is edited in place."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from superapp.kernel.errors import NotFound, Refusal

F = TypeVar("F", bound=Callable[..., Any])


def column(title: str | Promise) -> Callable[[F], F]:
    """A computed column of a list, or a line of a row's page."""
    return display(description=title)  # type: ignore[no-any-return]


def button(title: str | Promise, *, permission: str, is_danger: bool = False) -> Callable[[F], F]:
    """A button on a row's page, for whoever `has_<permission>_permission` lets."""
    variant = ActionVariant.DANGER if is_danger else ActionVariant.DEFAULT
    made: Any = action(description=title, permissions=[permission], variant=variant)
    return made  # type: ignore[no-any-return]


def shortened(address: str) -> SafeString:
    """A link whose address is too long to be read, and would push a phone's page wide."""
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500 underline" href="{}" dir="ltr">{}</a>',
        address,
        Truncator(address).chars(24),
    )


class ReasonForm(forms.Form):
    said = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Kept in the audit log, for whoever asks later."),
        widget=UnfoldAdminTextInputWidget,
    )


class ChoiceForm(forms.Form):
    said = forms.ChoiceField(widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, label: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["said"]
        field.label, field.choices = label, choices  # type: ignore[attr-defined]


class ConsoleAdmin(ModelAdmin):
    """Base of every console screen: read-only; what may be seen follows from permissions.

    A button is a method with @button(…), named in `actions_detail`; it answers
    `self.with_reason(…)`.
    """

    actions = None
    list_per_page = 50
    list_fullwidth = True
    show_full_result_count = False
    show_facets = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [
            name for _title, part in self.get_fieldsets(request, obj) for name in part["fields"]
        ]

    def with_reason(
        self,
        request: HttpRequest,
        object_id: str,
        *,
        verb: str | Promise,
        act: Callable[[Any, str], object],
    ) -> HttpResponse:
        """Ask for a reason, then act on the row with it. A refusal is shown, and nothing done."""
        return self.with_form(
            request,
            object_id,
            verb=verb,
            form=ReasonForm(request.POST or None),
            act=lambda row, said: act(row, said["said"]),
        )

    def with_choice(
        self,
        request: HttpRequest,
        object_id: str,
        *,
        verb: str | Promise,
        label: str | Promise,
        choices: Sequence[tuple[str, str]],
        act: Callable[[Any, str], object],
    ) -> HttpResponse:
        """Offer a choice, then act on the row with it."""
        form = ChoiceForm(request.POST or None, label=label, choices=choices)
        return self.with_form(
            request,
            object_id,
            verb=verb,
            form=form,
            act=lambda row, said: act(row, said["said"]),
        )

    def with_form(
        self,
        request: HttpRequest,
        object_id: str,
        *,
        verb: str | Promise,
        form: forms.Form,
        act: Callable[[Any, dict[str, Any]], object],
    ) -> HttpResponse:
        """Ask what the form asks, then act on the row with the answers."""
        row = self._row(request, object_id)
        if form.is_valid():
            try:
                act(row, form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Done."))
                return HttpResponseRedirect(self._address(row))
        context = {
            **self.admin_site.each_context(request),
            "title": verb,
            "opts": self.opts,
            "row": row,
            "form": form,
            "verb": verb,
            "back": self._address(row),
        }
        # Which of the consoles the addresses of the page lead back to.
        request.current_app = self.admin_site.name
        return render(request, "admin/console/reason.html", context)

    def _row(self, request: HttpRequest, object_id: str) -> Model:
        row: Model | None = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise NotFound
        return row

    def _address(self, row: Model) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        gone = row.pk is None
        return reverse(f"{name}_changelist") if gone else reverse(f"{name}_change", args=[row.pk])
