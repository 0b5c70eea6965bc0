"""Text search for every script: words for spaced scripts, pairs of characters for Chinese.

A row keeps `vector_of(text)` in a tsvector column with a GIN index, and a search asks for
`query_of(words)`. Chinese, Japanese and Korean have no spaces, so each run of them gives its
overlapping pairs and its last character: 爸爸 is found inside any sentence, and a single character
as the beginning of a pair. Latin words are found by their beginnings. PostgreSQL's own parsers
are not used: they take a Chinese sentence for one word.
"""

import re
import unicodedata
from functools import cache, lru_cache

from confusable_homoglyphs.confusables import confusables_data
from django.db.models import BooleanField, F, Func, TextField, Value
from pypinyin import Style, lazy_pinyin

TOKENS_MAX = 2000
TOKEN_MAX = 40
QUERY_WORDS_MAX = 20
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
# A run ends where the script changes: "coffee红包" is a word and a Chinese run.
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
# The same for text that is all ASCII, most of what is written in some languages: ten times as fast.
_ASCII_RUNS = re.compile(r"[a-z0-9]+")
_IS_CJK = re.compile(rf"[{_CJK}]")


def fold(text: str) -> str:
    """Case, width and compatibility forms made equal, so that ＡＢＣ finds abc."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens_of(text: str) -> list[str]:
    """What a row is indexed under: without repeats, at most TOKENS_MAX, none longer than 40."""
    if text.isascii():
        return list({run[:TOKEN_MAX]: None for run in _ASCII_RUNS.findall(text.lower())})[
            :TOKENS_MAX
        ]
    found: dict[str, None] = {}
    for run in _RUNS.findall(fold(text)):
        if _IS_CJK.match(run):
            found.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
            found[run[-1]] = None
        else:
            found[run[:TOKEN_MAX]] = None
    return list(found)[:TOKENS_MAX]


def vector_of(text: str) -> str:
    """The tokens as text for `array_to_tsvector(string_to_array(…, ' '))`; tokens hold no space."""
    return " ".join(tokens_of(text))


def query_of(words: str) -> str:
    """A tsquery that a row must match, or "" when there is nothing to search for."""
    wanted: list[str] = []
    for run in _RUNS.findall(fold(words))[:QUERY_WORDS_MAX]:
        if not _IS_CJK.match(run):
            wanted.append(f"'{run[:TOKEN_MAX]}':*")
        elif len(run) == 1:
            wanted.append(f"'{run}':*")
        else:
            wanted.extend(f"'{run[i : i + 2]}'" for i in range(len(run) - 1))
    return " & ".join(dict.fromkeys(wanted))


@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """Orders names A to Z with Chinese read as pinyin: 王小明 sorts as "wang xiao ming".

    Accents are left out, and what begins with no Latin letter comes after Z. For columns with
    db_collation="C": a language's own collation would look past the mark that puts it there.
    """
    spelled = unicodedata.normalize("NFKD", " ".join(" ".join(lazy_pinyin(name)).split()))
    key = fold("".join(c for c in spelled if not unicodedata.combining(c)))
    return key[:120] if "a" <= key[:1] <= "z" else f"~{key}"[:120]


@lru_cache(maxsize=20_000)
def name_keys(name: str) -> str:
    """What a name is findable by: itself, its pinyin with and without spaces, its initials."""
    syllables = " ".join(lazy_pinyin(name)).split()
    initials = "".join("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).split())
    return fold(f"{name} {' '.join(syllables)} {''.join(syllables)} {initials}")[:400]


def section_of(name: str) -> str:
    """The letter under which a name stands in an A–Z list; # for everything else."""
    first = sort_key(name)[:1].upper()
    return first if "A" <= first <= "Z" else "#"


# Controls, marks that turn the writing direction, and characters that cannot be seen. The joiners
# U+200C and U+200D stay: Persian words and emoji are made with them.
_UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_MARKS_MAX = 3


def clean_line(text: str) -> str:
    """One line that looks like what it is: a name, a title, a remark.

    Composed (so that equal-looking names are equal), without controls, direction overrides and
    invisible characters, without towers of combining marks, with single spaces.
    """
    seen = _UNSEEN.sub(" ", unicodedata.normalize("NFC", text))
    kept: list[str] = []
    marks = 0
    for character in seen:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_MAX:
            kept.append(character)
    return " ".join("".join(kept).split())


def skeleton(name: str) -> str:
    """What a name looks like: names that pass for each other have one skeleton.

    Case, accents, spaces and signs are left out, and characters that look alike (Unicode's list of
    confusables: Cyrillic а and Latin a, 0 and O, l and 1) count as one.
    """
    spelled = unicodedata.normalize("NFKD", name)
    letters = "".join(c for c in spelled if unicodedata.category(c)[0] in "LN")
    alike = _alike()
    # Capitals first as they are: a Cyrillic М looks like M, its small м does not look like m.
    for _step in range(2):
        letters = fold("".join(alike.get(c, c) for c in letters))
    return letters[:120] or fold(name)[:120]


@cache
def _alike() -> dict[str, str]:
    """character → what it looks like, folded. Unicode gives each source one target; the list has
    both directions, so whatever stands beside several others is a target."""
    targets: dict[str, str] = {}
    for one, others in confusables_data.items():
        other = others[0]["c"]
        is_target = len(others) > 1 or (len(confusables_data[other]) == 1 and one < other)
        if len(one) == 1 and not is_target:
            targets[one] = fold(other)
    # A capital I looks like a small l, and folded names do not say which it was.
    return targets | {"i": "l"}


class _TSQuery(Func):
    template = "%(expressions)s::tsquery"
    output_field = TextField()


class _Matches(Func):
    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = BooleanField()


def matches(column: str, words: str) -> Func:
    """A filter: the tsvector `column` matches what was typed. Empty words match nothing."""
    return _Matches(F(column), _TSQuery(Value(query_of(words) or "''")))


def exact_runs(words: str) -> list[str]:
    """Runs of Chinese longer than a pair: pairs alone would also find them torn apart."""
    return [run for run in _RUNS.findall(fold(words)) if _IS_CJK.match(run) and len(run) > 2]
