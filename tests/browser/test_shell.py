"""The frame in a real browser: looks, keyboard, offline, and no complaint of the content policy."""

import re

import pytest
from playwright.async_api import expect

from superapp.kernel.pages import assets
from tests.browser.kit import DESKTOP, PHONE

LOOKS = [("light", "en"), ("dark", "en"), ("light", "ar"), ("dark", "zh-hans")]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("theme", "language"), LOOKS)
async def test_every_component_is_accessible_and_fits(browse, size, theme, language):
    visit = await browse(size=size, theme=theme, language=language)
    await visit.goto("/ui/")
    await visit.axe()
    await visit.fits()
    await visit.shot(f"ui-{size[0]}-{theme}-{language}")


@pytest.mark.parametrize("width", [320, 360, 600, 760, 900, 1180, 1920])
async def test_nothing_scrolls_sideways_at_any_width(browse, width):
    visit = await browse(size=(width, 800))
    await visit.goto("/ui/")
    await visit.fits()


async def test_the_first_tab_stop_skips_to_the_content(browse):
    visit = await browse()
    await visit.goto("/offline/")
    await visit.page.keyboard.press("Tab")
    await expect(visit.page.get_by_role("link", name="Skip to content")).to_be_focused()


async def test_a_menu_opens_moves_and_closes_by_keyboard(browse):
    visit = await browse()
    await visit.goto("/ui/")
    button = visit.page.get_by_role("button", name="Menu", exact=True)
    await button.focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("button", name="Reply")).to_be_focused()
    await visit.page.keyboard.press("ArrowDown")
    await expect(visit.page.get_by_role("button", name="Copy").last).to_be_focused()
    await visit.page.keyboard.press("End")
    await expect(visit.page.get_by_role("button", name="Delete for me")).to_be_focused()
    await visit.page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    await expect(visit.page.locator("#sample-menu")).to_be_hidden()


async def test_a_dialog_keeps_and_returns_the_focus(browse):
    visit = await browse()
    await visit.goto("/ui/")
    opener = visit.page.get_by_role("button", name="Dialog")
    await opener.click()
    dialog = visit.page.get_by_role("dialog", name="Delete this chat?")
    await expect(dialog).to_be_visible()
    await visit.axe()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_the_theme_is_switched_and_remembered(browse):
    visit = await browse(theme="light")
    await visit.goto("/ui/")
    html = visit.page.locator("html")
    await visit.page.get_by_role("button", name="Switch between light and dark").click()
    await expect(html).to_have_attribute("data-theme", "dark")
    await visit.page.reload()
    await expect(html).to_have_attribute("data-theme", "dark")


async def test_the_list_of_shortcuts_is_one_shortcut_away(browse):
    visit = await browse()
    await visit.goto("/ui/")
    await visit.page.evaluate("() => document.activeElement.blur()")
    await visit.page.keyboard.press("Control+/")
    dialog = visit.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(dialog).to_contain_text("Find a person or chat")
    await visit.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_an_emoji_lands_at_the_cursor(browse):
    visit = await browse()
    await visit.goto("/ui/")
    field = visit.page.get_by_label("Emoji", exact=True).first
    await field.fill("Hi !")
    await field.evaluate("(input) => input.setSelectionRange(3, 3)")
    await visit.page.locator("[data-emoji]").click()
    await visit.page.get_by_placeholder("Search emoji").fill("noodle")
    await visit.page.get_by_role("button", name="steaming bowl").click()
    await expect(field).to_have_value("Hi 🍜!")
    await visit.axe()
    await visit.shot("emoji")


async def test_a_code_is_read_from_a_picture(browse, tmp_path):
    import segno

    path = tmp_path / "code.png"
    segno.make("https://superapp.example/u/alice").save(path, scale=6)
    visit = await browse()
    visit.expects("403", "405")
    await visit.goto("/ui/")
    posted = visit.page.expect_request(lambda request: request.method == "POST")
    async with posted as request:
        await visit.page.locator("[data-qr-file]").set_input_files(path)
    sent = (await request.value).post_data
    assert "code=https%3A%2F%2Fsuperapp.example%2Fu%2Falice" in sent


async def test_a_page_works_without_javascript(browse):
    visit = await browse(java_script_enabled=False)
    await visit.goto("/ui/")
    await expect(visit.page.get_by_role("button", name="Menu", exact=True)).to_be_visible()
    await expect(visit.page.locator("[data-theme-toggle]").first).to_be_hidden()
    await visit.page.get_by_role("button", name="Menu", exact=True).click()
    await expect(visit.page.locator("#sample-menu")).to_be_visible()


async def test_without_a_network_there_is_a_page_that_says_so(browse):
    visit = await browse(service_workers="allow")
    visit.expects("ERR_INTERNET_DISCONNECTED")
    await visit.goto("/ui/")
    await visit.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    await visit.page.reload()
    await visit.context.set_offline(True)
    await visit.goto("/chats/")
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("You are offline")
    styled = await visit.page.evaluate(
        "() => getComputedStyle(document.querySelector('.btn')).backgroundColor"
    )
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", styled)
    await visit.shot("offline")
    await visit.context.set_offline(False)


async def test_an_error_page_looks_like_ours(browse):
    visit = await browse(size=PHONE)
    visit.expects("404 (Not Found)")
    await visit.goto("/nowhere/")
    await visit.axe()
    await visit.shot("404")
    await expect(visit.page.get_by_role("link", name="Open Superapp")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
async def test_scripts_write_times_as_the_server_does(browse, language):
    visit = await browse(language=language)
    await visit.goto("/ui/")
    changed = await visit.page.evaluate(
        """async () => {
          const times = [...document.querySelectorAll("time[data-when]")];
          const before = times.map((time) => [time.dataset.when, time.textContent]);
          const { refresh } = await import("/static/js/core/time.js");
          refresh();
          return times
            .map((time, index) => [...before[index], time.textContent])
            .filter(([, said, says]) => said !== says);
        }"""
    )
    assert changed == []


async def test_a_new_version_waits_until_it_is_wanted(browse, monkeypatch):
    visit = await browse(service_workers="allow")
    await visit.goto("/ui/")
    await visit.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    await visit.page.reload()
    monkeypatch.setattr(assets, "version", lambda: "the-next-one")
    await visit.page.evaluate(
        "() => navigator.serviceWorker.ready.then((registration) => registration.update())"
    )
    notice = visit.page.locator("#toasts .toast", has_text="A new version is ready.")
    await expect(notice).to_be_visible()
    async with visit.page.expect_navigation():
        await notice.get_by_role("button", name="Reload").click()
    names = await visit.page.evaluate("() => caches.keys()")
    assert names == ["shell-the-next-one-en"]
