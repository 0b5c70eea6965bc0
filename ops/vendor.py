"""Third-party browser files: checked in, so that nothing needs Node to run, build or test.

  python -m ops.vendor            compare static/vendor and tests/vendor with their SHA256SUMS
  python -m ops.vendor update     npm ci, then copy what COPIES lists and write the sums again

Versions are in package.json; package-lock.json pins what npm may deliver by hash.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("static/vendor", "tests/vendor")
SUMS = "SHA256SUMS"
# Newer emoji are boxes on many phones, and the groups of skin tones stand for nothing alone.
EMOJI_VERSION_MAX = 15.0
EMOJI_PARTS_GROUP = 2


@dataclass(frozen=True)
class Copy:
    package: str
    source: str
    folder: str = "static/vendor"
    target: str = ""
    change: Callable[[bytes], bytes] = bytes


def without_map(code: bytes) -> bytes:
    """Hashed storage would look for the source map, which is not here."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", code)


def layered(css: bytes) -> bytes:
    """Unlayered rules would beat every rule of ours, whatever they say."""
    return b"@layer vendor {\n" + css + b"\n}\n"


def worker_itself(module: bytes) -> bytes:
    """The decoder comes as a string for a blob: worker, which our content policy refuses."""
    code = module.decode()
    inner = code[code.index("[`") + 2 : code.rindex("`]")]
    return inner.replace("\\`", "`").replace("\\$", "$").encode()


def emoji_rows(data: bytes) -> bytes:
    """What a picker needs, a fifth of the size: [emoji, name, group, search words]."""
    rows = [
        [e["emoji"], e["annotation"], e["group"], " ".join(e.get("tags", []))]
        for e in json.loads(data)
        if e.get("group", EMOJI_PARTS_GROUP) != EMOJI_PARTS_GROUP
        and e["version"] <= EMOJI_VERSION_MAX
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


COPIES = (
    Copy("leaflet", "LICENSE"),
    Copy("leaflet", "dist/leaflet.js", target="leaflet.js", change=without_map),
    Copy("leaflet", "dist/leaflet.css", target="leaflet.css", change=layered),
    *(
        Copy("leaflet", f"dist/images/{name}.png", target=f"images/{name}.png")
        for name in ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
    ),
    Copy("qr-scanner", "LICENSE"),
    Copy("qr-scanner", "qr-scanner-worker.min.js", target="decoder.js", change=worker_itself),
    Copy("emoji-picker-element-data", "LICENSE"),
    *(
        Copy(
            "emoji-picker-element-data",
            f"{language}/emojibase/data.json",
            target=f"{language}.json",
            change=emoji_rows,
        )
        for language in ("en", "zh")
    ),
    Copy("axe-core", "LICENSE", "tests/vendor"),
    Copy("axe-core", "axe.min.js", "tests/vendor", change=without_map),
)


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        update()
        return 0
    problems = [line for folder in FOLDERS for line in faults(ROOT / folder)]
    sys.stdout.writelines(f"{line}\n" for line in problems)
    return 1 if problems else 0


def update() -> None:
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True
    )
    versions = json.loads((ROOT / "package.json").read_text())
    pinned = versions["dependencies"] | versions["devDependencies"]
    for folder in FOLDERS:
        for old in sorted((ROOT / folder).rglob("*"), reverse=True):
            old.rmdir() if old.is_dir() else old.unlink()
    for copy in COPIES:
        place = ROOT / copy.folder / copy.package / pinned[copy.package]
        target = place / (copy.target or copy.source)
        target.parent.mkdir(parents=True, exist_ok=True)
        source = ROOT / "node_modules" / copy.package / copy.source
        target.write_bytes(copy.change(source.read_bytes()))
    for folder in FOLDERS:
        lines = [f"{_sum(path)}  {name}\n" for name, path in _files(ROOT / folder)]
        (ROOT / folder / SUMS).write_text("".join(lines))


def faults(folder: Path) -> Iterator[str]:
    """What differs from the sums: a changed, missing or unexpected file."""
    lines = (folder / SUMS).read_text().splitlines()
    recorded = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    present = {name: _sum(path) for name, path in _files(folder)}
    for name in sorted(recorded.keys() | present.keys()):
        if recorded.get(name) != present.get(name):
            yield f"{folder.relative_to(ROOT)}/{name} is not what {SUMS} records"


def _files(folder: Path) -> list[tuple[str, Path]]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return [(path.relative_to(folder).as_posix(), path) for path in found]


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
