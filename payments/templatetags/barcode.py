"""Code 128 (set C) of digits, as the widths that tills read. ISO/IEC 15417, table 1."""

from dataclasses import dataclass

# Widths of bar, space, bar, space, bar, space for the values 0 to 105; then the stop.
_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232"
    " 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122"
    " 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311"
    " 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113"
    " 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422"
    " 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111"
    " 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121"
    " 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412"
    " 211214 211232"
)
_WIDTHS = _TABLE.split()
_START_C, _STOP = 105, "2331112"


@dataclass(frozen=True, slots=True)
class Bars:
    """`path` draws the dark bars in a box `width` wide and 10 high."""

    path: str
    width: int


def values_of(digits: str) -> list[int]:
    """Start, pairs of digits and the check value; needs an even count of digits."""
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    check = (_START_C + sum(place * value for place, value in enumerate(pairs, 1))) % 103
    return [_START_C, *pairs, check]


def code128(digits: str) -> Bars:
    """The bars of an even count of digits."""
    widths = "".join(_WIDTHS[value] for value in values_of(digits)) + _STOP
    path, at = [], 0
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            path.append(f"M{at} 0h{width}v10h-{width}z")
        at += width
    return Bars("".join(path), at)
