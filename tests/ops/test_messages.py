"""Texts are collected, merged, compiled and compared without GNU gettext."""

import gettext

import polib
import pytest

from ops import messages

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Send")
ngettext("%(n)s friend", "%(n)s friends", 2)
pgettext("month", "May")
"""
PAGE = """
<p>{% translate "Send" %}
  {% blocktranslate trimmed with name=who %}
     {{ name }} says
       "hello"
  {% endblocktranslate %}</p>
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "views.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path


def catalogue(tree, language):
    return tree / "locale" / language / "LC_MESSAGES" / "django.po"


def problems(language):
    return list(messages.check(language, "django", messages.collected("django")))


def translate(path, **said):
    po = polib.pofile(str(path))
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, said["plural"])
        else:
            entry.msgstr = said.get(entry.msgid.split()[0], entry.msgid)
    po.save(str(path))


def test_texts_of_code_and_pages_are_found_with_context_and_plural(tree):
    found = messages.collected("django")
    assert {key: entry.msgid_plural for key, entry in found.items()} == {
        (None, "Send"): "",
        (None, "%(n)s friend"): "%(n)s friends",
        ("month", "May"): "",
        (None, '%(name)s says "hello"'): "",
    }
    assert found[None, "Send"].occurrences == [("chat/views.py", ""), ("templates/page.html", "")]


def test_an_update_keeps_what_was_translated_and_drops_what_nobody_says(tree, capsys):
    assert messages.main([]) == 0
    path = catalogue(tree, "zh_Hans")
    translate(path, Send="发送", plural="%(n)s 个朋友")
    (tree / "templates" / "page.html").unlink()
    assert messages.main([]) == 0

    po = polib.pofile(str(path))
    assert [entry.msgid for entry in po] == ["%(n)s friend", "May", "Send"]
    assert po.find("Send").msgstr == "发送"
    with path.with_suffix(".mo").open("rb") as compiled:
        chinese = gettext.GNUTranslations(compiled)
    assert chinese.gettext("Send") == "发送"
    assert chinese.ngettext("%(n)s friend", "%(n)s friends", 5) == "%(n)s 个朋友"
    assert problems("zh_Hans") == []


def test_what_is_out_of_date_or_untranslated_is_told(tree, capsys):
    assert problems("zh_Hans") == [
        "locale/zh_Hans/LC_MESSAGES/django.po is missing: run ./dev messages"
    ]
    messages.main([])
    assert "zh_Hans: not translated: 'Send'" in problems("zh_Hans")

    path = catalogue(tree, "ar")
    translate(path, plural="%(n)s صديق")
    assert problems("ar") == [
        "locale/ar/LC_MESSAGES/django.mo is not what locale/ar/LC_MESSAGES/django.po compiles to:"
        " run ./dev messages"
    ]
    messages.main([])
    assert problems("ar") == []

    translate(path, Send="%(who)s", plural="%(n)s")
    assert "ar: 'Send' has no %(who)s" in problems("ar")
    (tree / "chat" / "views.py").write_text(CODE.replace('"Send"', '"Post"'))
    (tree / "templates" / "page.html").write_text(PAGE.replace('"Send"', '"Post"'))
    assert problems("ar")[:2] == [
        "locale/ar/LC_MESSAGES/django.po lacks 'Post' (no context): run ./dev messages",
        "locale/ar/LC_MESSAGES/django.po still has 'Send', which nothing says any more:"
        " run ./dev messages",
    ]
