"""The platform console in a real browser, under its looser content policy."""

import pytest
from playwright.async_api import expect

from accounts.models import Person


@pytest.fixture
def root(transactional_db):
    person = Person.objects.create_superuser(email="root@example.com", password="correct horse")
    return person.account


async def test_staff_suspend_somebody_with_a_reason(browse, root, alice):
    visit = await browse(root)
    page = visit.page
    await visit.goto("/admin/")
    await visit.shot("console-index")
    await visit.goto("/admin/accounts/person/")
    await expect(page.get_by_role("link", name="Alice").first).to_be_visible()
    await visit.shot("console-people")
    await page.get_by_role("link", name="Alice").first.click()
    await visit.shot("console-person")
    await page.get_by_role("link", name="Suspend").first.click()
    await visit.shot("console-reason")
    await page.get_by_label("Reason").fill("spam")
    await page.get_by_role("button", name="Suspend").click()
    await expect(page.get_by_text("Done.").first).to_be_visible()
    await expect(page.get_by_text("spam").first).to_be_visible()
    await visit.goto("/admin/auditlog/logentry/")
    await expect(page.get_by_text("spam").first).to_be_visible()
    await visit.shot("console-audit")
