"""Words of messages as HTML: what is a link, what is a name, and that nothing else is markup."""

import time

import pytest

from chat.templatetags.chat import clock, extension, fitted, is_large, said

LINK = '<a href="{0}" target="_blank" rel="noopener nofollow">{0}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("see https://example.com/x.", f"see {LINK.format('https://example.com/x')}."),
        ("(http://a.example/b)", f"({LINK.format('http://a.example/b')})"),
        ("https://a.example/w_(x)", LINK.format("https://a.example/w_(x)")),
        ("看https://a.example/路，好", f"看{LINK.format('https://a.example/路，好')}"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('https://a.example/"onclick=x', f"{LINK.format('https://a.example/')}&quot;onclick=x"),
    ],
)
def test_links_are_found_and_everything_is_escaped(text, html):
    assert said(text) == html


def test_only_those_who_were_named_are_marked():
    assert said("@Bob Ray and @Carol", ["Bob", "Bob Ray"]) == (
        '<span class="mention">@Bob Ray</span> and @Carol'
    )


@pytest.mark.parametrize("part", ["http://", "@Bob", "((((", "https://a)", "<", "x. "])
def test_four_times_the_text_takes_about_four_times_as_long(part):
    """A parser that looks back would need sixteen times as long."""

    def spent(length):
        text = part * (length // len(part))
        took = []
        for _try in range(5):
            begun = time.process_time()
            said(text, ["Bob", "Carol"])
            took.append(time.process_time() - begun)
        return min(took)

    # Work done by this process, not hours on the wall: others on the machine do not count.
    assert spent(100_000) < 10 * max(spent(25_000), 0.001)


def test_a_few_emoji_alone_are_large():
    assert is_large("🎉🍜")
    assert is_large("👨‍👩‍👧 ❤️")
    assert not is_large("🎉 ok")
    assert not is_large("1")
    assert not is_large("")
    assert not is_large("🎉" * 7)


def test_pictures_keep_their_shape_within_the_box():
    assert fitted({"width": 1280, "height": 640}) == {"width": 272, "height": 136}
    assert fitted({"width": 100, "height": 80}) == {"width": 100, "height": 80}
    assert fitted({}) == {"width": 272, "height": 204}


def test_durations_and_endings():
    assert (clock(400), clock(14_200), clock(61_000)) == ("0:01", "0:14", "1:01")
    assert (extension("Menu.pdf"), extension("no ending"), extension("a.b c")) == ("PDF", "", "")
