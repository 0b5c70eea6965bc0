"""The small parts of ./dev: bootstrap, browser, check, help."""

import subprocess
import sys
from pathlib import Path

import pytest

from ops import bootstrap, browsers, check, cli, stamps

ROOT = Path(__file__).parent.parent.parent


def test_help_names_every_command():
    said = subprocess.run(
        [ROOT / "dev", "help"], capture_output=True, text=True, check=True, cwd="/"
    ).stdout
    assert [name for name in cli.COMMANDS if f"./dev {name}" not in said] == []


def test_an_unknown_command_is_an_error_and_shows_the_known_ones(capsys):
    assert cli.main(["dance"]) == 2
    assert "./dev run" in capsys.readouterr().out


def test_the_stamp_of_an_environment_changes_with_the_locks(monkeypatch, tmp_path):
    for lock in bootstrap.DEV_LOCKS:
        (tmp_path / lock).write_text("a==1\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    before = bootstrap.stamp(bootstrap.RUN_LOCKS)
    assert bootstrap.stamp(bootstrap.RUN_LOCKS) == before
    assert bootstrap.stamp(bootstrap.DEV_LOCKS) != before
    (tmp_path / "requirements.txt").write_text("a==2\n")
    assert bootstrap.stamp(bootstrap.RUN_LOCKS) != before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["-x", "-q"], True),
        (["-m", "not browser"], False),
        (["tests/ops"], False),
        (["tests/ops/test_tools.py::test_help_names_every_command"], False),
    ],
)
def test_chromium_is_looked_for_when_browser_tests_may_run(arguments, expected):
    assert cli.may_meet_browsers(arguments) == expected


def test_a_named_chromium_comes_first(monkeypatch, tmp_path):
    mine = tmp_path / "chromium"
    monkeypatch.setenv("SUPERAPP_CHROMIUM", str(mine))
    with pytest.raises(SystemExit, match="there is no such program"):
        browsers.find()
    mine.touch()
    assert browsers.find() == str(mine)


def test_without_a_way_to_install_chromium_the_advice_is_exact(monkeypatch, tmp_path):
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.delenv("SUPERAPP_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browsers, "MAC_PLACES", ())
    monkeypatch.setattr(browsers.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as told:
        browsers.ensure()
    assert "sudo apt-get -qq install -y --no-install-recommends chromium" in str(told.value)
    assert './dev test -m "not browser"' in str(told.value)


def test_a_failed_step_stops_no_other(monkeypatch, capfd):
    def command(code):
        return [sys.executable, "-c", f"print('because'); raise SystemExit({code})"]

    steps = [check.Step("one", command(3)), check.Step("two", command(0))]
    monkeypatch.setattr(check, "steps", lambda _servers, _others: [steps[:1], [], steps[1:]])
    assert check.main(["two"]) == 0
    assert check.main([]) == 1
    said = capfd.readouterr().out
    assert said.count("\nbecause") == 1
    assert "FAILED  one" in said
    assert said.count("ok      two") == 2
    with pytest.raises(SystemExit, match="There are: one, two"):
        check.main(["three"])


def test_a_stamp_speaks_of_one_state_of_one_database(tmp_path):
    (tmp_path / "postgres").mkdir()
    version = tmp_path / "postgres" / "PG_VERSION"
    version.write_text("18")
    assert not stamps.is_current(tmp_path, "migrated", "abc")
    stamps.write(tmp_path, "migrated", "abc", "a note\nof two lines")
    assert stamps.is_current(tmp_path, "migrated", "abc")
    assert not stamps.is_current(tmp_path, "migrated", "abd")
    assert stamps.note(tmp_path, "migrated") == "a note\nof two lines"

    version.unlink()
    version.write_text("18")  # another cluster in the same place
    assert not stamps.is_current(tmp_path, "migrated", "abc")
    stamps.remove(tmp_path, "migrated")
    assert stamps.note(tmp_path, "migrated") == ""


def test_the_migrations_digest_follows_the_migrations(tmp_path):
    folder = tmp_path / "chat" / "migrations"
    folder.mkdir(parents=True)
    before = stamps.migrations(tmp_path)
    (folder / "0001_initial.py").write_text("pass")
    assert stamps.migrations(tmp_path) != before
