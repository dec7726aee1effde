r"""LaTeX as its authors wrote it: formulas, symbols and accents, read by pylatexenc.

Formulas and macros are found by scanning; only formulas are parsed, and each distinct one once. What comes out are
changes of single tokens, so that offsets stay exact. Braces, fonts, fractions and scripts are left to the rules that
text without its LaTeX needs as well (braces): that is why both roads end in the same text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from seeds import vocabulary

if TYPE_CHECKING:
    from transforms.latex.edits import Change

_Node: TypeAlias = Any  # pylatexenc has no types

_ARGUMENT_CLASSES = {"math_accent", "font", "wrap", "fraction", "quantity", "root"}
_ROWS = {
    row["macro"]: row
    for row in vocabulary("latex_symbols")
    if row["class"] not in _ARGUMENT_CLASSES | {"escape", "switch"}
}
_ARGUMENTS = {
    row["macro"]: "{{" if row["class"] in {"fraction", "quantity"} else "[{" if row["class"] == "root" else "{"
    for row in vocabulary("latex_symbols")
    if row["class"] in _ARGUMENT_CLASSES
}

_ESCAPES = {row["macro"] for row in vocabulary("latex_symbols") if row["class"] == "escape"}

_LONGEST_FORMULA = 600
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z])|\$\$?")
_DOLLARS_INSIDE = re.compile(rf"(?:[^$\\]|\\.){{1,{_LONGEST_FORMULA}}}(?=\$)")
_ACCENT = re.compile(
    r"\\(?:[\"'`^~=.]|[cvuHkrd](?=[\s{]))"
    r"(?:\s?\{\s?(?:\\[ij]|[A-Za-zıȷ])\s?\}|\\[ij](?![A-Za-z])\s?|(?<![A-Za-z])[A-Za-zıȷ]|(?:(?<=[A-Za-z]\\\w)\s[A-Za-z]|\s[A-Z]))"
)
# arXiv reads `\rho` as an accent over "h" in some of its records and shows `\r{ho}`.
_BROKEN = re.compile(r"\\([A-Za-z])\{([a-z]{2,9})\}")
_CONTRACTION = re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|re|ve|ll|d|m)(?![A-Za-z]))")


def source_latex(text: str) -> list[Change]:
    r"""`$O(n\log n)$` → `O(n log n)`, `G\"odel` → `Gödel`, `\times` → `×`; macros that nobody knows stay."""
    if "\\" not in text and "$" not in text:
        return []
    changes: list[Change] = []
    position = 0
    while (match := _TOKEN.search(text, position)) is not None:
        opener, start = match[0], match.start()
        end = _formula_end(text, match)
        if end:
            changes += _formula_changes(text, start, start + len(opener), end, end + len(opener))
            position = end + len(opener)
            continue
        position = match.end()
        accent = _ACCENT.match(text, start) if opener[0] == "\\" else None
        broken = _BROKEN.match(text, start)
        if broken and (row := _ROWS.get(broken[1] + broken[2])) and row["class"] == "greek":
            changes.append((*broken.span(), row["symbol"]))
            position = broken.end()
        elif _CONTRACTION.match(text, start):
            changes.append((start, position, "'"))
        elif accent is not None and (letter := _accented(accent[0])):
            changes.append((*accent.span(), letter))
            position = accent.end()
        elif opener[0] == "\\" and (symbol := _symbol(opener[1:], in_formula=False)) is not None:
            changes.append(_in_place(text, start, position, symbol))
    return changes


def _formula_end(text: str, opener: re.Match[str]) -> int:
    """Where the formula that begins there ends, or 0 if none does."""
    start = opener.end()
    if opener[0] in {r"\(", r"\["}:
        closer = r"\)" if opener[0] == r"\(" else r"\]"
        return max(0, text.find(closer, start, start + _LONGEST_FORMULA))
    if opener[0][0] != "$":
        return 0
    inside = _DOLLARS_INSIDE.match(text, start)
    if inside is None or not text.startswith(opener[0], inside.end()):
        return 0
    before = text[max(0, opener.start() - 1) : opener.start()]
    closed = inside.end() + len(opener[0])
    after = text[closed : closed + 1]
    return inside.end() if is_formula(inside[0], before, after) else 0


def _formula_changes(text: str, start: int, inside_start: int, inside_end: int, end: int) -> Iterator[Change]:
    """The formula's own changes between those that drop its delimiters and the spaces beside them."""
    inside = text[inside_start:inside_end]
    leading, trailing = len(inside) - len(inside.lstrip(" ")), len(inside) - len(inside.rstrip(" "))
    if leading == len(inside):
        trailing = 0
    yield (start, inside_start + leading, "")
    for change_start, change_end, symbol in _converted(inside):
        yield _in_place(text, inside_start + change_start, inside_start + change_end, symbol)
    yield (inside_end - trailing, end, "")


# Which dollar signs enclose mathematics

_CERTAIN = re.compile(r"\\[A-Za-z]|\\[,;:!{|]|[_^{}=]")
_BRACED = re.compile(r"\{[^{}]*\}|\\[A-Za-z]+")
_PROSE = re.compile(r"(?<![\w\\])[a-z]{2,} (?:[A-Za-z]+ )*[a-z]{2,}(?!\w)|[a-z]{2}[.,;:] |[.;] [A-Z]")
_AMOUNT = re.compile(r"\s?\d[\d.,]*\s?(?:[kKMBT]\b|[mb]illion|trillion)?")
_SHORT = re.compile(r"[^\s\w]{1,3}|\w|[-+~<>]?\d[\d.,]*[%kKMB]?|[^\W\d]{1,20}|\d*[A-Za-z]{1,2}")


def is_formula(inside: str, before: str, after: str) -> bool:
    r"""Whether two dollar signs enclose mathematics: `$n$`, `$2\times$`, `$SO(4)$`; not `$5 and $10`, `$3M to $300M`.

    ``before`` and ``after`` are the characters around the pair. Without a macro, script or equals sign inside, the
    test is that of Pandoc's Markdown: no space next to the signs and no digit behind the second.
    """
    plain = inside.strip(" ")
    bare = _BRACED.sub("", inside)
    if not plain or _PROSE.search(bare):
        return False
    if _CERTAIN.search(inside):
        return not (after.isdigit() and inside[-1] == " " and _AMOUNT.match(inside))
    if plain != inside:
        return inside[0] == inside[-1] == " " and _SHORT.fullmatch(plain) is not None and not plain[0].isdigit()
    encloses_words = after.isalpha() and _SHORT.fullmatch(inside) is None
    return not (after.isdigit() or encloses_words or (before.isdigit() and inside[0] in ",.;:)"))


# Conversion


class _Converter(NamedTuple):
    walker: Any
    errors: type[Exception]
    contexts: Any
    macros: Any
    to_text: Any


@functools.cache
def _converter() -> _Converter:
    """Pylatexenc with our macros that take arguments; imported when the first formula needs it."""
    from pylatexenc import latex2text, latexwalker, macrospec

    parsed = latexwalker.get_default_latex_context_db()
    parsed.add_context_category(
        "paperhouse",
        macros=[macrospec.std_macro(name, arguments) for name, arguments in _ARGUMENTS.items()],
        prepend=True,
    )
    known = latex2text.get_default_latex_context_db().filter_context(exclude_categories=["latex-placeholders"])
    to_text = latex2text.LatexNodes2Text(latex_context=known)
    return _Converter(latexwalker.LatexWalker, latexwalker.LatexWalkerError, parsed, known, to_text)


@functools.lru_cache(maxsize=1 << 12)
def _symbol(name: str, *, in_formula: bool) -> str | None:
    r"""What the macro prints, or None if nobody knows it; names of functions come between spaces.

    Our vocabulary comes first. The letters of languages (`\o`, `\L`) are none in formulas: authors define them anew.
    """
    row = _ROWS.get(name)
    if row is not None:
        return f" {row['symbol']} " if row["class"] == "function" else row["symbol"]
    spec = _converter().macros.get_macro_spec(name)
    symbol = spec.simplify_repl if spec is not None else None
    if not isinstance(symbol, str) or "%" in symbol or any(map(str.isdigit, symbol)):
        return None
    if name in "{}":
        return symbol if in_formula else None
    if name in _ESCAPES:
        return None
    if in_formula and symbol.isalpha() and len(name) <= 2 and not symbol.isascii() and symbol.lower() in "œæåøłßıȷ":
        return None
    if symbol.isascii() and symbol.replace(" ", "") == name:
        return f" {symbol} "
    return symbol if symbol.strip() else " "


@functools.lru_cache(maxsize=1 << 12)
def _accented(macro: str) -> str:
    """The letter with its accent, if Unicode has it as one."""
    dotted = macro.replace("ı", "i").replace("ȷ", "j")
    letter = str(_converter().to_text.latex_to_text(dotted)).strip()
    return letter if len(letter) == 1 else ""


@functools.lru_cache(maxsize=1 << 16)
def _converted(formula: str) -> tuple[Change, ...]:
    """Changes of the macros in a formula; one that doesn't parse is read token by token."""
    if "\\" not in formula:
        return ()
    converter = _converter()
    source = re.sub(r"(?<!\\)%", "\N{OBJECT REPLACEMENT CHARACTER}", formula)  # no comment, a per cent sign
    try:
        nodes = converter.walker(source, latex_context=converter.contexts, tolerant_parsing=False).get_latex_nodes()[0]
        return tuple(_node_changes(nodes))
    except converter.errors:
        tokens = ((match, _symbol(match[0][1:], in_formula=False)) for match in _TOKEN.finditer(formula))
        return tuple((*match.span(), symbol) for match, symbol in tokens if symbol is not None)


def _node_changes(nodes: Iterable[_Node]) -> Iterator[Change]:
    for node in nodes:
        name = getattr(node, "macroname", None)
        if name is None:
            yield from _node_changes(getattr(node, "nodelist", None) or ())
            continue
        end = node.pos + 1 + len(name)
        symbol = None if name in _ARGUMENTS else _symbol(name, in_formula=True)
        if symbol is not None:
            yield (node.pos, end, symbol)
        for argument in node.nodeargd.argnlist if node.nodeargd is not None else ():
            if argument is None:
                continue
            braces = name in _ARGUMENTS and getattr(argument, "delimiters", None) is None
            if braces:
                yield (end, argument.pos, "{")
            yield from _node_changes([argument])
            end = argument.pos + argument.len
            if braces:
                yield (end, end, "}")


_DELIMITERS = "${}"


def _in_place(text: str, start: int, end: int, symbol: str) -> Change:
    """The change as its neighbours want it: no tilde that reads as a tie, no name of a function glued to a word."""
    left = start - 1
    while left >= 0 and text[left] in _DELIMITERS:
        left -= 1
    before, after = text[left : left + 1] if left >= 0 else " ", text[end : end + 1] or " "
    if symbol == "~" and (before.isalpha() or before in ")]"):
        symbol = " ~ "
    elif symbol[:1] == " " and symbol.strip():
        symbol = symbol[not before.isalnum() : len(symbol) - (not (after.isalnum() or after == "{"))]
    elif symbol.endswith(".") and after == ".":
        symbol = symbol[:-1]
    elif symbol == " " and before.isdigit() and re.match(r"\d{3}(?!\d)", text[end : end + 4]):
        symbol = ","
    return (start, end, symbol)
