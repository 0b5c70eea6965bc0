"""In production every file has a hashed name, also where a script imports another."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from superapp.kernel.pages.assets import HashedFiles


@pytest.fixture
def hashed(settings, tmp_path):
    """Our scripts and styles as collectstatic would leave them."""
    source = Path(settings.BASE_DIR) / "static"
    for name in ("css", "js", "vendor"):
        shutil.copytree(source / name, tmp_path / name)
    storage = HashedFiles(location=tmp_path, base_url="/static/")
    files = [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()]
    original = FileSystemStorage(location=tmp_path)
    for _name, _new, outcome in storage.post_process({name: (original, name) for name in files}):
        assert not isinstance(outcome, Exception), outcome
    return storage.hashed_files, tmp_path


def test_a_module_imports_its_neighbours_by_their_hashed_names(hashed):
    names, folder = hashed
    code = (folder / names["js/shell/start.js"]).read_text()
    found = re.findall(r'import\s*"([^"]+)"', code)
    assert len(found) > 5
    assert [name for name in found if not re.search(r"\.[0-9a-f]{12}\.js$", name)] == []
    assert all((folder / "js" / "shell" / name).resolve().is_file() for name in found)


def test_every_import_of_every_script_leads_to_a_file(settings):
    source = Path(settings.BASE_DIR) / "static" / "js"
    lost = [
        (path.name, name)
        for path in source.rglob("*.js")
        for name in re.findall(r'(?:from|import)\s+"(\.[^"]+)"', path.read_text())
        if not (path.parent / name).resolve().is_file()
    ]
    assert lost == []
