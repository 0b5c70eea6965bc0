"""Where an official account's site sends people to sign in: what it asks for, and the way back."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import actions, queries
from accounts.errors import ProgramNotFound
from accounts.guards import MemberRequest, members_only
from accounts.models import SignInToken
from superapp.kernel.errors import Invalid

_STATE_MAX = 256


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: MemberRequest) -> HttpResponse:
    """The openid alone is given silently; name and picture by whoever presses "Allow".

    Nothing leads anywhere before the address is known to be the account's own.
    """
    given = request.GET
    official = queries.official_with_program(given.get("appid", ""))
    if official is None:
        raise ProgramNotFound
    back, state = given.get("redirect_uri", ""), given.get("state", "")
    host = queries.return_host(official, back)
    scope = given.get("scope", "")
    if given.get("response_type") != "code" or len(state) > _STATE_MAX:
        raise Invalid
    if scope == SignInToken.Scope.BASE:
        code = actions.begin_site_sign_in(person=request.account, official=official)
        return _leave(request, host, _with(back, code=code, state=state))
    if scope != SignInToken.Scope.USERINFO:
        raise Invalid
    if request.method == "POST" and "allow" in request.POST:
        code = actions.agree_to_site_sign_in(person=request.account, official=official)
        return _leave(request, host, _with(back, code=code, state=state))
    if request.method == "POST":
        return _leave(request, host, _with(back, state=state))
    return render(request, "accounts/consent.html", {"official": official, "host": host})


def _with(address: str, **more: str) -> str:
    """The address with its own query kept, and these behind it."""
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, urlencode(more)]))
    return urlunsplit(parts._replace(query=query))


def _leave(request: MemberRequest, host: str, address: str) -> HttpResponse:
    """On to the account's site.

    After a form of ours (signing in, "Allow") browsers follow no redirect to another host, because
    our policy allows forms to lead to us alone: there a page leads on.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return render(request, "accounts/consent_leave.html", {"host": host, "address": address})
    return HttpResponseRedirect(address)
