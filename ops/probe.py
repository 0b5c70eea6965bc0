"""A container's health check: does this port say that it is ready? `python -m ops.probe 8000`."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def main(port: str, path: str = "/readyz") -> int:
    # Django answers only to the names it is known by
    host = os.environ.get("SUPERAPP_HOSTS", "127.0.0.1").split(",")[0].strip()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
