"""What stands beside the page: the Me tab and the address book."""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import ports, queries
from accounts.guards import MemberRequest
from accounts.ports import cells_for


def show_me(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the Me tab, with its cells beside it."""
    beside = {"tab": "me", "cells": cells_for(ports.me_cells, request.account)}
    return render(request, template, beside | context)


def show_contacts(
    request: MemberRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the Contacts tab, with the address book beside it."""
    words = request.GET.get("q", "").replace("\0", "")[:60]
    beside: dict[str, Any] = {"tab": "contacts", "words": words}
    beside["book_cells"] = cells_for(ports.contact_cells, request.account)
    if words:
        beside["found"] = list(queries.contacts_matching(request.account, words)[:100])
    else:
        rows, after = queries.contacts_page(request.account, request.GET.get("after", ""))
        beside |= {"sections": queries.in_sections(rows), "after": after}
        if "after" not in request.GET:
            beside["starred"] = [contact for contact in rows if contact.is_starred]
    return render(request, template, beside | context, status=status)


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of a page, for codes that another device reads."""
    if settings.PUBLIC_ORIGIN:
        return f"{settings.PUBLIC_ORIGIN}{path}"
    return request.build_absolute_uri(path)


def qr_picture(text: str) -> str:
    """A QR code as the address of a picture. White stays white in dark mode, or nothing reads it."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(scale=8, border=4, dark="#101512", light="#ffffff"))
