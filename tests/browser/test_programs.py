"""Programs of official accounts in real browsers: their access, a template, signing in on a site."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import expect

from accounts import actions
from tests import cast
from tests.browser.kit import PHONE
from tests.official import businesses


@pytest.fixture
def shop(transactional_db):
    mei = cast.make_person("Mei")
    return businesses.publish(mei, "Noodles", businesses.make_reviewer())


@pytest.mark.parametrize("size", [PHONE, (1440, 900)], ids=["phone", "desk"])
async def test_a_developer_makes_a_secret_and_names_the_site(browse, shop, size):
    visit = await browse(shop.owner, size=size)
    page = visit.page
    await visit.goto("/business/accounts/program/")
    await expect(page.get_by_text(shop.appid)).to_be_visible()
    await page.get_by_role("link", name="Make a secret").click()
    await visit.axe()
    await page.get_by_role("button", name="Make a secret").click()
    secret = (await page.get_by_role("status").inner_text()).strip()
    assert (
        await sync_to_async(actions.authenticate_program)(appid=shop.appid, secret=secret) == shop
    )
    await visit.axe()
    await visit.shot(f"programs-secret-{size[0]}")
    await page.get_by_role("link", name="Done").click()
    await page.get_by_label("Hosts of your site").fill("https://shop.example.com")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Give up to 5 hosts")).to_be_visible()
    await page.get_by_label("Hosts of your site").fill("shop.example.com")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_label("Hosts of your site")).to_have_value("shop.example.com")
    assert secret not in await page.content()
    await visit.axe()
    await visit.shot(f"programs-access-{size[0]}")
    await visit.fits()


async def test_a_template_appears_in_an_open_thread(browse, alice, shop):
    def prepare():
        follow = actions.follow_official(person=alice, official=shop)
        return follow, actions.add_template(official=shop, short_id="TM10015")

    follow, template = await sync_to_async(prepare)()
    visit = await browse(alice, size=PHONE)
    await visit.goto(f"/chats/with/{shop.account.public_id}/")
    data = {
        "first": "We have received your payment",
        "keyword1": "39.80",
        "keyword2": "Two bowls of noodles",
        "remark": "See you tomorrow",
    }
    await sync_to_async(actions.send_template)(
        official=shop,
        openid=follow.openid,
        template_id=template.template_id,
        data=data,
        url="https://shop.example.com/orders/1",
    )
    card = visit.page.locator(".formcard")
    await expect(card.get_by_text("Payment received")).to_be_visible()
    for said in data.values():
        await expect(card.get_by_text(said)).to_be_visible()
    link = card.get_by_role("link", name="View details")
    await expect(link).to_have_attribute("href", "https://shop.example.com/orders/1")
    await visit.axe()
    await visit.shot("template-card")
    desk = await browse(shop.owner, size=PHONE)
    await desk.goto(f"/business/inbox/{shop.account.public_id}/")
    await desk.page.get_by_role("link", name="Alice").click()
    await expect(desk.page.locator(".formcard")).to_be_visible()
    await desk.axe()
    await desk.shot("template-card-console")


async def test_somebody_signs_in_on_the_site_of_a_shop(browse, alice, shop):
    """The whole way in one browser: agree, and come back to the site with a code."""

    def prepare():
        secret = actions.reset_program_secret(official=shop, actor=shop.owner)
        actions.set_oauth_domains(official=shop, actor=shop.owner, domains=["shop.example.com"])
        return secret

    await sync_to_async(prepare)()
    visit = await browse(alice, size=PHONE)
    page = visit.page
    came = []

    async def site(route):
        came.append(route.request.url)
        await route.fulfill(body="<!doctype html><title>Shop</title><h1>Welcome back</h1>")

    await page.route("https://shop.example.com/**", site)
    given = {
        "appid": shop.appid,
        "redirect_uri": "https://shop.example.com/cb?x=1",
        "response_type": "code",
        "scope": "snsapi_userinfo",
        "state": "table 12",
    }
    await visit.goto(f"/connect/oauth2/authorize?{urlencode(given)}#wechat_redirect")
    await expect(page.get_by_role("heading", name="Sign in to Noodles")).to_be_visible()
    await visit.axe()
    await visit.shot("sign-in-consent")
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    query = dict(parse_qsl(urlsplit(came[-1]).query))
    assert (query["x"], query["state"]) == ("1", "table 12")
    signed_in = await sync_to_async(actions.redeem_code)(official=shop, code=query["code"])
    assert signed_in.follow.person_id == alice.pk
    silent = urlencode({**given, "scope": "snsapi_base"})
    await visit.goto("/chats/")
    await page.evaluate("(to) => { location.href = to }", f"/connect/oauth2/authorize?{silent}")
    await expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
