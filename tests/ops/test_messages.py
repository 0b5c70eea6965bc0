"""Texts of Python, templates and scripts are collected, each into the catalogue that serves them."""

from ops import messages


def test_scripts_have_a_catalogue_of_their_own():
    scripts, pages = messages.collected("djangojs"), messages.collected("django")
    assert (None, "Copied") in scripts
    assert (None, "Copied") not in pages
    assert (None, "Skip to content") in pages
    assert (None, "Skip to content") not in scripts


def test_plurals_and_places_are_kept():
    entry = messages.collected("djangojs")[None, "%(n)s unread"]
    assert entry.msgid_plural == "%(n)s unread"
    assert entry.occurrences == [("static/js/shell/badges.js", "")]
    assert entry.flags == ["python-format"]
