"""The import contracts hold, and each of them catches what it is there to catch."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["superapp", "accounts", "payments", "chat", "moments", "services"]

# contract: (file that gets one line more, the line). The file is made where it does not exist.
BREACHES = {
    "floors": ("accounts/models/people.py", "import chat.models"),
    "rooms": ("accounts/states.py", "import accounts.models"),
    "doors": ("chat/queries.py", "import accounts.forms"),
    "no-http-below": ("chat/states.py", "import rest_framework"),
    "one-loudspeaker": ("accounts/guards.py", "import channels.layers"),
    "kinds": ("services/kinds/taxi/__init__.py", "import services.kinds.food"),
}
NEEDED = ["services/kinds/__init__.py", "services/kinds/food/__init__.py", "accounts/forms.py"]


def lint_imports(folder):
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True
    )


def contracts():
    read = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {c["id"]: c["name"] for c in read["tool"]["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def said_about_a_broken_tree(tmp_path_factory):
    """What the linter says of a copy of the tree with one bad import per contract."""
    copy = tmp_path_factory.mktemp("broken")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path in NEEDED:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).touch()
    for path, line in BREACHES.values():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        with (copy / path).open("a") as file:
            file.write(f"\n{line}\n")
    return lint_imports(copy).stdout


def test_the_contracts_hold():
    said = lint_imports(ROOT)
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_contract_is_broken_once_on_purpose():
    assert BREACHES.keys() == contracts().keys()


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_caught(contract, said_about_a_broken_tree):
    assert f"{contracts()[contract]} BROKEN" in said_about_a_broken_tree
    path, line = BREACHES[contract]
    importer = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    imported = line.removeprefix("import ")
    # libraries are known by the name of their package only
    imported = imported if imported.split(".")[0] in PACKAGES else imported.split(".")[0]
    # the contract's name stands in the summary first, then above what broke it
    details = said_about_a_broken_tree.split(contracts()[contract])[-1]
    assert f"{importer} -> {imported}" in details
