"""Bodies of articles and pages: a list of blocks, checked before anything is stored.

A block is words with a few marks (**bold**, *italic*, [words](address), lines with "- "), a picture
of the account's own library, or a button. No HTML is kept: what programs send is read for its words.
"""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.errors import BadBlocks
from accounts.models import OfficialAccount, Picture
from superapp.kernel import search
from superapp.kernel.errors import Invalid

Block = dict[str, str]
# kind → the fields it needs, and the one whose text may have several lines.
KINDS: dict[str, tuple[str, ...]] = {
    "heading": ("text",),
    "text": ("text",),
    "quote": ("text",),
    "picture": ("picture",),
    "button": ("text", "url"),
    "line": (),
}
_LONG = {"text", "quote"}
# What a text says between its letters that could hide or turn others around.
_HIDDEN = {*map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0xFEFF])}


def checked_blocks(
    *, official: OfficialAccount, blocks: Sequence[Mapping[str, Any]]
) -> list[Block]:
    """Blocks that can be shown, cleaned. Raises BadBlocks with `what`: count, kind, text, url,
    picture."""
    if not isinstance(blocks, Sequence) or len(blocks) > settings.ARTICLE_BLOCKS_MAX:
        raise BadBlocks(what="count")
    found = [_checked(block) for block in blocks]
    named = {block["picture"] for block in found if "picture" in block}
    if named:
        own = Picture.objects.filter(official=official, public_id__in=named).count()
        if own != len(named):
            raise BadBlocks(what="picture")
    return found


def _checked(given: Mapping[str, Any]) -> Block:
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadBlocks(what="kind")
    block: Block = {"kind": kind}
    text = clean_words(text=str(given.get("text") or ""), is_long=kind in _LONG)
    if text or "text" in KINDS[kind]:
        if not text:
            raise BadBlocks(what="text")
        block["text"] = text
    if "url" in KINDS[kind]:
        block["url"] = clean_address(url=str(given.get("url") or ""))
    if "picture" in KINDS[kind]:
        block["picture"] = str(given.get("picture") or "")[:40]
    return block


def clean_words(*, text: str, is_long: bool) -> str:
    """Without characters that nobody sees; on one line unless it is long. Raises BadBlocks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join("".join(c for c in line if _is_shown(c)).rstrip() for line in lines).strip()
    if not is_long:
        kept = search.clean_line(kept)
    if len(kept) > (settings.BLOCK_TEXT_MAX if is_long else settings.BLOCK_LINE_MAX):
        raise BadBlocks(what="text")
    return kept


def _is_shown(character: str) -> bool:
    return (character >= " " or character == "\t") and character not in _HIDDEN


def clean_address(*, url: str) -> str:
    """Only pages, here ("/…") or elsewhere: an address that could run a script is none.

    Raises BadBlocks.
    """
    said = url.strip()
    if not is_page(url=said):
        raise BadBlocks(what="url")
    return said


def is_page(*, url: str) -> bool:
    """Whether an address leads to a page, here or elsewhere."""
    if not url or len(url.encode()) > settings.MENU_URL_MAX or "\\" in url:
        return False
    if any(c.isspace() or ord(c) < 32 for c in url):
        return False
    if url.startswith("/"):
        return not url.startswith("//")
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def blocks_of_html(*, html: str) -> list[Block]:
    """The words of an HTML body as blocks: headings, paragraphs, lists, quotes, links, bold and
    italic. Scripts, styles, frames, forms and every attribute but an address are not read."""
    if len(html) > settings.ARTICLE_BLOCKS_MAX * settings.BLOCK_TEXT_MAX:
        raise Invalid
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.blocks()


class _Reader(HTMLParser):
    """Reads tags for what they mean. Whatever it does not know it reads through."""

    _SILENT = {"script", "style", "iframe", "object", "template", "svg", "math", "title", "head"}
    _BLOCKS = {"p", "div", "section", "article", "ul", "ol", "table", "tr", "figure", "pre"}
    _MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
    _WORDS = _MARKS | {"li": "\n- ", "br": "\n"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Block] = []
        self._words: list[str] = []
        self._kind = "text"
        self._silence = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silence += 1
        elif tag == "a":
            self._open_link((dict(attrs).get("href") or "").strip())
        elif tag in self._WORDS:
            self._words.append(self._WORDS[tag])
        elif tag == "hr":
            self._begin("text")
            self._found.append({"kind": "line"})
        else:
            self._open_block(tag)

    def _open_block(self, tag: str) -> None:
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._begin("heading")
        elif tag == "blockquote":
            self._begin("quote")
        elif tag in self._BLOCKS:
            self._begin(self._kind if self._kind == "quote" else "text")

    def _open_link(self, url: str) -> None:
        self._links.append(url if is_page(url=url) else "")
        self._words.append("[" if self._links[-1] else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self._silence = max(0, self._silence - 1)
        elif tag == "blockquote" or tag in self._BLOCKS or (tag[:1] == "h" and tag[1:].isdigit()):
            self._begin("text")
        elif tag in self._MARKS:
            self._words.append(self._MARKS[tag])
        elif tag == "a" and self._links:
            url = self._links.pop()
            self._words.append(f"]({url})" if url else "")

    def handle_data(self, data: str) -> None:
        if not self._silence:
            self._words.append(" ".join(data.split("\n")))

    def blocks(self) -> list[Block]:
        self._begin("text")
        return self._found

    def _begin(self, kind: str) -> None:
        """The words so far are a block of their own; what follows is another."""
        text = "".join(self._words).strip()
        self._words = []
        shown = text.replace("*", "").strip()
        if shown:
            is_long = self._kind in _LONG
            most = settings.BLOCK_TEXT_MAX if is_long else settings.BLOCK_LINE_MAX
            text = clean_words(text=text[:most], is_long=is_long)
            before = self._found[-1] if self._found else None
            joins = before is not None and before["kind"] == self._kind == "text"
            if joins and before and len(before["text"]) + len(text) + 2 <= settings.BLOCK_TEXT_MAX:
                before["text"] += f"\n\n{text}"
            else:
                self._found.append({"kind": self._kind, "text": text})
        self._kind = kind
