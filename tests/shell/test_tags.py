"""Icons, avatars, times and hues."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from superapp.kernel.pages.gallery import Face
from superapp.kernel.templatetags import shell
from tests.shell.conftest import attributes, text_of

NOW = datetime(2026, 11, 22, 14, 8, tzinfo=UTC)


@pytest.fixture
def now(settings):
    settings.SANDBOX_CLOCK = False
    with time_machine.travel(NOW, tick=False), timezone.override("UTC"):
        yield NOW


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice Baker", "AB"),
        ("Ana María del Río", "AR"),
        ("zoë", "Z"),
        ("陈伟", "陈"),
        ("ليلى حداد", "ل"),
        ("🎒 Parents", "P"),
        ("🎉🎉", "?"),
        ("", "?"),
    ],
)
def test_letters_stand_for_a_name(name, shown):
    assert shell.letters(name) == shown


def test_a_letter_avatar_is_decoration_until_it_is_named():
    face = Face("1", "Alice Baker")
    assert attributes(shell.avatar(face), "span")[0]["aria-hidden"] == "true"
    named = attributes(shell.avatar(face, "av--sm", "Alice"), "span")[0]
    assert (named["role"], named["aria-label"]) == ("img", "Alice")
    assert "av--sm" in named["class"]


def test_a_photo_wins_over_letters_and_a_mosaic():
    face = Face("1", "Trio", "/avatars/f_1/", [Face("2", "Bob")])
    assert attributes(shell.avatar(face), "img")[0]["src"] == "/avatars/f_1/"
    assert "av__part" not in shell.avatar(face)


def test_a_group_shows_at_most_four_faces():
    people = [Face(str(n), f"Person{n} X") for n in range(9)]
    drawn = shell.avatar(Face("g", "Nine", faces=people))
    assert drawn.count("av__part") == 4
    assert "av--4" in drawn


def test_a_name_cannot_leave_its_avatar():
    drawn = shell.avatar(Face("1", "<b", '"><script>'), "x", '"><script>')
    assert "<script>" not in drawn


def test_a_hue_is_stable_and_one_of_twelve():
    assert shell.hue("acc_1") == shell.hue("acc_1")
    hues = {shell.hue(n) for n in range(500)}
    assert hues == {f"h-{h}" for h in range(0, 360, 30)}


@pytest.mark.parametrize(
    ("ago", "short", "day", "said"),
    [
        ({"seconds": 5}, "14:07", "Today", "just now"),
        ({"minutes": 12}, "13:56", "Today", "12 min"),
        ({"hours": 3}, "11:08", "Today", "3 h"),
        ({"hours": 15}, "Yesterday", "Yesterday", "15 h"),
        ({"days": 4}, "Wed", "Wednesday", "Wed"),
        ({"days": 40}, "13 Oct", "13 October 2026", "13 Oct"),
        ({"days": 500}, "10 Jul 2025", "10 July 2025", "10 Jul 2025"),
    ],
)
def test_times_are_as_short_as_they_can_be(now, ago, short, day, said):
    moment = now - timedelta(**ago)
    shown = [text_of(shell.when(moment, style)) for style in ("short", "day", "ago")]
    assert shown == [short, day, said]


def test_a_time_is_in_the_viewers_zone_and_utc_for_machines(now):
    with timezone.override("Asia/Shanghai"):
        drawn = shell.when(now, "time")
    assert text_of(drawn) == "22:08"
    assert attributes(drawn, "time")[0]["datetime"] == "2026-11-22T14:08:00Z"
    assert attributes(drawn, "time")[0]["data-when"] == "time"


def test_midnight_is_the_viewers_midnight(now):
    moment = now - timedelta(hours=15)  # 23:08 UTC the day before is already today in Shanghai
    with timezone.override("Asia/Shanghai"):
        assert text_of(shell.when(moment)) == "07:08"
    assert text_of(shell.when(moment)) == "Yesterday"


def test_no_moment_no_words():
    assert shell.when(None) == ""


def test_an_icon_may_be_named():
    assert 'aria-hidden="true"' in shell.icon("check")
    assert 'role="img" aria-label="Sent"' in shell.icon("check", "", "Sent")
    assert "#check" in shell.icon("check")


def test_a_waveform_never_leaves_its_box():
    drawn = shell.waveform([0, 50, 900])
    assert [a["height"] for a in attributes(drawn, "rect")] == ["8", "50", "100"]
    assert "style=" not in drawn


def test_words_of_times_follow_the_language(now):
    with translation.override("ar"):
        assert text_of(shell.when(now, "time")) == "14:08"
