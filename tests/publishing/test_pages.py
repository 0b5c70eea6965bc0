"""Articles and pages as browsers get them, without scripts; and the console that makes them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.actions import publishing
from accounts.errors import BadPage, PageNotFound, PageTaken, TooManyPages
from accounts.models import Article, Comment, Page, Picture
from chat import actions as chats
from superapp.kernel.errors import Conflict
from tests.official.test_pages import browser, text
from tests.publishing.conftest import follow, photo, print_article


def address(article):
    return f"/a/{article.official.account.public_id}/articles/{article.public_id}/"


def test_anybody_reads_an_article_and_members_like_and_comment(alice, bob, mei, noodles, article):
    nobody = Client()
    shown = nobody.get(address(article))
    assert "Flour, water and patience." in text(shown)
    assert "Log in" in text(shown)
    assert "csrfmiddlewaretoken" not in shown.content.decode().split("<main")[1]
    page = browser(alice)
    page.get(address(article))
    page.post(f"{address(article)}like/", {"verb": "like"})
    page.post(f"{address(article)}comments/", {"text": "<script>alert(1)</script> good"})
    shown = page.get(address(article)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; good" in shown
    assert "Only you and the account read this." in shown
    assert "good" not in text(browser(bob).get(address(article)))
    publishing.select_comment(
        official=noodles, actor=mei, comment_id=Comment.objects.get().public_id
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt; good" in text(browser(bob).get(address(article)))
    assert "Read by 2 people" in text(page.get(address(article)))
    comment = Comment.objects.get()
    page.post(f"{address(article)}comments/{comment.public_id}/delete/")
    assert not Comment.objects.exists()
    page.post(f"{address(article)}like/", {"verb": "unlike"})
    assert not article.likes.exists()


def test_heads_and_fetches_ahead_count_nobody(alice, article):
    page = browser(alice)
    page.head(address(article))
    page.get(address(article), headers={"Sec-Purpose": "prefetch;prerender"})
    assert queries.publishing.reception_of(article, None).reads == 0
    page.get(address(article))
    assert queries.publishing.reception_of(article, None).reads == 1


def test_marks_become_html_and_nothing_else_does(alice, mei, noodles):
    blocks = [
        {"kind": "heading", "text": "<b>Broth</b>"},
        {
            "kind": "text",
            "text": "**Twelve** *hours* <img src=x onerror=alert(1)>\n"
            "[Map](https://example.com/?a=1&b=2) [Bad](javascript:alert(1))\n\n- Bone\n- Ginger",
        },
        {"kind": "quote", "text": '"><script>alert(1)</script>'},
        {"kind": "button", "text": "Book", "url": "/official/"},
    ]
    article = print_article(noodles, mei, "Broth <script>", blocks=blocks)
    shown = browser(alice).get(address(article)).content.decode().split("<main")[1]
    assert "<strong>Twelve</strong> <em>hours</em> &lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<li>Bone</li><li>Ginger</li>" in shown
    assert "&lt;b&gt;Broth&lt;/b&gt;" in shown
    assert 'href="javascript' not in shown
    assert "<script>alert" not in shown
    assert re.search(r'href="/l/[^"]+/">Map</a>', shown)


def test_gone_and_missing_articles(alice, mei, noodles, clinic, article):
    page = browser(alice)
    wrong = address(article).replace(noodles.account.public_id, clinic.account.public_id)
    assert page.get(wrong).status_code == 404
    publishing.withdraw_article(official=noodles, actor=mei, article_id=article.public_id)
    gone = page.get(address(article))
    assert gone.status_code == 410
    assert "taken down" in text(gone)
    assert article.title not in text(gone)


def test_articles_stand_on_the_accounts_page_and_cards_in_chats(alice, bob, mei, noodles, article):
    room = chats.open_direct(viewer=alice, other=bob)
    page = browser(alice)
    profile = page.get(f"/a/{noodles.account.public_id}/?tab=articles")
    assert address(article) in profile.content.decode()
    share = f"/chats/share/article/{article.public_id}/"
    assert "[Article] Hand-pulled since 1987" in text(page.get(share))
    page.post(share, {"conversation": room.public_id, "client_id": "share-1"})
    thread = browser(bob).get(f"/chats/{room.public_id}/")
    assert address(article) in thread.content.decode()
    figures = queries.publishing.today_figures(noodles)
    assert figures.of("share") == 1
    publishing.withdraw_article(official=noodles, actor=mei, article_id=article.public_id)
    thread = browser(bob).get(f"/chats/{room.public_id}/")
    assert "This article was taken down." in text(thread)
    assert page.get(share).status_code == 410
    assert page.get("/chats/share/invitation/x/").status_code == 404


def test_a_tracked_link_counts_people_and_leads_nowhere_else(alice, bob, noodles, article):
    url = "https://example.com/menu?x=1"
    path = publishing.link_to(official=noodles, ref=article.public_id, url=url)

    def clicks():
        return queries.publishing.figures_by_ref(noodles, "click", [article.public_id])

    nobody = Client().get(path)
    assert (nobody.status_code, nobody["Location"]) == (302, url)
    assert nobody["Referrer-Policy"] == "no-referrer"
    page = browser(alice)
    page.head(path)
    page.get(path, headers={"Sec-Purpose": "prefetch"})
    assert clicks() == {}
    for _ in range(2):
        page.get(path)
    browser(bob).get(path)
    assert clicks() == {article.public_id: 2}
    forged = path[:-3] + ("aa/" if path[-3:] != "aa/" else "bb/")
    for bad in (forged, "/l/https:%2F%2Fevil.example/", "/l/x/"):
        refused = page.get(bad)
        assert refused.status_code == 404
        assert "Location" not in refused
    publishing.count_click(person=alice, link=publishing.read_link(token=path[3:-1]))
    assert clicks() == {article.public_id: 2}
    bad = publishing.link_to(official=noodles, ref="x", url="javascript:alert(1)")
    assert page.get(bad).status_code == 404


def test_pictures_are_served_to_readers(mei, noodles):
    made = publishing.add_picture(official=noodles, actor=mei, picture=photo())
    answer = Client().get(made.url)
    assert answer["Content-Type"] in {"image/png", "image/jpeg", "image/webp"}
    assert Client().get("/a/pictures/pic_none/").status_code == 404


def test_the_console_writes_previews_and_publishes(alice, mei, noodles):
    page = browser(mei)
    page.post(reverse("business:accounts_article_make"), {"title": "Our noodles"})
    row = Article.objects.get()
    edit = reverse("business:accounts_article_edit", args=[row.pk])
    facts = {"title": "Our noodles", "summary": "Short", "takes_comments": "on"}
    assert "Words" in text(page.post(edit, facts | {"step": "add:text"}))
    assert Article.objects.get().body == []
    blocks = {"b0_kind": "heading", "b0_text": "One", "b1_kind": "text", "b1_text": "Two"}
    shown = page.post(edit, facts | blocks | {"step": "up:1"}).content.decode()
    assert shown.index("Two") < shown.index('value="One"')
    refused = page.post(
        edit,
        facts | {"b0_kind": "button", "b0_text": "x", "b0_url": "javascript:1", "step": "save"},
    )
    assert "be shown" in text(refused)
    assert page.post(edit, facts | blocks | {"step": "save"}).status_code == 302
    row.refresh_from_db()
    assert [b["kind"] for b in row.body] == ["heading", "text"]
    upload = SimpleUploadedFile("bowl.png", photo(), "image/png")
    shown = page.post(edit, facts | blocks | {"step": "upload", "picture": upload})
    assert "bowl.png" in shown.content.decode()
    picture = Picture.objects.get()
    last = {"b2_kind": "picture", "b2_picture": picture.public_id, "b2_text": "A bowl"}
    page.post(edit, facts | blocks | last | {"step": "publish", "cover": picture.public_id})
    row.refresh_from_db()
    assert (row.status, row.cover) == ("published", picture)
    assert 'alt="A bowl"' in browser(alice).get(address(row)).content.decode()
    page.post(reverse("business:accounts_article_copy", args=[row.pk]))
    assert Article.objects.count() == 2
    page.post(reverse("business:accounts_article_withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_the_console_sends_to_phones_and_answers_comments(alice, mei, noodles, article):
    follow(noodles, mei)
    page = browser(mei)
    page.post(reverse("business:accounts_article_preview", args=[article.pk]), {"handles": ""})
    thread = chats.open_service(viewer=mei, official=noodles)
    assert address(article) in page.get(f"/chats/{thread.public_id}/").content.decode()
    said = publishing.comment_article(reader=alice, article_id=article.public_id, text="Good")
    for name, data in (("show", {}), ("answer", {"text": "Thanks!"})):
        page.post(reverse(f"business:accounts_comment_{name}", args=[said.pk]), data)
    said.refresh_from_db()
    assert (said.status, said.reply) == ("selected", "Thanks!")
    page.post(reverse("business:accounts_comment_hide", args=[said.pk]))
    said.refresh_from_db()
    assert said.status == "hidden"


@pytest.fixture
def menu_page(mei, noodles):
    blocks = [{"kind": "heading", "text": "Today"}, {"kind": "text", "text": "Beef noodles"}]
    return publishing.make_page(
        official=noodles, actor=mei, title="Menu", slug="menu", blocks=blocks, is_tab=True
    )


def test_pages_are_seen_once_published_and_change_when_published_again(
    alice, mei, noodles, menu_page
):
    at = f"/a/{noodles.account.public_id}/p/menu/"
    page = browser(alice)
    assert page.get(at).status_code == 404
    place = {"official": noodles, "actor": mei, "page_id": menu_page.public_id}
    publishing.publish_page(**place)
    assert "Beef noodles" in text(Client().get(at))
    profile = page.get(f"/a/{noodles.account.public_id}/?tab=page-menu")
    assert "Beef noodles" in text(profile)
    blocks = [{"kind": "text", "text": "Dumplings"}]
    publishing.change_page(**place, title="Menu", slug="menu", blocks=blocks, is_tab=False)
    assert "Beef noodles" in text(page.get(at))
    publishing.publish_page(**place)
    assert "Dumplings" in text(page.get(at))
    publishing.withdraw_page(**place)
    assert page.get(at).status_code == 404
    with pytest.raises(Conflict):
        publishing.withdraw_page(**place)


def test_addresses_of_pages_are_one_each_and_plain(mei, lin, noodles, clinic, menu_page, settings):
    def make(slug, official=noodles, actor=mei):
        return publishing.make_page(official=official, actor=actor, title="Menu", slug=slug)

    with pytest.raises(PageTaken):
        make("menu")
    for bad in ("", "a b", "../x", "é", "x" * 41, "-a"):
        with pytest.raises(BadPage):
            make(bad)
    make("menu", clinic, lin)
    with pytest.raises(PageNotFound):
        publishing.publish_page(official=clinic, actor=lin, page_id=menu_page.public_id)
    with pytest.raises(BadPage):
        publishing.publish_page(official=noodles, actor=mei, page_id=make("empty").public_id)
    settings.PAGES_MAX = 2
    with pytest.raises(TooManyPages):
        make("more")
    assert Page.objects.filter(official=noodles).count() == 2


def test_the_console_puts_pages_together(mei, noodles):
    page = browser(mei)
    page.post(reverse("business:accounts_page_make"), {"title": "Menu"})
    row = Page.objects.get()
    edit = reverse("business:accounts_page_edit", args=[row.pk])
    said = {"title": "Menu", "slug": "menu", "b0_kind": "text", "b0_text": "Beef noodles"}
    page.post(edit, said | {"step": "publish"})
    row.refresh_from_db()
    assert (row.slug, row.status) == ("menu", "published")
    page.post(reverse("business:accounts_page_withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "withdrawn"
    page.post(reverse("business:accounts_page_publish", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "published"
    actions.publish_menu(official=noodles, actor=mei)
