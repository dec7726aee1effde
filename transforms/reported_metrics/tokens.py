"""The words, numbers and marks of a sentence.

A name that holds digits (a model, a benchmark, "top-1") is one word here and therefore never a number: most of what
must not be read as an outcome is set aside by this rule alone.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from seeds import aliases, vocabulary
from transforms.reported_metrics.words import remember

WORD: Final = "word"
NUMBER: Final = "number"
MARK: Final = "mark"
DIMENSION: Final = "dimension"


class Token:
    """A piece of a sentence: its text, the same in lower case, its place, and what it is.

    ``core`` and ``suffix`` are the digits and the glued unit of a number, ``sign`` its sign; empty for other tokens.
    """

    __slots__ = ("core", "end", "kind", "low", "sign", "start", "suffix", "text")

    def __init__(
        self, text: str, low: str, start: int, end: int, kind: str, sign: str = "", core: str = "", suffix: str = ""
    ) -> None:
        self.text = text
        self.low = low
        self.start = start
        self.end = end
        self.kind = kind
        self.sign = sign
        self.core = core
        self.suffix = suffix


def tokenise(text: str) -> list[Token]:
    """The tokens of `text` in order; white space is between them.

    They are those that ``_pattern`` finds. No token without a digit reaches beyond a space or asks for what stands
    there, so that what lies between two spaces is read once for all texts, and the pattern only where a digit stands.
    """
    tokens: list[Token] = []
    start = read_up_to = 0
    for piece in text.split(" "):
        end = start + len(piece)
        parts = _without_digits(piece) if read_up_to <= start else None
        if parts is not None:
            tokens += [Token(part.text, part.low, start + part.start, start + part.end, part.kind) for part in parts]
        elif read_up_to < end:
            for found in _pattern().finditer(text, max(start, read_up_to)):
                if found.start() >= end:
                    break
                tokens.append(_token(found))
                read_up_to = found.end()
        start = end + 1
    return tokens


_READ: Final[dict[str, list[Token]]] = {}


def _without_digits(piece: str) -> list[Token] | None:
    """The tokens of a text without spaces, places counted from its start; None if it holds a digit."""
    found = _READ.get(piece)
    if found is not None:
        return found
    if any(letter.isdecimal() for letter in piece):
        return None
    return remember(_READ, piece, [_token(match) for match in _pattern().finditer(piece)])


def _token(found: re.Match[str]) -> Token:
    kind, piece = found.lastgroup, found[0]
    if kind in ("word", "name"):
        return Token(piece, piece.lower(), found.start(), found.end(), WORD)
    if kind == NUMBER:
        sign, core, suffix = found["sign"] or "", found["core"], found["sure"] or found["suffix"] or ""
        return Token(piece, piece, found.start(), found.end(), NUMBER, sign, core, suffix.strip(" \\,-~"))
    mark = "→" if piece in ("=>", "->") else piece
    return Token(mark, mark, found.start(), found.end(), kind or MARK)


@functools.cache
def _pattern() -> re.Pattern[str]:
    glued = sorted(
        {re.escape(unit) for row in vocabulary("units") if row["glued"] for unit in aliases(row, "glued")},
        key=len,
        reverse=True,
    )
    dash = r"(?:the|while|which|where|whereas|but|outperform\w+|surpass\w+|achiev\w+|reveal\w+|highlight\w+)(?![\w-])"
    listed = "".join(rf"(?<!{noun}-(?=[A-Z]))" for noun in ("benchmarks", "datasets", "models", "metrics", "tasks"))
    joint = rf"-(?!{dash}){listed}(?=\w)|[./+&^](?=\w)|_\{{\w{{1,12}}\}}|(?<=[a-z])~(?=[A-Z0-9])"
    rest = rf"[\w@'’]*(?:(?:{joint})[\w@'’]*)*\+*"
    return re.compile(
        rf"(?P<word>(?:approx|simeq|sim|leq|geq|pm|rightarrow|lt|gt)(?=[\d.~+-])|to(?=-\d[\d.]*\s?%)|[^\W\d]{rest})"
        r"|(?P<dimension>\d+(?:\.\d+)?\s?[x×]\s?\d+(?:\s?[x×]\s?\d+)?(?![\w%×]|\.\d))"
        r"|(?P<number>(?P<sign>(?<![\w%°)\]}×])(?<!\+/)[+−-])?"
        r"(?P<core>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\d)\.\d+)"
        r"(?:(?P<sure>\s?\\?%|~?\s?×|\*(?=\s?[A-Za-z]))(?![.,]?\d)"
        rf"|(?P<suffix>\s[xX](?=\s[a-z])|[ ,~-]?\\?(?:{'|'.join(glued)}))?"
        r"(?:(?![A-Za-z_\d]|[.,]\d)|(?=(?:rightarrow|to|sim|pm|downarrow|uparrow)\b|(?:rightarrow|sim|pm)\d))))"
        rf"|(?P<name>\d{rest})"
        r"|(?P<mark>[=-]>|--+|[<>]=|[^\w\s])"
    )
