"""Rules no linter ships: each names the file and line that broke it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from ops import vendor

ROOT = Path(__file__).parent.parent
APPS = ["accounts", "payments", "chat", "moments", "services"]
ROOMS = {
    *("models", "states", "errors", "queries", "events", "actions", "forms"),
    *("views", "api", "wechat", "admin", "tasks", "consumers", "templatetags", "management"),
    *("urls", "apps", "migrations"),
    *("ports", "guards", "authentication", "adapter", "exports", "senders", "courier"),
    *("cards", "composer", "hub", "connection", "frames", "bodies", "wording"),
    *("purposes", "ledger", "gateways", "kinds"),
}
# A new kernel module needs a decision in docs/adr/ that says why it cannot live upstairs.
KERNEL = {
    *("errors", "ids", "money", "time", "transitions", "ports", "push", "idempotency", "outbox"),
    *(
        "api",
        "api_docs",
        "api_schema",
        "pages",
        "admin",
        "media",
        "images",
        "fetch",
        "hot",
        "sockets",
        "wechat",
        "limits",
        "search",
        "ops",
    ),
    *("models", "tasks", "apps", "migrations", "templatetags", "management"),
}
LINES_MAX = 400
# Programs that play other people's clients: copied as they are.
BROUGHT_IN = ROOT / "tests" / "wechat" / "conformance"


def modules(*patterns):
    return sorted({p for app in APPS for g in patterns for p in (ROOT / app).glob(g)})


def python_files():
    folders = [*APPS, "superapp", "ops", "bench", "sdk", "tests"]
    found = (p for folder in folders for p in (ROOT / folder).rglob("*.py"))
    return sorted(p for p in found if BROUGHT_IN not in p.parents)


def where(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def listed(hits):
    return "".join(f"\n  {hit}" for hit in hits)


def name(path):
    return str(path.relative_to(ROOT))


@cache
def everything_tests_say():
    return "\n".join(p.read_text() for p in (ROOT / "tests").rglob("*.py"))


@cache
def offered_by(room):
    """What a package of actions or queries offers outside: the names its __init__ brings in."""
    tree = ast.parse((room / "__init__.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def public_functions(path):
    is_one_file = path.parent.name in APPS
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.name.startswith("_") and (is_one_file or node.name in offered_by(path.parent)):
            yield node


DOORS = modules(
    *(f"{door}.py" for door in ("views", "api", "wechat", "admin", "tasks", "consumers")),
    *(f"{door}/**/*.py" for door in ("views", "api", "wechat", "admin", "templatetags")),
)
ACTIONS = modules("actions.py", "actions/**/*.py")
QUERIES = modules("queries.py", "queries/**/*.py")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OUR_STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
OUR_SCRIPTS = sorted(
    p for p in (ROOT / "static").rglob("*.js") if "vendor" not in p.relative_to(ROOT).parts
)
VENDORED = sorted(
    folder for place in vendor.FOLDERS for folder in (ROOT / place).glob("*/*") if folder.is_dir()
)


@pytest.mark.parametrize("app", APPS)
def test_every_room_is_on_the_plan(app):
    found = {p.stem for p in (ROOT / app).iterdir() if not p.name.startswith("__")}
    assert found - ROOMS == set()


def test_the_kernel_list_is_closed():
    kernel = ROOT / "superapp" / "kernel"
    assert {p.stem for p in kernel.iterdir() if not p.name.startswith("__")} - KERNEL == set()


def test_nothing_is_called_utils():
    vague = {"utils", "util", "helpers", "common", "misc", "signals"}
    assert [name(p) for p in python_files() if p.stem in vague] == []


@pytest.mark.parametrize("path", DOORS, ids=name)
def test_doors_do_not_touch_the_database(path):
    tree = ast.parse(path.read_text())
    banned = {"objects", "save", "delete", "atomic", "on_commit", "bulk_create"}
    hits = [
        where(path, n) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in banned
    ]
    assert not hits, listed(hits)


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_public_actions_take_named_typed_arguments_and_say_what_they_return(path):
    for node in public_functions(path):
        if node.name.startswith("on_"):
            continue
        assert not node.args.args, f"{where(path, node)} takes positional arguments"
        untyped = [a.arg for a in node.args.kwonlyargs if a.annotation is None]
        assert untyped == [], f"{where(path, node)} has untyped arguments"
        assert node.returns, f"{where(path, node)} does not say what it returns"


@pytest.mark.parametrize("path", [*ACTIONS, *QUERIES], ids=name)
def test_public_actions_and_queries_say_what_they_promise(path):
    silent = [where(path, n) for n in public_functions(path) if not ast.get_docstring(n)]
    assert not silent, listed(silent)


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_public_actions_are_mentioned_in_a_test(path):
    untold = [
        where(path, n)
        for n in public_functions(path)
        if not n.name.startswith("on_") and n.name not in everything_tests_say()
    ]
    assert not untold, listed(untold)


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_actions_have_no_boolean_switches(path):
    """Two behaviours, two verbs. A keyword that carries a flag of the row is named is_ or may_."""
    switches = [
        f"{where(path, n)} {n.name}({argument.arg})"
        for n in public_functions(path)
        for argument in n.args.kwonlyargs
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"
        if not argument.arg.startswith(("is_", "has_", "may_"))
    ]
    assert not switches, listed(switches)


def test_files_stay_small():
    sizes = {name(p): len(p.read_text().splitlines()) for p in [*python_files(), *OUR_SCRIPTS]}
    assert {path: lines for path, lines in sizes.items() if lines > LINES_MAX} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_carry_no_scripts_styles_or_raw_html(path):
    found = re.findall(
        r"\|\s*safe\b|\{% autoescape off|\son[a-z]+\s*=(?!=)|\sstyle\s*=|<script(?![^>]*\ssrc=)|<style",
        path.read_text(),
    )
    assert not found, listed(found)


@pytest.mark.parametrize("path", OUR_STYLES, ids=name)
def test_styles_read_in_both_directions(path):
    """Left and right are swapped in Arabic: inline-start and inline-end are the words."""
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)"
        r"|float:\s*(?:left|right)|(?:^|[\s;{])(?:left|right)\s*:"
    )
    lines = enumerate(path.read_text().splitlines(), start=1)
    assert [f"{name(path)}:{n} {line.strip()}" for n, line in lines if physical.search(line)] == []


@pytest.mark.parametrize("path", OUR_SCRIPTS, ids=name)
def test_scripts_build_no_html_from_text(path):
    banned = re.compile(
        r"\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\("
    )
    lines = enumerate(path.read_text().splitlines(), start=1)
    assert [f"{name(path)}:{n} {line.strip()}" for n, line in lines if banned.search(line)] == []


@pytest.mark.parametrize("place", vendor.FOLDERS)
def test_vendored_files_are_what_was_published(place):
    faults = list(vendor.faults(ROOT / place))
    assert not faults, listed(faults)


@pytest.mark.parametrize("folder", VENDORED, ids=name)
def test_vendored_files_carry_their_licence(folder):
    assert [p.name for p in folder.glob("LICEN[CS]E*")] != []


def test_the_repository_names_no_machine_and_no_place_outside_it():
    somewhere = re.compile(r"(?<![\w.:])/(?:work|home|Users|root)/\w")
    text = {".py", ".md", ".toml", ".html", ".js", ".css", ".json", ".yaml", ".yml", ".conf", ".sh"}
    left_out = re.compile(r"^(?:\.(?!ci/)|var/|node_modules/)|/vendor/|/locale/")
    hits = [
        f"{name(path)}:{number}"
        for path in ROOT.rglob("*")
        if path.suffix in text and path.is_file() and not left_out.search(name(path))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if somewhere.search(line)
    ]
    assert not hits, listed(hits)
