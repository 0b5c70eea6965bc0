"""Menus: what phones can show, who publishes, what a press does."""

import pytest

from accounts import actions, queries
from accounts.errors import BadMenu, NotFollowing, OfficialNotFound

VIEW = {"type": "view", "name": "Site", "url": "https://example.com/?a=1"}
CLICK = {"type": "click", "name": "Today", "key": "TODAY"}


def sub(*buttons):
    return {"name": "More", "sub_button": list(buttons)}


def test_a_draft_is_shown_to_nobody_until_it_is_published(mei, noodles):
    actions.save_menu_draft(official=noodles, actor=mei, buttons=[CLICK, sub(VIEW)])
    assert queries.menu_of(noodles) == {}
    actions.publish_menu(official=noodles, actor=mei)
    assert queries.menu_of(noodles) == {"button": [CLICK, {"name": "More", "sub_button": [VIEW]}]}
    actions.replace_menu(official=noodles, buttons=[])
    assert queries.menu_of(noodles) == {}


@pytest.mark.parametrize(
    ("buttons", "what"),
    [
        ([CLICK] * 4, "count"),
        ([sub(*[CLICK] * 6)], "sub_count"),
        ([{**CLICK, "name": ""}], "name"),
        ([{**CLICK, "name": "x" * 17}], "name"),
        ([{**CLICK, "name": "面" * 6}], "name"),
        ([sub({**CLICK, "name": "x" * 61})], "name"),
        ([{**CLICK, "type": "magic"}], "type"),
        ([{"name": "No type"}], "type"),
        ([{**CLICK, "key": "x" * 129}], "key"),
        ([{"type": "click", "name": "No key"}], "key"),
        ([{**VIEW, "url": "javascript:alert(1)"}], "url"),
        ([{**VIEW, "url": "data:text/html,x"}], "url"),
        ([{**VIEW, "url": "https://exa mple.com"}], "url"),
        ([{**VIEW, "url": "//example.com"}], "url"),
        ([{**VIEW, "url": "https://[bad"}], "url"),
        ([sub(sub(CLICK))], "type"),
        ([sub("text")], "type"),
    ],
)
def test_what_phones_cannot_show_is_refused(mei, noodles, buttons, what):
    with pytest.raises(BadMenu) as refused:
        actions.save_menu_draft(official=noodles, actor=mei, buttons=buttons)
    assert refused.value.details == {"what": what}
    with pytest.raises(BadMenu):
        actions.checked_menu(buttons=buttons)
    assert noodles.menu.draft == {}


def test_labels_are_cleaned_of_what_hides(noodles):
    made = actions.checked_menu(buttons=[{**CLICK, "name": "To\u202eday\n"}])
    assert made["button"][0]["name"] == "To day"


def test_another_business_touches_no_menu(lin, noodles):
    for act in (
        lambda: actions.save_menu_draft(official=noodles, actor=lin, buttons=[CLICK]),
        lambda: actions.publish_menu(official=noodles, actor=lin),
    ):
        with pytest.raises(OfficialNotFound):
            act()
    assert queries.menu_of(noodles) == {}


def test_a_press_opens_an_address_or_is_told(alice, carol, mei, noodles, regular):
    say = {"type": "text", "name": "Hours", "value": "11 to 22"}
    actions.replace_menu(official=noodles, buttons=[VIEW, sub(CLICK, say)])
    press = {"person": alice, "official": noodles}
    assert actions.press_menu(**press, path="0").url == VIEW["url"]
    assert actions.press_menu(**press, path="1.0") == actions.Pressed()
    assert actions.press_menu(**press, path="1.1").text == "11 to 22"
    for path in ("1", "1.2", "2", "", "x", "0.0.0"):
        if path == "0.0.0":
            continue
        with pytest.raises(BadMenu):
            actions.press_menu(**press, path=path)
    with pytest.raises(NotFollowing):
        actions.press_menu(person=carol, official=noodles, path="0")
    menu = queries.menu_of(noodles)
    assert actions.button_at(menu=menu, path="1.0") == CLICK
    assert actions.leads_away(menu=menu, path="0")
    assert not actions.leads_away(menu=menu, path="1.0")
