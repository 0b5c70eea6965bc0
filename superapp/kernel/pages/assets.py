"""Our own static files as the service worker and the hashed storage see them."""

import hashlib
import zlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from servestatic.storage import CompressedManifestStaticFilesStorage

# What a page needs before anything else; pictures and vendor files are fetched when asked for.
_PRECACHED = ("css/*.css", "js/**/*.js", "icons.svg", "img/empty.svg", "img/logo.svg")


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names also inside `import` lines, so that a module never meets an older neighbour."""

    support_js_module_import_aggregation = True
    # A name settles one pass after those it imports; Django's 5 is less than our deepest chain.
    max_post_process_passes = 20


@lru_cache(maxsize=1)
def precached() -> tuple[str, ...]:
    """Addresses of the files the service worker keeps for offline use."""
    return tuple(static(name) for name in _names())


@lru_cache(maxsize=1)
def version() -> str:
    """Changes when any precached file changes."""
    digest = hashlib.sha256()
    for name in _names():
        digest.update(name.encode() + _root().joinpath(name).read_bytes())
    return digest.hexdigest()[:12]


def _names() -> list[str]:
    root = _root()
    found = {path for pattern in _PRECACHED for path in root.glob(pattern)}
    return sorted(path.relative_to(root).as_posix() for path in found)


def _root() -> Path:
    return Path(settings.BASE_DIR) / "static"


def words_version(language: str) -> str:
    """Changes when the compiled catalogue of a language changes."""
    folder = language.split("-")[0] + "".join(f"_{p.title()}" for p in language.split("-")[1:])
    compiled = Path(settings.LOCALE_PATHS[0]) / folder / "LC_MESSAGES" / "djangojs.mo"
    return f"{zlib.crc32(compiled.read_bytes()):x}" if compiled.exists() else "0"
