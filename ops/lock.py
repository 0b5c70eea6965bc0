"""`./dev lock`: resolve requirements/*.in into files that name one version and its sums.

One lock serves every Python from 3.11 on and every system, so what CI proved is what people get.
Give package names to move only those: `./dev lock django redis`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements/uv.txt": "requirements/uv.in",
    "requirements.txt": "requirements/base.in",
    "requirements-dev.txt": "requirements/dev.in",
}
# What the processes of ./dev run load, some of it only when they are at work.
PARTS = """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "superapp.settings"
django.setup()
import celery.bin.worker, gunicorn.app.wsgiapp, kombu.transport.redis, ops.cli, ops.worker
import superapp.asgi, superapp.wsgi, uvicorn.lifespan.off, uvicorn.loops.uvloop
import uvicorn.protocols.http.httptools_impl
import uvicorn.protocols.websockets.websockets_sansio_impl
"""
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


def try_out() -> int:
    """Start the product's parts in an environment that holds nothing but requirements.txt.

    The developers' environment hides what only they have: a library may use another one without
    saying so, and is then broken for whoever types ./dev run first.
    """
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "bin" / "python")
        install = [str(_uv()), "pip", "install", "--python", python, "--require-hashes", "--quiet"]
        install += ["-r", "requirements.txt"]
        for ways in (
            [[str(_uv()), "venv", "--quiet", "--python", sys.executable, folder]],
            [[*install, "--system-certs"], install],  # as ops/bootstrap.py does it, and why
            [[python, "-c", PARTS]],
            [[python, "manage.py", "check"]],
        ):
            if not any(subprocess.run(way, cwd=ROOT, check=False).returncode == 0 for way in ways):
                return 1
    return 0


def _uv() -> Path:
    path = Path(sys.executable).parent / "uv"
    if not path.exists():
        raise SystemExit("uv is missing here: ./dev lock needs it to resolve for every system.")
    return path


if __name__ == "__main__":
    sys.exit(try_out() if sys.argv[1:] == ["try"] else main(sys.argv[1:]))
