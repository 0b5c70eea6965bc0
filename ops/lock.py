"""`./dev lock`: resolve requirements/*.in into files that name one version and its sums.

One lock serves every Python from 3.11 on and every system, so what CI proved is what people get.
Give package names to move only those: `./dev lock django redis`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements/uv.txt": "requirements/uv.in",
    "requirements.txt": "requirements/base.in",
    "requirements-dev.txt": "requirements/dev.in",
}
FLAGS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--quiet"]


def main(packages: list[str]) -> int:
    """Without names everything moves to its newest release."""
    moved = [f"--upgrade-package={name}" for name in packages] or ["--upgrade"]
    for lock, source in LOCKS.items():
        command = [str(_uv()), "pip", "compile", *FLAGS, *moved, source, "--output-file", lock]
        command += ["--custom-compile-command", "./dev lock"]
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return code
    return 0


def _uv() -> Path:
    path = Path(sys.executable).parent / "uv"
    if not path.exists():
        raise SystemExit("uv is missing here: ./dev lock needs it to resolve for every system.")
    return path
