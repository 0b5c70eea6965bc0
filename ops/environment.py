"""`./dev env`: write ops/env.example from superapp/settings, where every variable is read.

The comment above a setting is its documentation, here as there; a test compares the two files.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "superapp" / "settings"
EXAMPLE = ROOT / "ops" / "env.example"
HEAD = """\
# Every variable the product reads, with its default. Made by `./dev env` from superapp/settings.
# Copy it to .env beside compose.yaml, fill in the first block, and uncomment what you change.
# Flags are 1 or 0; lists are separated by commas.

# ---- What an installation must say

SUPERAPP_ENV=production
# At least 50 random characters: python3 -c "import secrets; print(secrets.token_urlsafe(64))"
SUPERAPP_SECRET_KEY=
# The names it is reached by, and the address people type.
SUPERAPP_HOSTS=superapp.example
SUPERAPP_ORIGIN=https://superapp.example
# compose.yaml puts these into DATABASE_URL and REDIS_URL; use letters and digits only.
POSTGRES_PASSWORD=
VALKEY_PASSWORD=
# A database role of the application's own, if you made one: docs/deploy.md, "Two database roles".
# APP_DATABASE_URL=
# Mail for sign-in codes.
SUPERAPP_SMTP_HOST=
SUPERAPP_SMTP_USER=
SUPERAPP_SMTP_PASSWORD=
SUPERAPP_FROM_EMAIL=

# ---- How many processes and threads answer pages (ops/gunicorn.py)

# WEB_CONCURRENCY=2
# WEB_THREADS=8
"""


@dataclass
class Variable:
    name: str
    default: str
    said: str  # the comment above it, kept with its line breaks


def main(arguments: list[str]) -> int:
    EXAMPLE.write_text(text())
    sys.stdout.write(f"{EXAMPLE.relative_to(ROOT)} written\n")
    return 0


def text() -> str:
    """What ops/env.example should say."""
    parts = [HEAD]
    for path in sorted(SETTINGS.glob("*.py")):
        found = [v for v in variables(path) if f"\n{v.name}=" not in HEAD]
        if not found:
            continue
        title = (ast.get_docstring(ast.parse(path.read_text())) or path.stem).splitlines()[0]
        parts.append(f"\n# ---- {title}\n")
        said = ""
        for variable in found:
            if variable.said and variable.said != said:
                parts.append(f"\n{variable.said}\n")
            said = variable.said
            parts.append(f"# {variable.name}={variable.default}\n")
    return "".join(parts)


def variables(path: Path) -> Iterator[Variable]:
    """The variables one settings module reads, in the order of its lines."""
    source = path.read_text()
    seen: set[str] = set()
    for node in _calls(ast.parse(source)):
        name = ast.literal_eval(node.args[0])
        if name not in seen:
            seen.add(name)
            yield Variable(name, _default(node), _comment(source.splitlines(), node.lineno))


def _calls(tree: ast.Module) -> list[ast.Call]:
    """The calls env.number("NAME", …) and their like."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    ]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _default(call: ast.Call) -> str:
    """What production gets without the variable, as one would write it in the environment."""
    given = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "default")]
    if not given:
        return "0" if isinstance(call.func, ast.Attribute) and call.func.attr == "flag" else ""
    tree = ast.Expression(given[0])
    if any(isinstance(node, ast.Call | ast.Attribute) for node in ast.walk(tree)):
        return ""  # follows from another setting
    known = {"PRODUCTION": True, "SANDBOX": False, "__builtins__": {}}
    try:
        value = eval(compile(tree, "settings", "eval"), known)  # noqa: S307 - our own source
    except NameError:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _comment(lines: list[str], number: int) -> str:
    """The comment above a line, or above the paragraph of settings it belongs to."""
    at = number - 2
    while at >= 0 and lines[at].strip() and not lines[at].startswith("#"):
        at -= 1
    end = at
    while at >= 0 and lines[at].startswith("#"):
        at -= 1
    return "\n".join(lines[at + 1 : end + 1])
