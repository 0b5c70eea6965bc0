"""Words of the tests about campaigns."""

from payments import actions

NEW_YEAR = {
    "name": "Lunar New Year",
    "calendar": "lunar",
    # From the Little New Year to the Lantern Festival: 2027-01-30 to 2027-02-20.
    "begins": "2026-12-23",
    "ends": "2027-01-15",
    "covers": ["lanterns", "plum"],
    "greetings": ["Happy New Year", "恭喜发财"],
    "words": ["Happy New Year", "恭喜发财"],
}


def root(account):
    """Somebody who may do everything in the console."""
    person = account.person
    person.is_staff = person.is_superuser = True
    person.save()
    return person


def campaign(staff, *, is_on=True, **more):
    made = actions.plan_campaign(staff=staff, **{**NEW_YEAR, **more})
    if is_on:
        actions.switch_campaign_on(staff=staff, campaign=made)
    return made
