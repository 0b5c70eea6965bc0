"""`./dev messages`: collect the texts of the product, merge them into locale/*/*.po, compile.

There are two catalogues, as Django has them: "django" for Python and templates, "djangojs" for our
scripts, which reaches the browser through /i18n/js/. Django's own makemessages and compilemessages
need GNU gettext, which a newcomer does not have. The collecting here is the same: Django turns a
template into something like Python, a scanner reads it. Both .po and .mo are committed, so that a
checkout runs as it is; `./dev check` compares the two.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
APPS = ("superapp", "accounts", "chat", "moments", "payments", "services")
# catalogue: where its texts are, and in which kinds of file
DOMAINS = {
    "django": ((*APPS, "templates"), {".py", ".html", ".txt"}),
    "djangojs": (("static/js",), {".js"}),
}
PLURALS = {
    "zh_Hans": "nplurals=1; plural=0;",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 && n%100<=99 ? 4 : 5;",
}
COMPLETE = ("zh_Hans", "ar")
# function name: which of its arguments are the text, the plural, the context ("c")
FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]  # context, text


def main(arguments: list[str]) -> int:
    """Without arguments update; with --check only tell what is out of date or untranslated."""
    catalogues = {domain: collected(domain) for domain in DOMAINS}
    all_of_them = [(language, *item) for language in PLURALS for item in catalogues.items()]
    if arguments == ["--check"]:
        problems = [line for which in all_of_them for line in check(*which)]
        sys.stdout.writelines(f"{line}\n" for line in problems)
        return 1 if problems else 0
    for which in all_of_them:
        update(*which)
    return 0


def collected(domain: str) -> dict[Key, polib.POEntry]:
    """Every text of one catalogue, as entries without a translation, in a stable order."""
    found: dict[Key, polib.POEntry] = {}
    for path in _sources(domain):
        place = str(path.relative_to(ROOT))
        for text, plural, context, comments in _texts(path):
            entry = found.setdefault(
                (context, text), polib.POEntry(msgid=text, msgctxt=context, occurrences=[])
            )
            entry.msgid_plural = entry.msgid_plural or plural
            if (place, "") not in entry.occurrences:
                entry.occurrences.append((place, ""))
            entry.comment = entry.comment or "\n".join(comments)
            if PLACEHOLDER.search(text) and "%" in text:
                entry.flags = ["python-format"]
    return dict(sorted(found.items(), key=lambda item: (item[1].occurrences, item[0][1])))


def update(language: str, domain: str, catalogue: dict[Key, polib.POEntry]) -> None:
    """Write the .po, keeping every translation whose text is still used, and the .mo."""
    path = _po(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(language, catalogue, _translations(path))
    fresh.save(str(path))
    path.with_suffix(".mo").write_bytes(fresh.to_binary())
    missing = len(fresh.untranslated_entries())
    sys.stdout.write(f"{language} {domain}: {len(fresh)} texts, {missing} not translated\n")


def check(language: str, domain: str, catalogue: dict[Key, polib.POEntry]) -> Iterator[str]:
    """What is wrong with one catalogue of one language, a line each."""
    path = _po(language, domain)
    name = path.relative_to(ROOT)
    if not path.exists():
        yield f"{name} is missing: run ./dev messages"
        return
    kept = _translations(path)
    for context, text in sorted(catalogue.keys() - kept.keys(), key=str):
        yield f"{name} lacks {text!r} ({context or 'no context'}): run ./dev messages"
    for _context, text in sorted(kept.keys() - catalogue.keys(), key=str):
        yield f"{name} still has {text!r}, which nothing says any more: run ./dev messages"
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != polib.pofile(str(path)).to_binary():
        yield f"{compiled.relative_to(ROOT)} is not what {name} compiles to: run ./dev messages"
    yield from _translation_faults(language, polib.pofile(str(path)))


def _translation_faults(language: str, po: polib.POFile) -> Iterator[str]:
    for entry in po:
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if language in COMPLETE and not all(said):
            yield f"{language}: not translated: {entry.msgid!r}"
        if "fuzzy" in entry.flags:
            yield f"{language}: still marked fuzzy: {entry.msgid!r}"
        allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in filter(None, said):
            if strange := set(PLACEHOLDER.findall(text)) - allowed:
                yield f"{language}: {entry.msgid!r} has no {', '.join(sorted(strange))}"


def _sources(domain: str) -> Iterator[Path]:
    folders, kinds = DOMAINS[domain]
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in kinds and "migrations" not in path.parts:
                yield path


def _texts(path: Path) -> Iterator[tuple[str, str, str | None, list[str]]]:
    source = path.read_text()
    if path.suffix in {".html", ".txt"}:
        from django.utils.translation.template import templatize  # noqa: PLC0415 - needs settings

        # the scanner would trip over a template's indentation; inside brackets there is none
        source = f"({templatize(source, origin=str(path))})"
    stream = io.BytesIO(source.encode())
    found = extract(
        "javascript" if path.suffix == ".js" else "python",
        stream,
        FUNCTIONS,
        comment_tags=["Translators:"],
        strip_comment_tags=False,
    )
    for _line, message, comments, context in found:
        text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if text:
            yield text, plural or "", context, comments


def _translations(path: Path) -> dict[Key, polib.POEntry]:
    if not path.exists():
        return {}
    return {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def _fresh(
    language: str, catalogue: dict[Key, polib.POEntry], kept: dict[Key, polib.POEntry]
) -> polib.POFile:
    po = polib.POFile(wrapwidth=100)
    po.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    forms = int(PLURALS[language].split("=")[1].split(";")[0])
    for key, found in catalogue.items():
        before = kept.get(key)
        entry = polib.POEntry(
            msgid=found.msgid,
            msgctxt=found.msgctxt,
            msgid_plural=found.msgid_plural,
            occurrences=found.occurrences,
            comment=found.comment,
            flags=found.flags,
        )
        if found.msgid_plural:
            said = before.msgstr_plural if before else {}
            entry.msgstr_plural = {n: said.get(n, "") for n in range(forms)}
        else:
            entry.msgstr = before.msgstr if before else ""
        po.append(entry)
    return po


def _po(language: str, domain: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.configure(USE_I18N=False)
    django.setup()
    sys.exit(main(sys.argv[1:]))
