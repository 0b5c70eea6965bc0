"""The tour of a business, in real browsers: from the application to the first click on a broadcast.

Mei applies and Root approves; another business finds nothing. Ana follows by a code, is welcomed and
asks by a word. Mei writes, looks at it on her phone, and with Wei's agreement sends it to the followers
with a tag; Ana's click is in the figures.
"""

import re
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from playwright.async_api import expect

from accounts import actions, queries
from accounts.actions import publishing
from accounts.models import Article, Broadcast, OfficialAccount
from chat import actions as chats
from superapp.kernel import outbox
from tests import cast
from tests.browser.kit import DESKTOP, PHONE
from tests.chat.conftest import say
from tests.official.businesses import PAPERS, hire, make_reviewer
from tests.publishing.conftest import print_article


@pytest.fixture
def people(transactional_db):
    return {name: cast.make_person(name) for name in ("Mei", "Wei", "Ana", "Lin")}


def in_database(act):
    """Runs with connections of its own, which are given back."""

    def run(*args, **kwargs):
        try:
            return act(*args, **kwargs)
        finally:
            connections.close_all()

    return sync_to_async(run)


@in_database
def approve(official):
    root = make_reviewer()
    official.refresh_from_db()
    actions.approve_official(official=official, staff=root)


@in_database
def work():
    outbox.run_due(outbox.DEFAULT, limit=20)


async def test_a_business_is_approved_and_sees_only_itself(browse, people):
    mei, lin = people["Mei"], people["Lin"]
    desk = await browse(mei, size=DESKTOP)
    page = desk.page
    await desk.goto("/official/apply/")
    await page.get_by_label("Name", exact=True).fill("Mei Noodles")
    await page.get_by_label("Kind").select_option("service")
    await page.get_by_label("Category").select_option("food")
    await page.get_by_role("button", name="Begin").click()
    await expect(page.get_by_text("Mei Noodles").first).to_be_visible()
    official = await OfficialAccount.objects.select_related("account").aget()
    fill = in_database(actions.fill_papers)
    await fill(official=official, actor=mei, papers=PAPERS)
    await in_database(actions.submit_official)(official=official, actor=mei)
    await approve(official)
    await desk.goto(f"/a/{official.account.public_id}/")
    await expect(page.get_by_role("img", name="Verified").first).to_be_visible()
    await desk.inspect("/business/", "business-home-desktop")
    other = await browse(lin, size=PHONE)
    other.expects("404 (Not Found)", "403 (Forbidden)")
    for path in (f"/business/inbox/{official.account.public_id}/", "/business/accounts/article/"):
        await other.goto(path)
        await expect(other.page.get_by_text("Mei Noodles")).to_have_count(0)


@pytest.fixture
def noodles(people):
    """Mei's restaurant with its menu and replies; Wei writes for it too."""
    from tests.official.businesses import publish

    mei = people["Mei"]
    official = publish(mei, "Mei Noodles", make_reviewer())
    place = {"official": official, "actor": mei}
    buttons = [{"type": "text", "name": "Hours", "value": "11 to 22"}]
    actions.replace_menu(official=official, buttons=buttons)
    actions.add_auto_reply(**place, trigger="follow", replies=[{"text": "Welcome!"}])
    actions.add_auto_reply(
        **place,
        trigger="keyword",
        keywords=[{"text": "menu", "is_exact": False}],
        replies=[{"text": "Beef noodles, 28"}],
    )
    hire(official, mei, people["Wei"], "operator")
    actions.make_tag(**place, name="Noodle lovers")
    actions.follow_official(person=mei, official=official)
    return official


async def test_from_the_code_to_the_click(browse, people, noodles):
    mei, ana = people["Mei"], people["Ana"]
    scene = await in_database(actions.make_poster_code)(official=noodles, actor=mei, place="Door")
    phone = await browse(ana, size=PHONE)
    page = phone.page
    await phone.goto(f"/q/{scene.ticket}/")
    await page.get_by_role("button", name="Follow", exact=True).click()
    await expect(page.get_by_text("Welcome!").last).to_be_visible()
    await expect(page.get_by_role("button", name="Hours")).to_be_visible()
    await page.wait_for_load_state()  # the button stands before its script listens
    await page.get_by_role("button", name="Write a message instead").click()
    await page.get_by_label("Message to Mei Noodles").fill("menu")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("Beef noodles, 28").last).to_be_visible()

    await _tag(noodles, ana)
    desk = await browse(mei, size=DESKTOP)
    await _write(desk)
    await _compose(desk)
    broadcast = await Broadcast.objects.aget()
    mobile = await browse(mei, size=PHONE)
    await mobile.goto(f"/chats/with/{noodles.account.public_id}/")
    await expect(mobile.page.get_by_text("Preview").last).to_be_visible()
    await expect(mobile.page.get_by_text("Hand-pulled since 1987").last).to_be_visible()
    await mobile.shot("broadcast-preview-phone")
    second = await browse(people["Wei"], size=DESKTOP)
    await second.goto(f"/business/accounts/broadcast/{broadcast.pk}/change/")
    await second.axe()
    await second.shot("broadcast-review-desktop")
    await second.page.get_by_role("link", name="Agree").click()
    await second.page.get_by_role("button", name="Agree").click()
    await expect(second.page.get_by_text("Done.")).to_be_visible()
    link = page.get_by_role("link", name=re.compile("Hand-pulled since 1987"))
    await expect(link).to_have_count(0)
    await work()
    await expect(link).to_be_visible()  # in the thread that stood open all the time

    await phone.goto("/chats/")
    await expect(page.get_by_text("[Article] Hand-pulled")).to_be_visible()
    await phone.axe()
    await phone.shot("broadcast-list-phone")
    await page.get_by_role("link", name="Noodles").first.click()
    await expect(link).to_be_visible()
    await phone.axe()
    await phone.shot("broadcast-thread-phone")
    await link.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hand-pulled since 1987")
    await phone.axe()
    await phone.fits()
    await phone.shot("article-phone")
    report = await in_database(_report)(broadcast.pk)
    assert (report["sent"], report["opened"], report["clicked"], report["read"]) == (1, 1, 1, 2)
    await desk.inspect("/business/accounts/figure/show/", "business-figures-desktop")
    await desk.goto(f"/business/accounts/broadcast/{broadcast.pk}/change/")
    await desk.shot("broadcast-report-desktop")


@in_database
def _tag(official, person):
    follow = queries.follow_of(person, official)
    actions.tag_followers(official=official, number=100, openids=[follow.openid])


def _report(pk):
    broadcast = Broadcast.objects.select_related("official").get(pk=pk)
    return queries.publishing.report_of(broadcast)


async def _write(desk):
    page = desk.page
    await desk.goto("/business/accounts/article/make")
    await page.get_by_label("Title").fill("Hand-pulled since 1987")
    await page.get_by_role("button", name="New article").click()
    await page.get_by_role("button", name="+ Heading").click()
    await page.get_by_role("button", name="+ Text").click()
    words = page.get_by_label("Words")
    await words.nth(0).fill("Four folds")
    await words.nth(1).fill("Every fold **doubles** the strands.\n\n- One: two\n- Seven: 128")
    await page.get_by_label("Summary").fill("Flour, water and thirty seconds.")
    await desk.axe()
    await desk.shot("article-editor-desktop")
    await page.get_by_role("button", name="Save and publish").click()
    await expect(page.get_by_text("Published").first).to_be_visible()
    article = await Article.objects.select_related("official__account").aget()
    await desk.goto(article.get_absolute_url())
    await desk.shot("article-desktop")


async def _compose(desk):
    page = desk.page
    await desk.goto("/business/accounts/broadcast/make")
    await page.get_by_label("Hand-pulled since 1987").check()
    await page.get_by_label("For").select_option("100")
    await desk.axe()
    await desk.shot("broadcast-compose-desktop")
    await page.get_by_role("button", name="New broadcast").click()
    await page.get_by_role("link", name="Hand-pulled since 1987").click()
    await page.get_by_role("link", name="Send to phones").click()
    await page.get_by_role("button", name="Send to phones").click()
    await expect(page.get_by_text("Done.")).to_be_visible()
    await page.get_by_role("link", name="Hand in").click()
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_text("Done.")).to_be_visible()


_OURS = "/business/accounts"
LOOKS = [("light", "en"), ("dark", "en"), ("light", "ar")]


@pytest.mark.parametrize(("theme", "language"), LOOKS)
async def test_every_page_is_accessible(browse, people, noodles, theme, language):
    mei, ana = people["Mei"], people["Ana"]
    public, console, rest = await in_database(_filled)(noodles, mei, ana, language)
    for size, name in ((PHONE, "phone"), (DESKTOP, "desktop")):
        visit = await browse(mei, size=size, theme=theme, language=language)
        if theme == "dark":  # the console follows the system
            await visit.page.emulate_media(color_scheme="dark")
        look = f"{theme}-{language}-{name}"
        for what, path in public.items():
            await visit.inspect(path, f"{what}-{look}")
        # What is plainer stands in one size of each look.
        more = rest if (size == DESKTOP) == (look.startswith("light-en")) else {}
        for what, path in {**console, **more}.items():
            await visit.goto(path)
            await visit.axe()
            await visit.fits()
            await visit.shot(f"console-{what}-{look}")


def _filled(official, mei, ana, language):
    """Addresses by a name for their pictures: public pages, the console's, and the rest of both."""
    place = {"official": official, "actor": mei}
    blocks = [
        {"kind": "heading", "text": "Four folds"},
        {"kind": "text", "text": "**Every** fold *doubles* [the strands](https://example.com/)."},
        {"kind": "quote", "text": "Heard before they are tasted."},
        {"kind": "line"},
        {"kind": "button", "text": "Book", "url": "/official/"},
    ]
    article = print_article(official, mei, "Hand-pulled since 1987", blocks=blocks)
    publishing.read_article(reader=ana, article=article)
    said = publishing.comment_article(reader=ana, article_id=article.public_id, text="So good")
    publishing.select_comment(**place, comment_id=said.public_id)
    publishing.reply_to_comment(**place, comment_id=said.public_id, text="Thank you!")
    page = publishing.make_page(**place, title="Menu", slug="menu", blocks=blocks, is_tab=True)
    publishing.publish_page(**place, page_id=page.public_id)
    draft = publishing.copy_article(**place, article_id=article.public_id)
    cast = publishing.compose_broadcast(**place, message=publishing.Message(text="Dumplings today"))
    publishing.submit_broadcast(**place, broadcast_id=cast.public_id)
    follow = actions.follow_official(person=ana, official=official)
    thread = _talk(official, follow, ana)
    if language != "en":
        actions.set_language(account=mei, language=language, time_zone="UTC")
    known = official.account.public_id
    asked = {
        "appid": official.appid,
        "redirect_uri": "https://a.example.com/",
        "response_type": "code",
        "scope": "snsapi_userinfo",
    }
    public = {
        "reading": article.get_absolute_url(),
        "page": page.get_absolute_url(),
        "articles-tab": f"/a/{known}/?tab=articles",
    }
    console = {
        "home": "/business/",
        "broadcasts": f"{_OURS}/broadcast/",
        "compose": f"{_OURS}/broadcast/make",
        "figures": f"{_OURS}/figure/show",
    }
    rest = {
        "directory": "/official/?words=mei",
        "following": "/official/following/",
        "thread": f"/chats/with/{known}/",
        "apply": "/official/apply/",
        "consent": f"/connect/oauth2/authorize?{urlencode(asked)}",
        "answering": f"/business/inbox/{known}/{thread.public_id}/",
        "followers": f"{_OURS}/follow/",
        "describe": f"{_OURS}/follow/{follow.pk}/describe/",
        "menu": f"{_OURS}/menu/edit",
        "reply": f"{_OURS}/autoreply/make",
        "code": f"{_OURS}/qrscene/{official.scenes.get().pk}/change/",
        "writing": f"{_OURS}/article/{draft.pk}/edit/",
        **{f"{n}s": f"{_OURS}/{n}/" for n in ("article", "comment", "picture", "page")},
        "page-editor": f"{_OURS}/page/{page.pk}/edit/",
        "review": f"{_OURS}/broadcast/{cast.pk}/change/",
        "invitations": f"{_OURS}/staffinvitation/",
        "programs": f"{_OURS}/program/setup",
        "deliveries": f"{_OURS}/push/",
    }
    return public, console, rest


def _talk(official, follow, ana):
    """Ana was asked by a program and wrote; a code hangs at the door, somebody is invited."""
    question = {"head_content": "Did you like it?", "list": [{"id": "1", "content": "Very much"}]}
    chats.say_for_program(
        official=official,
        follow=follow,
        voice=chats.REPLY,
        said={"msgtype": "msgmenu", "msgmenu": question},
        client_id="asked",
    )
    thread = chats.open_service(viewer=ana, official=official)
    say(ana, thread, "See you at seven!")
    actions.make_poster_code(official=official, actor=official.owner, place="Door")
    actions.invite_staff(official=official, actor=official.owner, role="agent")
    actions.reset_program_secret(official=official, actor=official.owner)
    actions.set_oauth_domains(official=official, actor=official.owner, domains=["a.example.com"])
    return thread
