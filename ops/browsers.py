"""The Chromium of the browser tests: the one that is there, or one from the system's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# package manager: what installs a browser and letters for Chinese pages, each a command of its own
RECIPES = {
    "apt-get": [
        "apt-get -qq update",
        "apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk fonts-noto-color-emoji",
    ],
    "dnf": ["dnf install -y -q chromium google-noto-sans-cjk-fonts"],
    "apk": ["apk add -q chromium font-noto-cjk"],
    "pacman": ["pacman -S --noconfirm -q chromium noto-fonts-cjk"],
    "zypper": ["zypper -q install -y chromium noto-sans-cjk-fonts"],
}


def find() -> str | None:
    """The path of a Chromium: what SUPERAPP_CHROMIUM names, or what the system has."""
    named = os.environ.get("SUPERAPP_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise SystemExit(f"SUPERAPP_CHROMIUM={named}: there is no such program.")
        return named
    on_path = (shutil.which(name) for name in NAMES)
    on_mac = (place for place in MAC_PLACES if Path(place).is_file())
    return next((found for found in (*on_path, *on_mac) if found), None)


def ensure() -> str:
    """The path of a Chromium, installed with the system's package manager when there is none."""
    found = find()
    if found:
        return found
    commands = _recipe()
    may_install = bool(commands) and (os.geteuid() == 0 or bool(shutil.which("sudo")))
    if may_install and _succeed(commands) and (found := find()):
        return found
    raise SystemExit(advice(commands))


def advice(commands: list[str]) -> str:
    """What to do by hand, word for word."""
    by_hand = [f"    sudo {command}" for command in commands] or [
        "    install Chromium or Google Chrome, and fonts that know Chinese letters"
    ]
    return "\n".join(
        [
            "The browser tests need Chromium, and it could not be installed from here. Either:",
            *by_hand,
            "or name one:     SUPERAPP_CHROMIUM=/path/to/chromium ./dev test",
            'or leave them out:     ./dev test -m "not browser"',
        ]
    )


def _recipe() -> list[str]:
    manager = next((name for name in RECIPES if shutil.which(name)), None)
    return RECIPES[manager] if manager else []


def _succeed(commands: list[str]) -> bool:
    # -n: ask nobody for a password; whoever has to type one reads the advice instead
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        sys.stdout.write(f"Installing Chromium for the browser tests: {command}\n")
        sys.stdout.flush()
        done = subprocess.run(
            [*prefix, *command.split()], env=environment, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            return False
    return True
