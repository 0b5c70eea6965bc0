"""Text search for every script: words for spaced scripts, characters and pairs for Chinese.

A row keeps `tokens_of(text)` in an array column with a GIN index; a search asks for rows that
contain all `tokens_for_query(words)`. Chinese, Japanese and Korean have no spaces, so each run of
them gives its single characters and its overlapping pairs: 爸爸 is found inside any sentence.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

TOKENS_MAX = 2000
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
# A run ends where the script changes: "coffee红包" is a word and a Chinese run.
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
# Latin words are findable by their beginnings; longer ones only as a whole.
_PREFIX_MAX = 12


def fold(text: str) -> str:
    """Case, width and compatibility forms made equal, so that ＡＢＣ finds abc."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens_of(text: str) -> list[str]:
    """What a row is indexed under: sorted, without repeats, at most TOKENS_MAX."""
    found: set[str] = set()
    for run in _RUNS.findall(fold(text)):
        if _IS_CJK.match(run):
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            word = run[:40]
            found.add(word)
            found.update(word[:size] for size in range(2, min(len(word), _PREFIX_MAX)))
    return sorted(found)[:TOKENS_MAX]


def tokens_for_query(words: str) -> list[str]:
    """What a row must contain. Empty when there is nothing to search for."""
    wanted: set[str] = set()
    for run in _RUNS.findall(fold(words)):
        if not _IS_CJK.match(run):
            wanted.add(run[:40])
        elif len(run) == 1:
            wanted.add(run)
        else:
            wanted.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(wanted)


@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """Orders names A to Z with Chinese read as pinyin: 王小明 sorts as "wang xiao ming"."""
    return fold(" ".join(lazy_pinyin(name)))[:120]


@lru_cache(maxsize=20_000)
def name_keys(name: str) -> str:
    """What a name is findable by: itself, its pinyin with and without spaces, its initials."""
    syllables = lazy_pinyin(name)
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return fold(f"{name} {' '.join(syllables)} {''.join(syllables)} {initials}")[:400]


def section_of(name: str) -> str:
    """The letter under which a name stands in an A–Z list; # for everything else."""
    first = sort_key(name)[:1].upper()
    return first if "A" <= first <= "Z" else "#"
