"""The locks hold what the code imports: a fresh checkout has no package of somebody's laptop."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OURS = {"superapp", "accounts", "chat", "moments", "payments", "services", "ops", "bench", "tests"}
RUN = ["superapp", "accounts", "chat", "moments", "payments", "services"]
# ops/ has commands that only developers use
DEVELOPERS_ONLY = {"ops/messages.py", "ops/vendor.py"}
# a program of its own, in an environment of its own: ops/conformance.py
CONFORMANCE = ROOT / "tests" / "wechat" / "conformance"


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(*locks):
    text = "\n".join((ROOT / lock).read_text() for lock in locks)
    return {plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def imported(paths):
    """(file, distribution) of everything the files import from elsewhere."""
    owners = packages_distributions()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for top in {name.split(".")[0] for name in names} - OURS - sys.stdlib_module_names:
                for owner in owners.get(top, [top]):
                    yield str(path.relative_to(ROOT)), plain(owner)


def files(*folders):
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_what_runs_imports_only_what_is_locked_for_running():
    found = imported(files(*RUN, "ops"))
    known = locked("requirements.txt")
    assert (
        sorted({hit for hit in found if hit[1] not in known and hit[0] not in DEVELOPERS_ONLY})
        == []
    )


def test_tests_import_only_what_is_locked_for_developers():
    known = locked("requirements.txt", "requirements-dev.txt")
    found = imported(path for path in files("tests", "ops") if not path.is_relative_to(CONFORMANCE))
    assert sorted({hit for hit in found if hit[1] not in known}) == []


def test_the_conformance_program_imports_only_what_its_own_requirements_name():
    lines = (CONFORMANCE / "requirements.txt").read_text().splitlines()
    known = {plain(re.split(r"[=<> ]", line)[0]) for line in lines if line[:1] not in {"", "#"}}
    beside = {path.stem for path in CONFORMANCE.glob("*.py")}
    modules = {"zxingcpp": "zxing-cpp"}
    found = {modules.get(hit[1], hit[1]) for hit in imported(CONFORMANCE.rglob("*.py"))}
    assert sorted(found - known - beside) == []


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-dev.txt", "requirements/uv.txt"]
)
def test_every_locked_version_has_its_sums(lock):
    text = (ROOT / lock).read_text()
    entries = [entry for entry in re.split(r"\n(?=[A-Za-z])", text) if "==" in entry]
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_locks_agree():
    """The second is resolved on top of the first, so that one environment holds both."""

    def versions(lock):
        return dict(
            re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / lock).read_text(), re.MULTILINE)
        )

    run, dev = versions("requirements.txt"), versions("requirements-dev.txt")
    assert {name: dev[name] for name in run.keys() & dev.keys()} == {
        name: run[name] for name in run.keys() & dev.keys()
    }
