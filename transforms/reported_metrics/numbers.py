"""One reader for every way in which a sentence writes a number.

Signs, decimals, thousands separators, units glued or spelled out, ranges, "k of n", multiples in words. What a number
means is not decided here: a year, a size and an accuracy are all read.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from seeds import vocabulary
from transforms.reported_metrics.comparators import with_comparator
from transforms.reported_metrics.lexicon import Atom, Lexicon, Phrase, atoms
from transforms.reported_metrics.tokens import NUMBER, Token
from transforms.reported_metrics.units import GLUED_UNITS, UNIT_FORMS, unit_at
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from collections.abc import Sequence

RANGE_MARKS: Final = frozenset({"-", "–", "—", "--", "~", "∼", "sim", "−"})
PLUS_MINUS: Final = frozenset({"±", "pm"})
RANGE_OPENERS: Final = frozenset(
    {"ranging", "ranges", "range", "varying", "vary", "varies", "spanning", "ranged", "varied"}
)

_WORD_VALUES: Final[dict[str, tuple[float, str, str]]] = {
    row["phrase"]: (float(row["value"]), row["unit"], row["form"]) for row in vocabulary("number_words")
}

_TELLING_WORDS: Final = frozenset(phrase.split()[-1] for phrase in _WORD_VALUES)
"""The last word of every number word: a sentence without any of them holds none."""


class Number:
    """A number of a sentence.

    ``first`` and ``last`` bound its tokens, ``start`` and ``end`` its characters. ``form`` says how it is written:
    percent, pp, points, factor, fraction, doubling, halving, count, duration, rate, memory, compute, energy, money,
    measure, magnitude, ordinal or bare. ``lead`` is the first token of its comparator, or ``first`` if it has none.
    """

    __slots__ = (
        "comparator",
        "end",
        "first",
        "form",
        "is_decimal",
        "last",
        "lead",
        "sign",
        "start",
        "unit",
        "value",
        "value_high",
    )

    def __init__(
        self,
        first: int,
        last: int,
        start: int,
        end: int,
        value: float,
        value_high: float | None = None,
        unit: str | None = None,
        form: str = "bare",
        comparator: str = "=",
        lead: int = 0,
        sign: str = "",
        is_decimal: bool = False,
    ) -> None:
        self.first = first
        self.last = last
        self.start = start
        self.end = end
        self.value = value
        self.value_high = value_high
        self.unit = unit
        self.form = form
        self.comparator = comparator
        self.lead = lead
        self.sign = sign
        self.is_decimal = is_decimal

    def replace(
        self,
        *,
        first: int | None = None,
        last: int | None = None,
        start: int | None = None,
        end: int | None = None,
        value: float | None = None,
        value_high: float | None = None,
        unit: str | None = None,
        form: str | None = None,
        comparator: str | None = None,
        lead: int | None = None,
        is_decimal: bool | None = None,
    ) -> Number:
        """The same number but for what is given; what is None stays."""
        return Number(
            self.first if first is None else first,
            self.last if last is None else last,
            self.start if start is None else start,
            self.end if end is None else end,
            self.value if value is None else value,
            self.value_high if value_high is None else value_high,
            self.unit if unit is None else unit,
            self.form if form is None else form,
            self.comparator if comparator is None else comparator,
            self.lead if lead is None else lead,
            self.sign,
            self.is_decimal if is_decimal is None else is_decimal,
        )


def atoms_with_numbers(tokens: Sequence[Token]) -> list[Atom] | None:
    """The parts of the tokens if numbers in words can be among them, else None."""
    return None if _TELLING_WORDS.isdisjoint([token.low for token in tokens]) else atoms(tokens)


def read_numbers(tokens: Sequence[Token], parts: Sequence[Atom] | None) -> list[Number]:
    """The numbers of a sentence in text order; a range and "k of n" are one number, what follows ± is none.

    ``parts`` are those of `atoms_with_numbers`.
    """
    words = {} if parts is None else {phrase.first: phrase for phrase in _number_words().find(parts)}
    found: list[Number] = []
    read_up_to = 0
    ordinals = {number.first: number for number in _ordinals(tokens)}
    places = [index for index, token in enumerate(tokens) if token.kind == NUMBER or index in ordinals]
    for position in sorted({*words, *places}) if words else places:
        if position in ordinals:
            found.append(ordinals[position])
            continue
        number = _simple(tokens, position, words) if position >= read_up_to else None
        if number is None:
            continue
        chain = _between_slashes(tokens, number)
        if chain:
            found += chain
            read_up_to = chain[-1].last
            continue
        number = _count(tokens, number, words) or _range(tokens, number, words) or number
        if not _is_plus_minus(tokens, number):
            found.append(with_comparator(tokens, number))
        read_up_to = _beyond_scale(tokens, number)
    return [_with_unit_of_next(tokens, number, later) for number, later in zip(found, [*found[1:], None], strict=False)]


SCALES: Final = frozenset({"1.0", "5.0", "5.00", "7.0", "10.0", "100.0"})
"""Highest grades: "4.3/5.0" is one value."""


_ORDINAL: Final = re.compile(r"(\d{1,3})(?:st|nd|rd|th)$")
_ORDINAL_WORDS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
}


def _ordinals(tokens: Sequence[Token]) -> list[Number]:
    """As in "ranks 7th", "ranked first", "3rd place": a place in a ranking."""
    found = []
    for index, token in enumerate(tokens):
        digits = _ORDINAL.match(token.low) if token.text[0].isdigit() else None
        if digits is None and token.low not in _ORDINAL_WORDS:
            continue
        is_ranked = any(before.low.startswith("rank") for before in tokens[max(0, index - 2) : index])
        after = _word_after(tokens, index)
        is_place = digits is not None and after in ("place", "rank", "position", "out")
        is_place = is_place or (after in ("among", "overall") and any(token.low.startswith("rank") for token in tokens))
        if is_ranked or is_place:
            value = float(digits[1]) if digits else float(_ORDINAL_WORDS[token.low])
            found.append(Number(index, index + 1, token.start, token.end, value, form="ordinal", lead=index))
    return found


def _between_slashes(tokens: Sequence[Token], number: Number) -> list[Number]:
    """As in "18/13/53%", "85/54 ms", "26.2/0.96/0.08": values between slashes, which share the unit of the last.

    None where the last has no unit and may be the scale of a grade ("4.3/5.0") or the total of a count ("12/14").
    """
    chain = [number]
    while chain[-1].last + 1 < len(tokens):
        slash, following = tokens[chain[-1].last : chain[-1].last + 2]
        if slash.text != "/" or slash.start != chain[-1].end or following.kind != NUMBER:
            break
        chain.append(_digits(tokens, chain[-1].last + 1))
    last = chain[-1]
    if len(chain) < 2 or number.form not in ("bare", last.form):
        return []
    is_grade = len(chain) == 2 and tokens[last.first].core in SCALES
    are_values = not is_grade and all(value.is_decimal for value in chain)
    if last.form not in ("percent", "duration", "pp", "memory", "points") and not (last.form == "bare" and are_values):
        return []
    return [value.replace(unit=last.unit, form=last.form, lead=value.first) for value in chain]


def _beyond_scale(tokens: Sequence[Token], number: Number) -> int:
    """The token behind a number, and behind what it is a grade of: "4.92/5" is 4.92."""
    if not number.is_decimal or number.form != "bare" or number.last + 1 >= len(tokens):
        return number.last
    slash, scale = tokens[number.last : number.last + 2]
    is_scale = scale.kind == NUMBER and scale.start == slash.end
    is_scale = is_scale and ("." not in scale.core or scale.core in SCALES)
    return number.last + 2 if slash.text == "/" and is_scale else number.last


def _with_unit_of_next(tokens: Sequence[Token], number: Number, later: Number | None) -> Number:
    """As in "from 41 to 58%", "12 and 15%": a bare number shares the unit that is written once, at the end."""
    if (
        number.form != "bare"
        or later is None
        or later.form not in ("percent", "pp", "duration", "memory")
        or number.sign
    ):
        return number
    between = [token.low for token in tokens[number.last : later.lead]]
    if 1900 <= number.value <= 2100 and later.value <= 100 and later.form != "duration":
        return number  # "from nothing in 2020 to 19%"
    if between in (["to"], ["→"], ["rightarrow"]):
        return number.replace(unit=later.unit, form=later.form)
    return number


def _simple(tokens: Sequence[Token], position: int, words: dict[int, Phrase]) -> Number | None:
    """A number without its partners: "+4.2%", "two minutes", "10-fold", "an order of magnitude"."""
    token = tokens[position]
    if token.kind == NUMBER:
        return _digits(tokens, position)
    phrase = words.get(position)
    if phrase is None:
        return None
    if phrase.id == "order of magnitude" and token.low == "orders":
        return None  # of how many is not said
    value, unit, form = _WORD_VALUES[phrase.id]
    number = Number(position, phrase.last, token.start, tokens[phrase.last - 1].end, value, None, unit or None, form)
    if form == "cardinal":
        with_unit = _with_unit(tokens, number)
        return with_unit if with_unit.form not in ("bare", "cardinal") else _cardinal_of(tokens, number)
    return number if form != "magnitude" else None


def _digits(tokens: Sequence[Token], position: int) -> Number:
    token = tokens[position]
    value = float(token.core.replace(",", ""))
    if token.sign in ("-", "−"):
        value = -value
    number = Number(
        position, position + 1, token.start, token.end, value, sign=token.sign, is_decimal="." in token.core
    )
    if token.suffix == "%":
        number = number.replace(unit="%", form="percent")
    elif token.suffix in ("×", "*"):
        number = number.replace(unit="x", form="factor")
    elif token.suffix:
        unit, form = GLUED_UNITS[token.suffix]
        number = number.replace(unit=unit, form=form)
    before = tokens[position - 1] if position else None
    is_priced = token.suffix != "%" and before is not None and before.text in ("$", "€", "£")
    if before is not None and is_priced and before.end == token.start:
        return number.replace(first=position - 1, start=before.start, unit=before.text, form="money")
    return _with_unit(tokens, number)


def _with_unit(tokens: Sequence[Token], number: Number) -> Number:
    """The number with the unit spelled out after it ("percentage points", "-fold", "million", "frames per second")."""
    position = number.last
    if position < len(tokens) and tokens[position].text == "-" and tokens[position].start == number.end:
        position += 1
    if number.form in ("bare", "cardinal") and position < len(tokens):
        scale = _WORD_VALUES.get(tokens[position].text)
        if scale is not None and scale[2] == "magnitude":
            number = number.replace(
                last=position + 1, end=tokens[position].end, value=number.value * scale[0], form="magnitude"
            )
            return _orders(tokens, number)
    if number.form == "percent":
        is_glued = position < len(tokens) and tokens[position].start == number.end
        if position < len(tokens) and (
            tokens[position].low in ("points", "point", "pp") or (is_glued and tokens[position].text == "p")
        ):
            return number.replace(last=position + 1, end=tokens[position].end, unit="pp", form="pp")
        return number
    if number.form not in ("bare", "cardinal") or position >= len(tokens):
        return number
    unit = unit_at(tokens, position)
    if unit is None:
        return _orders(tokens, number)
    form = UNIT_FORMS[unit.id]
    return number.replace(last=unit.last, end=tokens[unit.last - 1].end, unit=unit.id, form=form)


def _orders(tokens: Sequence[Token], number: Number) -> Number:
    """As in "three orders of magnitude" is a factor of 1000."""
    tail = [token.low for token in tokens[number.last : number.last + 4]]
    skip = 1 if tail[:1] == ["-"] else 0
    if (
        tail[skip : skip + 3] in (["orders", "of", "magnitude"], ["order", "of", "magnitude"])
        and abs(number.value) < 20
    ):
        last = number.last + skip + 3
        return number.replace(last=last, end=tokens[last - 1].end, value=10.0**number.value, unit="x", form="factor")
    return number


def _cardinal_of(tokens: Sequence[Token], number: Number) -> Number | None:
    """A count in words is a number only of a total ("nine out of ten") or before "orders of magnitude"."""
    tail = [token.low for token in tokens[number.last : number.last + 2]]
    if [token.low for token in tokens[max(0, number.first - 2) : number.first]] == ["factor", "of"]:
        return number
    if tail[:1] == ["of"] or tail == ["out", "of"] or (number.form == "factor"):
        return number
    return None


def _count(tokens: Sequence[Token], number: Number, words: dict[int, Phrase]) -> Number | None:
    """As in "7 out of 10", "7 of the 10", "7/10": the value and, as its high end, the total."""
    if number.form not in ("bare", "cardinal") or number.is_decimal or number.sign:
        return None
    position = number.last
    low = [token.low for token in tokens[position : position + 4]]
    if low[:1] == ["/"]:
        position += 1
    elif low[:2] == ["out", "of"]:
        position += 2
    elif low[:1] == ["of"]:
        position += 1
    else:
        return None
    if position < len(tokens) and tokens[position].low in ("the", "all", "our", "these"):
        position += 1
    total = _total(tokens, position, words)
    if total is None or total.value < number.value:
        return None
    return number.replace(
        last=total.last, end=total.end, value_high=total.value, form="slash" if low[0] == "/" else "count"
    )


def _total(tokens: Sequence[Token], position: int, words: dict[int, Phrase]) -> Number | None:
    if position >= len(tokens):
        return None
    token = tokens[position]
    if token.kind == NUMBER and not token.suffix and not token.sign and "." not in token.core:
        return Number(position, position + 1, token.start, token.end, float(token.core.replace(",", "")))
    phrase = words.get(position)
    if phrase is not None and _WORD_VALUES[phrase.id][2] == "cardinal":
        return Number(position, phrase.last, token.start, tokens[phrase.last - 1].end, _WORD_VALUES[phrase.id][0])
    return None


def _range(tokens: Sequence[Token], number: Number, words: dict[int, Phrase]) -> Number | None:
    """As in "10-20%", "3% to 6%", "between 2 and 5", "ranging from 3 to 8 points"; "from 3 to 8" is two numbers."""
    position = number.last
    if _word_before(tokens, number.first, 1) in group("index_noun"):
        return None  # "from 0.7 at layer 0 to 0.1 by layer 4"
    joint = tokens[position].low if position < len(tokens) else ""
    if joint == "!":  # what is left of LaTeX's thin space around a dash
        position += 2
        joint = "-"
        if position < len(tokens) and tokens[position].text == "!":
            position += 1
    elif joint == "-" and [token.low for token in tokens[position + 1 : position + 3]] == ["to", "-"]:
        position += 3  # "66%-to-75%"
    elif _is_second_pair(tokens, number):
        return None
    elif (
        joint in RANGE_MARKS
        or joint == "to"
        or (joint in ("and", "&") and _word_before(tokens, number.first, 1) == "between")
    ):
        position += 1
    else:
        return None
    high = _simple(tokens, position, words) if position < len(tokens) else None
    if high is None or not _same_scale(number, high):
        return None
    is_from = "from" in (_word_before(tokens, number.first, 1), _word_before(tokens, number.first, 2))
    opener = {_word_before(tokens, number.first, step) for step in (1, 2, 3, 4)}
    is_falling = high.sign != "" and high.sign == number.sign and high.value < number.value < 0  # "-3% to -41%"
    if joint == "to" and ((high.value <= number.value and not is_falling) or (is_from and not opener & RANGE_OPENERS)):
        return None
    if joint != "to" and joint not in ("and", "&") and abs(high.value) <= abs(number.value):
        return None
    low_value, high_value = sorted((number.value, abs(high.value) if joint == "-" and high.sign else high.value))
    return number.replace(
        last=high.last,
        end=high.end,
        value=low_value,
        value_high=high_value,
        unit=high.unit or number.unit,
        form=high.form if high.form != "bare" else number.form,
        is_decimal=number.is_decimal or high.is_decimal,
    )


def _is_second_pair(tokens: Sequence[Token], number: Number) -> bool:
    """As in "from 71% to 78% on A and 47% to 59% on B": two values again, the second "from" left out."""
    opener = _word_before(tokens, number.first, 1)
    if _word_after(tokens, number.last - 1) != "to":
        return False
    if opener == "to" and number.first > 1 and tokens[number.first - 2].kind == NUMBER:
        return True  # "from 60% to 77% to 83%"
    if opener == "(" and any(token.suffix == "%" for token in tokens[max(0, number.first - 6) : number.first]):
        return number.is_decimal and not number.sign  # "a 4% gain (42.8% to 46.8%)"
    openers = [index for index in range(number.first - 1) if tokens[index].low == "from"]
    is_alike = any(tokens[index + 1].suffix == tokens[number.first].suffix for index in openers)
    return opener == "and" and is_alike and any(token.low == "to" for token in tokens[openers[0] : number.first])


def _same_scale(low: Number, high: Number) -> bool:
    return low.form in (high.form, "bare", "cardinal") and (low.unit in (high.unit, None)) and high.form != "money"


def _is_plus_minus(tokens: Sequence[Token], number: Number) -> bool:
    before = tokens[number.first - 1] if number.first else None
    return before is not None and (before.low in PLUS_MINUS or before.text == "\\" or _slashed(tokens, number))


def _slashed(tokens: Sequence[Token], number: Number) -> bool:
    """As in "+/-" before the number."""
    marks = "".join(token.text for token in tokens[max(0, number.first - 3) : number.first])
    return (number.sign == "-" and marks.endswith("/")) or marks.endswith("+/-")


def _word_before(tokens: Sequence[Token], position: int, steps: int) -> str:
    """The word `steps` words before the token at `position`, in lower case; comparators count as words."""
    index = position - steps
    return tokens[index].low if index >= 0 else ""


def _word_after(tokens: Sequence[Token], position: int) -> str:
    return tokens[position + 1].low if position + 1 < len(tokens) else ""


@functools.cache
def _number_words() -> Lexicon:
    return Lexicon((row["phrase"], row["phrase"]) for row in vocabulary("number_words"))
