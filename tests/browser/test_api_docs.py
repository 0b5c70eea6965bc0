"""The description of the API, as people read it: offline, and under a content policy."""

from playwright.async_api import expect


async def test_the_api_describes_itself_without_the_internet(browse, alice):
    visit = await browse(alice)
    await visit.context.route(
        lambda url: not url.startswith(visit.site), lambda route: route.abort()
    )
    await visit.goto("/api/docs/")
    await expect(visit.page.get_by_role("heading", name="Superapp API")).to_be_visible()
    await expect(
        visit.page.get_by_role("link", name="/api/v1/bills/", exact=True).first
    ).to_be_visible()
    await visit.shot("api-docs")
