"""What stands beside the wallet's pages: the cells of the Me tab."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts import ports
from accounts.guards import MemberRequest


def show(
    request: MemberRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the wallet."""
    beside = {"tab": "me", "cells": ports.cells_for(ports.me_cells, request.account)}
    return render(request, template, beside | context, status=status)


def session_of(request: MemberRequest) -> str:
    """What a confirmed payment password is bound to."""
    return request.session.session_key or ""
