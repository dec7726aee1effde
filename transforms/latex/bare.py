r"""Names of operators and relations that lost their backslash: `2times`, `sim5`, `leq3B`, `41%rightarrow52%`.

Called on texts of sources that lost LaTeX (see markup). Most of these names are no words, so they are certain wherever
they stand. Those that are words, or that people type on purpose, need mathematics beside them. How often a form is a
lost macro, and how often authors typed it, was counted on 60,000 abstracts of arXiv, stripped as listings strip them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seeds import vocabulary
from transforms.latex.greek import GREEK

if TYPE_CHECKING:
    from transforms.latex.edits import Change

_ROWS = vocabulary("latex_symbols")
_SYMBOL = {row["macro"]: row["symbol"] for row in _ROWS if row["bare"] not in {"never", "braced"}}


def _names(*bare: str) -> str:
    return "|".join(sorted((row["macro"] for row in _ROWS if row["bare"] in bare), key=len, reverse=True))


OPERATOR_CANDIDATE = (
    rf"{_names('arrow')}|(?:^|[^A-Za-z])(?:{_names('token')}|[A-Za-z](?:cdot|leq|geq|otimes))(?:[^a-z]|$)|times(?:[^a-z]|$)"
    rf"|(?:^|[^a-z])(?:sim|pm|approx)(?:[^a-z]|$)|\dpm\d|(?:^|[^a-z])[a-z]?(?:le|ge) ?-?\.?\d|_\w(?:le|ge)"
    rf"|\S (?:{_names('between')}) \S|in ?(?:\[[-\d.]+,|\\?\{{)|in ?[RZNCQ]\^|to[-+<]?\d|to (?:infty|∞)"
    rf"|[\^_]\{{?(?:{_names('script')})|\d,\p{{L}}|[\w%)]!\S"
)
"""Regular expression of texts that the rules on operators and spaces may change."""

_VARIABLE = r"(?<![\w'’-])(?:[B-HJ-Zb-z]|[A-Za-z]\w{0,3}_\w{1,8}|[α-ωΓ-Ω])"
_TOKENS = tuple(_names("token").split("|"))
_ELEMENTS = tuple(
    f"in{space}{opening}" for space in (" ", "") for opening in ("[", "{", "\\{", "R^", "Z^", "N^", "C^", "Q^")
)
_PATTERNS = tuple(
    (hints, re.compile(pattern))
    for hints, pattern in (
        # names that are no words
        (("arrow", "harpoon"), rf"(?<!\\)({_names('arrow')})"),
        (_TOKENS, rf"(?<![A-Za-z\\])(?<![\w]-)({_names('token')})(?![A-Za-z])"),
        # glued to a variable: `Ncdot d`, `nleq400`, `R^2ge 0.9`
        (("cdot", "leq", "geq", "otimes"), r"(?<![\w'’\\-])[A-Za-z](cdot|leq|geq|otimes)(?![A-Za-z])"),
        (("leq", "geq"), r"(?<![\w'’\\-])[A-Za-z](leq|geq)(?=[A-Za-z](?![a-z]))"),
        (("le", "ge"), r"(?<![\w'’\\-])[b-zA-Z](le|ge)(?= ?\d)"),
        (("^", "_"), r"(?<=[\^_]\w)(le|ge|leq|geq)(?= ?[\d.])"),
        # before a number: `ge99%`, `p le .05`
        (("le", "ge"), r"(?<![\w'’\\-])(le|ge)(?=\d)"),
        ((" le ", " ge "), r"(?<= )(le|ge)(?= -?\.?\d)"),
        # a product: `Ltimes`, `LtimesL`, `3mtimes3m`, `times1.9`
        (("times",), r"(?<![\w'’\\-])(?:[A-HJ-Z]|[b-z](?=times [a-z](?![\w'’])))(times)(?![A-Za-z])"),
        (("times",), r"(?<![\w'’\\-])[A-HJ-Z](times)(?=[A-Z](?![a-z]))"),
        (("times",), r"(?<=\d[a-z])(times)(?=\d)"),
        (("times",), r"(?<![\w'’\\-])(times)(?=\d)"),
        # a deviation between two numbers: `70pm3%`
        (("pm",), r"(?<=\d)(pm)(?=\d)"),
        # from one number to another, or to infinity: `16%to100%`
        (("to",), r"(to)(?<=[\d%]to)(?=[-+<]?\d)"),
        (("to infty", "to ∞"), r"(?<= )(to)(?= (?:infty|∞))"),
        # an element of an interval or a set: `K in {2, 3}`, `alpha in [0, 1]`
        (_ELEMENTS, rf"(?:{_VARIABLE}|(?<![\w-])(?:{GREEK})|[|)]) ?(in)(?= ?(?:\[[-\d.]+,|\\?\{{[-\d]))"),
        (_ELEMENTS, rf"(?:{_VARIABLE}|(?<![\w-])(?:{GREEK})) (in)(?= (?:\[[-\d.]+,|\\?\{{|[RZNCQ]\^))"),
        (_ELEMENTS, r"(?<![\w'’\\-])[A-Za-z](in)(?=[RZNCQ]\^)"),
        # raised or lowered: `W^top`, `x^{ast}`
        (("^", "_"), rf"[\^_]\{{?({_names('script')})(?![A-Za-z])"),
    )
)
"""Patterns whose group is the name, each with what a text must hold to be looked at."""

_BETWEEN = re.compile(rf" ({_names('between')})(?= )")
_QUANTITY = re.compile(
    rf"(?<![A-Za-z\\_'’-])(?:{_names('quantity')})(?![A-Za-z_'’])|(?<=[\d}}×%)])(?:{_names('quantity')})(?![a-z])"
)


def operator_names(text: str) -> list[Change]:
    """`2times` → `2×`, `sim5` → `~5`, `leq3B` → `≤3B`, `x rightarrow y` → `x → y`."""
    changes = {
        match.start(1): (*match.span(1), _SYMBOL[match[1]])
        for hints, pattern in _PATTERNS
        if any(hint in text for hint in hints)
        for match in pattern.finditer(text)
    }
    for match in _BETWEEN.finditer(text):
        if _mathematical_left(text, match.start()) and _mathematical_right(text, match.end()):
            changes[match.start(1)] = (*match.span(1), _SYMBOL[match[1]])
    for match in _QUANTITY.finditer(text):
        before, after = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() : match.end() + _WINDOW]
        if _IS_QUANTITY[match[0]](before, after):
            changes[match.start()] = (*match.span(), _spaced(_SYMBOL[match[0]], before, after))
    return [changes[start] for start in sorted(changes)]


def _spaced(symbol: str, before: str, after: str) -> str:
    """A tilde after a letter would be read as a tie, so it gets spaces."""
    return (
        " ~ " if symbol == "~" and (before[-1:].isalpha() or before[-1:] in tuple(")]")) and after.strip() else symbol
    )


# Names that are words or abbreviations too: what stands before and after them decides.

_WINDOW = 24
_LEFT = re.compile(
    rf"(?:\d[\d.,]*[%KMBkx]?|[)\]|∞°]|(?<![\w'’-])(?:[B-HJ-Zb-z]|\w[_^]\S{{1,12}}|[α-ωΓ-Ω]\w?|{GREEK})|[_^]\S{{1,12}})['*]?$"
)
_RIGHT = re.compile(
    rf"[-+±~(|]{{0,3}}(?:\d|[α-ωΓ-Ω]|(?:[B-HJ-Zb-z])(?![\w'’-])|[A-Za-z]{{1,4}}[_^(]"
    rf"|\\?(?:{GREEK}|infty|ell)(?![a-z]))"
)


def _mathematical_left(text: str, start: int) -> bool:
    return _LEFT.search(text[max(0, start - _WINDOW) : start].rstrip(" ")) is not None


def _mathematical_right(text: str, end: int) -> bool:
    return _RIGHT.match(text[end : end + _WINDOW].lstrip(" ")) is not None


def _between_mathematics(before: str, after: str) -> bool:
    return _mathematical_left(before, len(before)) and _mathematical_right(after, 0)


_NO_FACTOR_LEFT = re.compile(r"(?:\b(?:at|of|run|wall|response|[a-z]+(?:ing|nce|ion))|[^\w)\]]) $")
_FACTOR_LEFT = re.compile(r"[^.!?:] (?:(?!\w+(?:ing|nce|ion) )[A-Z][\w-]*|[a-z]+-[a-z]+) $")
_FACTOR_RIGHT = re.compile(r" (?:[A-Z]|(?:two|three|four|five|six|seven|eight|nine|ten|twelve)-[a-z])")


def _is_times(before: str, after: str) -> bool:
    """`2times`, `tasks times 3`, "Method times Data"; "3 times fewer" and "at times" are prose."""
    if before[-1:].isdigit() or before[-1:] in tuple("}×%)"):
        return True
    if re.match(r" ~?\d", after):
        return _NO_FACTOR_LEFT.search(before) is None
    return _between_mathematics(before, after) or bool(_FACTOR_LEFT.search(before) and _FACTOR_RIGHT.match(after))


_SIMULATED = re.compile(r"2(?!times|fold)[A-Za-z]{3}")
_SIMULATION_LEFT = re.compile(r"\bin(?: the)? $|[A-Za-z]- $")


def _is_sim(before: str, after: str) -> bool:
    """`sim5`, `5 sim 10`; `sim2real` and "in sim 80% of runs" speak of simulation."""
    if after[:1].isdigit():
        return _SIMULATED.match(after) is None
    if after.lstrip()[:1].isdigit():
        return _SIMULATION_LEFT.search(before) is None
    return _between_mathematics(before, after)


def _is_approx(_: str, after: str) -> bool:
    """`approx 0.9`: 19 of 20 such numbers were set by a macro, and the others mean the same."""
    return _mathematical_right(after, 0)


_PARTICULATE = re.compile(r"(?:2\.5|10)(?![\d.%°])")
_DECIMAL = re.compile(r" ?\d*\.\d")
_NO_HOUR = re.compile(r"(?:\d\.\d+|1[3-9]|[2-9]\d|\d{3,})\s?[%)]? $")
_MEAN = re.compile(r"\bmeans? $")
_DEVIATION = re.compile(r" (?:SDs?|std|SE|SEM|s\.d\.|(?:one )?standard)\b")


def _is_pm(before: str, after: str) -> bool:
    """`pm1`, `81.2 pm 0.4`, "mean pm SD"; `5 pm` is a time of day and `pm2.5` fine dust."""
    if _PARTICULATE.match(after):
        return False
    if not before.rstrip()[-1:].isdigit() and after.lstrip()[:1].isdigit():
        return True
    if _MEAN.search(before) or _DEVIATION.match(after):
        return True
    return _between_mathematics(before, after) and bool(_DECIMAL.match(after) or _NO_HOUR.search(before))


_IS_QUANTITY = {"times": _is_times, "sim": _is_sim, "approx": _is_approx, "pm": _is_pm}


# Spaces

_UNITS = "|".join(sorted((re.escape(row["unit"]) for row in vocabulary("thin_space_units")), key=len, reverse=True))
_THIN_SPACE = re.compile(rf"(?<=\d),(?=(?:{_UNITS})(?![A-Za-z0-9]))")


def thin_spaces(text: str) -> list[Change]:
    """`97,ms` → `97 ms`: a thin space that lost its backslash, before a unit."""
    return [(*match.span(), " ") for match in _THIN_SPACE.finditer(text)] if "," in text else []


_OPERATOR_NAME = rf"(?:{_names('quantity', 'token', 'arrow')})(?![a-z])"
_OPERATOR = rf"(?:[-–+=/×~:<>≤≥→]|{_OPERATOR_NAME}|in|to)"
_NEGATIVE_SPACES = (
    re.compile(rf"(?<=[\w%)])(!)(?={_OPERATOR}![\w(+\[{{-])"),
    re.compile(rf"(?<=[\w%)]!)(?<!\w!!){_OPERATOR}(!)(?=[\w(+\[{{-])"),
    re.compile(rf"(?<=[\w%)])(!)(?={_OPERATOR_NAME})"),
    re.compile(rf"(?<![\w!])(?:{_names('quantity')})(!)(?=\d)"),
)


def negative_spaces(text: str) -> list[Change]:
    r"""`0.82!-!0.94` → `0.82-0.94`, `2!times` → `2times`: `\!` that lost its backslash."""
    if "!" not in text:
        return []
    return sorted({(*match.span(1), "") for pattern in _NEGATIVE_SPACES for match in pattern.finditer(text)})
