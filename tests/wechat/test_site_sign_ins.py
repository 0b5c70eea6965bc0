"""Bob signs in on the shop's own site with his account here."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from accounts import actions, queries
from accounts.errors import BadDomain, ProgramNotFound, ReturnAddressNotAllowed
from accounts.models import Follow, SignInToken
from superapp.kernel import tasks, time
from superapp.kernel.errors import NotAllowed
from tests.chat.files import picture
from tests.official.businesses import hire, publish

BACK = "https://shop.example.com/cb?x=1"
STATE = "st 1&=中"


class Site:
    """The shop's own site: it sends people to sign in, and its server asks who they are."""

    def __init__(self, program, client):
        self.program, self.client = program, client
        self.appid, self.secret = program.official.appid, program.secret

    def address(self, **more):
        given = {
            "appid": self.appid,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "snsapi_userinfo",
            "state": STATE,
            **more,
        }
        return f"/connect/oauth2/authorize?{urlencode(given)}"

    def ask(self, path, **query):
        answer = self.client.get(f"/sns/{path}", query)
        assert answer.status_code == 200
        return json.loads(answer.content)

    def redeem(self, code, **more):
        given = {"appid": self.appid, "secret": self.secret, "code": code}
        return self.ask(
            "oauth2/access_token", **{**given, "grant_type": "authorization_code"} | more
        )

    def refresh(self, token, **more):
        given = {"appid": self.appid, "refresh_token": token, "grant_type": "refresh_token"}
        return self.ask("oauth2/refresh_token", **given | more)


@pytest.fixture
def site(program, alice):
    actions.set_oauth_domains(
        official=program.official, actor=alice, domains=[" Shop.example.com ", "127.0.0.1:5000"]
    )
    return Site(program, Client())


@pytest.fixture
def browser(bob):
    browser = Client()
    browser.force_login(bob.person)
    return browser


@pytest.fixture
def agree(site, browser):
    """Bob presses "Allow"; the code that his browser carries back."""

    def agree():
        answer = browser.post(site.address(), {"allow": "1"})
        return code_in(answer["Location"])

    return agree


@pytest.fixture
def silent(site, browser):
    def silent():
        return code_in(browser.get(site.address(scope="snsapi_base"))["Location"])

    return silent


def code_in(address):
    return dict(parse_qsl(urlsplit(address).query))["code"]


def later(**after):
    return time.pretend(time.now() + timedelta(**after))


def test_the_openid_alone_is_given_silently_and_the_way_back_keeps_its_query(site, browser, bob):
    answer = browser.get(site.address(scope="snsapi_base"))
    assert answer.status_code == 302
    back = urlsplit(answer["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == "https://shop.example.com/cb"
    query = dict(parse_qsl(back.query))
    assert (query["x"], query["state"]) == ("1", STATE)
    signed_in = site.redeem(query["code"])
    follow = queries.follow_of(bob, site.program.official)
    assert (signed_in["openid"], signed_in["scope"]) == (follow.openid, "snsapi_base")
    assert (signed_in["expires_in"], "unionid" in signed_in) == (7200, False)
    assert not follow.is_following
    assert follow.introduced_at is None


def test_name_and_picture_are_asked_for(site, browser, agree, bob):
    actions.set_avatar(account=bob, picture=picture())
    page = browser.get(site.address())
    assert page.status_code == 200
    shown = page.content.decode()
    assert ("Sign in to Alice&#x27;s Tea" in shown, "shop.example.com" in shown) == (True, True)
    assert not SignInToken.objects.exists(), "looking gives nothing away"
    signed_in = site.redeem(agree())
    token = {"access_token": signed_in["access_token"], "openid": signed_in["openid"]}
    found = site.ask("userinfo", **token, lang="en")
    assert found["nickname"] == bob.name
    assert (found["sex"], found["province"], found["privilege"]) == (0, "", [])
    assert found["unionid"] == signed_in["unionid"]
    seen = Client().get(found["headimgurl"])
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert site.ask("auth", **token) == {"errcode": 0, "errmsg": "ok"}


def test_whoever_was_introduced_is_known_by_name_until_they_leave(site, program, bobs, bob, agree):
    assert program.ask("GET", "user/info", openid=bobs.openid)["nickname"] == ""
    agree()
    assert program.ask("GET", "user/info", openid=bobs.openid)["nickname"] == bob.name
    actions.unfollow_official(person=bob, official=program.official)
    actions.follow_official(person=bob, official=program.official)
    assert program.ask("GET", "user/info", openid=bobs.openid)["nickname"] == ""


def test_a_no_leads_back_without_a_code(site, browser, bob):
    answer = browser.post(site.address(), {"refuse": "1"})
    assert dict(parse_qsl(urlsplit(answer["Location"]).query)) == {"x": "1", "state": STATE}
    assert not SignInToken.objects.exists()
    assert not Follow.objects.filter(person=bob).exists()


def test_a_visitor_signs_in_first_and_comes_back(site):
    answer = Client().get(site.address())
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    assert back == site.address()


def test_after_a_form_of_ours_a_page_leads_on(site, browser):
    """Browsers follow no redirect from a form to another host: our policy forbids it."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    page = browser.post(site.address(), {"allow": "1"}, headers=headers)
    assert page.status_code == 200
    shown = page.content.decode()
    assert (
        '<meta http-equiv="refresh" content="0; url=https://shop.example.com/cb?x=1&amp;' in shown
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.com/",
        "https://shop.example.com.evil.org/",
        "https://shop.example.com@evil.org/",
        "https://evil@shop.example.com/",
        "https://evil.org\\@shop.example.com/",
        "https://evil.org#@shop.example.com/",
        "https:///shop.example.com/",
        "//shop.example.com/",
        "javascript://shop.example.com/%0aalert(1)",
        "https://shop.example.com/\r\nSet-Cookie: a=b",
        "https://[shop.example.com/",
        "http://127.0.0.1:5001/",
        "/",
        "",
        f"https://shop.example.com/{'x' * 2048}",
    ],
)
@pytest.mark.parametrize("scope", ["snsapi_base", "snsapi_userinfo"])
def test_no_other_host_gets_a_code(site, browser, address, scope):
    for ask in (browser.get, browser.post):
        answer = ask(site.address(redirect_uri=address, scope=scope))
        assert answer.status_code == 400
        assert "Location" not in answer
    assert not SignInToken.objects.exists()


def test_a_domain_with_a_port_is_that_port(site):
    official = site.program.official
    assert queries.return_host(official, "http://127.0.0.1:5000/cb") == "127.0.0.1"
    assert queries.return_host(official, "http://SHOP.example.com:8080/") == "shop.example.com"
    with pytest.raises(ReturnAddressNotAllowed):
        queries.return_host(official, "http://127.0.0.1/")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"appid": "wx0000000000000000"}, 404),
        ({"response_type": "token"}, 400),
        ({"scope": "snsapi_login"}, 400),
        ({"scope": ""}, 400),
        ({"state": "x" * 257}, 400),
    ],
)
def test_what_the_site_may_not_ask(site, browser, given, code):
    assert browser.get(site.address(**given)).status_code == code
    assert not SignInToken.objects.exists()


def test_a_code_works_once_and_five_minutes(site, silent):
    code = silent()
    assert "openid" in site.redeem(code)
    assert site.redeem(code)["errcode"] == 40163
    code = silent()
    with later(seconds=301):
        assert site.redeem(code)["errcode"] == 40029
    assert SignInToken.objects.filter(kind="access").count() == 1


def test_a_code_of_another_account_is_unknown(site, silent, carol, root):
    other = publish(carol, "Carol's Cakes", root)
    secret = actions.reset_program_secret(official=other, actor=carol)
    code = silent()
    assert site.redeem(code, appid=other.appid, secret=secret)["errcode"] == 40029
    assert "openid" in site.redeem(code), "and the right one may still use it"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": ""}, 41008),
        ({"code": "nosuchcode"}, 40029),
        ({"secret": "bad"}, 40125),
        ({"secret": ""}, 41004),
        ({"appid": ""}, 41002),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_what_is_wrong_with_a_request_has_its_code(site, given, code):
    assert site.redeem(**{"code": "nosuchcode", **given})["errcode"] == code


def test_a_token_is_refreshed_for_thirty_days(site, agree):
    signed_in = site.redeem(agree())
    with later(seconds=7201):
        over = {"access_token": signed_in["access_token"], "openid": signed_in["openid"]}
        assert site.ask("userinfo", **over)["errcode"] == 42001
        again = site.refresh(signed_in["refresh_token"])
        assert again["refresh_token"] == signed_in["refresh_token"]
        assert (again["openid"], again["scope"]) == (signed_in["openid"], "snsapi_userinfo")
        fresh = {"access_token": again["access_token"], "openid": again["openid"]}
        assert "nickname" in site.ask("userinfo", **fresh)
    with later(days=30, seconds=1):
        assert site.refresh(signed_in["refresh_token"])["errcode"] == 42002


def test_what_cannot_be_refreshed(site, agree, carol, root):
    refresh = site.redeem(agree())["refresh_token"]
    other = publish(carol, "Carol's Cakes", root)
    assert site.refresh("nope")["errcode"] == 40030
    assert site.refresh(refresh, appid=other.appid)["errcode"] == 40030
    assert site.refresh(refresh, appid="")["errcode"] == 41002
    assert site.refresh("")["errcode"] == 41003
    assert site.refresh(refresh, grant_type="x")["errcode"] == 40002


def test_the_openid_alone_opens_no_profile(site, silent):
    signed_in = site.redeem(silent())
    token = {"access_token": signed_in["access_token"], "openid": signed_in["openid"]}
    assert site.ask("userinfo", **token)["errcode"] == 48001
    assert site.ask("auth", **token)["errcode"] == 0


def test_bad_tokens_and_openids_of_others(site, agree):
    signed_in = site.redeem(agree())
    for path in ("userinfo", "auth"):
        good = {"access_token": signed_in["access_token"], "openid": signed_in["openid"]}
        assert site.ask(path, **good | {"access_token": "nope"})["errcode"] == 40001
        assert site.ask(path, **good | {"access_token": ""})["errcode"] == 41001
        assert site.ask(path, **good | {"openid": "o" + "x" * 27})["errcode"] == 40003
        assert site.ask(path, **good | {"openid": ""})["errcode"] == 41009
        refresh = good | {"access_token": signed_in["refresh_token"]}
        assert site.ask(path, **refresh)["errcode"] == 40001, "a refresh token opens nothing"
    assert site.ask("no/such/thing")["errcode"] == 40066


def test_these_tokens_open_nothing_else(site, program, agree, bobs):
    signed_in = site.redeem(agree())
    for token in (signed_in["access_token"], signed_in["refresh_token"]):
        assert program.code("GET", "user/info", access_token=token, openid=bobs.openid) == 40001
    query = {"access_token": program.token, "openid": bobs.openid}
    assert site.ask("userinfo", **query)["errcode"] == 40001


def test_what_is_stored_is_no_token(site, agree):
    signed_in = site.redeem(agree())
    kept = str(list(SignInToken.objects.values()))
    assert signed_in["access_token"] not in kept
    assert signed_in["refresh_token"] not in kept


def test_a_new_secret_and_a_suspension_end_every_sign_in(site, agree, alice, root, program):
    first = site.redeem(agree())
    token = {"access_token": first["access_token"], "openid": first["openid"]}
    actions.suspend_official(official=program.official, staff=root, reason="Complaints")
    assert site.ask("auth", **token)["errcode"] == 40001
    actions.approve_official(official=program.official, staff=root)
    assert site.ask("auth", **token)["errcode"] == 0
    actions.reset_program_secret(official=program.official, actor=alice)
    assert site.ask("auth", **token)["errcode"] == 40001


def test_a_picture_that_was_replaced_is_no_longer_shown(site, agree, bob):
    actions.set_avatar(account=bob, picture=picture())
    signed_in = site.redeem(agree())
    token = {"access_token": signed_in["access_token"], "openid": signed_in["openid"]}
    before = site.ask("userinfo", **token)["headimgurl"]
    guessed = before[:-3] + "00/"
    assert Client().get(guessed).status_code == 404
    actions.set_avatar(account=bob, picture=picture((50, 50)))
    assert Client().get(before).status_code == 404


def test_what_is_over_is_forgotten_a_day_later(site, silent):
    site.redeem(silent())
    with later(days=2):
        tasks.tidy()
        assert list(SignInToken.objects.values_list("kind", flat=True)) == ["refresh"]
    with later(days=32):
        actions.forget_site_sign_ins()
    assert not SignInToken.objects.exists()


def test_domains_are_hosts_and_nothing_else(program, alice):
    official = program.official
    said = actions.set_oauth_domains(official=official, actor=alice, domains=["a.example.com", ""])
    assert said == ["a.example.com"]
    for bad in (
        "https://a.example.com",
        "a.example.com/x",
        "*.example.com",
        "a b",
        "-a.com",
        "a:x",
    ):
        with pytest.raises(BadDomain):
            actions.set_oauth_domains(official=official, actor=alice, domains=[bad])
    many = [f"{n}.example.com" for n in range(6)]
    with pytest.raises(BadDomain):
        actions.set_oauth_domains(official=official, actor=alice, domains=many)
    assert queries.oauth_domains_of(official) == ["a.example.com"]


def test_only_developers_of_an_account_with_a_secret_name_domains(program, alice, bob, carol, root):
    hire(program.official, alice, bob, "agent")
    with pytest.raises(NotAllowed):
        actions.set_oauth_domains(official=program.official, actor=bob, domains=["evil.org"])
    other = publish(carol, "Carol's Cakes", root)
    with pytest.raises(ProgramNotFound):
        actions.set_oauth_domains(official=other, actor=carol, domains=["a.example.com"])
    assert queries.oauth_domains_of(program.official) == []


def test_the_actions_behind_the_doors(program, bob):
    code = actions.begin_site_sign_in(person=bob, official=program.official)
    signed_in = actions.redeem_code(official=program.official, code=code)
    again = actions.refresh_site_sign_in(
        appid=program.official.appid, refresh_token=signed_in.refresh_token
    )
    assert (again.follow, again.scope) == (signed_in.follow, "snsapi_base")
    code = actions.agree_to_site_sign_in(person=bob, official=program.official)
    assert actions.redeem_code(official=program.official, code=code).scope == "snsapi_userinfo"
