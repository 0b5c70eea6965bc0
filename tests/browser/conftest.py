"""Fixtures of the tests in a real Chromium. tests/browser/kit.py says how to use them."""

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from ops import browsers
from tests.browser import kit
from tests.chat.conftest import group, room  # noqa: F401  fixtures


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker):
    """The product, served from this process."""
    served = kit.Site()
    yield served
    served.stop()
    with django_db_blocker.unblock():
        kit.end_database_sessions()


@pytest_asyncio.fixture(scope="session")
async def chromium():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browsers.ensure(), args=kit.FLAGS
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def browse(site, chromium, transactional_db):
    """`await browse(alice, size=PHONE, theme="dark", language="ar")` → Visit; nobody: browse()."""
    visits = []

    async def start(
        account=None, *, size=kit.DESKTOP, theme="light", language="en", **options
    ) -> kit.Visit:
        width, height = size
        context = await chromium.new_context(
            viewport={"width": width, "height": height},
            has_touch=size == kit.PHONE,
            service_workers=options.pop("service_workers", "block"),
            permissions=["microphone", "camera", "clipboard-read", "clipboard-write"],
            **options,
        )
        context.set_default_timeout(kit.WAIT_MS)
        context.set_default_navigation_timeout(kit.LOAD_MS)
        await context.add_cookies(
            [
                {"name": "theme", "value": theme, "url": site.url},
                {"name": "django_language", "value": language, "url": site.url},
            ]
        )
        if account is not None:
            await kit.sign_in(context, site.url, account)
        visit = kit.Visit(await context.new_page(), context, site.url)
        kit.watch(visit)
        visits.append(visit)
        return visit

    yield start
    for visit in visits:
        await visit.leave()
    assert [problem for visit in visits for problem in visit.surprises()] == []


# A window that closes cuts off requests half-way: their file or connection is closed by the collector.
_CUT_OFF = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(_CUT_OFF)
