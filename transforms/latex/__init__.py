r"""Repair of what LaTeX, or the stripping of LaTeX, left in titles and abstracts.

Listing pages strip LaTeX by two rules: a macro with an argument becomes its argument, and mathematics loses its
dollar signs and backslashes. So `$2\times$` arrives as `2times`, `$\sim$5` as `sim5`. Other sources bring LaTeX as
it was written. Both are brought to one plain form: `2×`, `~5`. Which of the two a source is, it shows itself (markup).
What is not certain is left alone.

Symbols, fonts, accents and spaces are rows of seeds/vocabulary/latex_symbols.csv, whose column `bare` says in what
company a name without its backslash is taken for the symbol.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from seeds import vocabulary
from transforms.latex.bare import OPERATOR_CANDIDATE, negative_spaces, operator_names, thin_spaces
from transforms.latex.braces import groups, switches
from transforms.latex.edits import Change, EditedText, Repair
from transforms.latex.greek import GREEK_CANDIDATE, greek_names
from transforms.latex.source import source_latex

if TYPE_CHECKING:
    import polars as pl

    from transforms.latex.markup import Markup

__all__ = ["Family", "Repair", "families", "repair", "signs"]

MAX_ROUNDS = 8
"""Rounds of all rules before a text is given up; nested groups need one round per level."""

Rule: TypeAlias = Callable[[str], list[Change]]

Family: TypeAlias = Literal["markup", "names"]
"""Rules that look for the same signs: LaTeX itself, or names that lost their backslash."""

_SIGNS: dict[Family, str] = {
    "markup": r"[\\$^_{}`]|\S~\S|~\s?http|--|''|&[a-z]{2,4};",
    "names": rf"{OPERATOR_CANDIDATE}|{GREEK_CANDIDATE}",
}
_GREEK_LETTER = re.compile("[α-ωϑϕϵΓΔΘΛΞΠΣΦΨΩ]")


def families(markup: Markup) -> tuple[Family, ...]:
    """The families of rules for texts of a source: names without a backslash only where the source lost LaTeX."""
    return ("markup", "names") if markup == "stripped" else ("markup",)


def signs(text: pl.Expr, family: Family) -> pl.Expr:
    """Whether a rule of the family might change the text: a cheap superset of the texts that `repair` changes."""
    return text.str.contains(_SIGNS[family])


def repair(text: str, families: Collection[Family] = ("markup", "names")) -> tuple[str, list[Repair]]:
    """The text with its LaTeX damage repaired by the rules of these families, and the repairs in order.

    Takes text with squeezed white space in Unicode NFC and returns such text. The digits stay the same in the same
    order, addresses stay whole, macros that are not in the vocabulary stay as they are, and a second repair changes
    nothing.
    """
    edited = EditedText(text)
    rules = list(_rules(text, families))
    for _ in range(MAX_ROUNDS):
        before = edited.text
        for rule_id, rule in rules:
            edited.apply(rule_id, _outside_urls(edited.text, rule(edited.text), rule_id))
        if edited.text != before:
            edited.apply("latex.space", list(_surplus_spaces(edited.text)))
        else:
            return _checked(edited)
    return text, []


def _rules(text: str, families: Collection[Family]) -> Iterator[tuple[str, Rule]]:
    """The rules of these families in their order."""
    yield "html.entity", _entities
    yield "latex.url_break", _url_breaks
    yield "latex.url_label", _url_labels
    yield "latex.degree", _degrees
    yield "latex.environment", _environments
    yield "latex.source", source_latex
    yield "latex.escape", _escapes
    yield "latex.accent", _math_accents
    yield "latex.switch", switches
    if "names" in families:
        yield "latex.operator", operator_names
        if not _GREEK_LETTER.search(text):  # where some letters survived, all did
            yield "latex.greek", greek_names
        yield "latex.thin_space", thin_spaces
        yield "latex.negative_space", negative_spaces
    yield "latex.group", groups
    yield "latex.tie", _ties
    yield "latex.quote", _quotes
    yield "latex.dash", _dashes


_DIGIT = re.compile(r"\d")


def _checked(edited: EditedText) -> tuple[str, list[Repair]]:
    """The result, or the source where a guarantee would not hold: same digits, Unicode NFC, no space at an end."""
    source, text = edited.source, edited.text
    if (
        _DIGIT.findall(source) != _DIGIT.findall(text)
        or (unicodedata.is_normalized("NFC", source) and not unicodedata.is_normalized("NFC", text))
        or (source.strip() and not text.strip())
    ):
        return source, []
    return text, edited.repairs()


# HTML

_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
"""The entities that HTML needs; those of single letters are as rare in text that was copied as numbers are."""
_ENTITY = re.compile(rf"&({'|'.join(_ENTITIES)});")


def _entities(text: str) -> list[Change]:
    """`R&amp;D` → `R&D`: what a tool left that took text out of HTML."""
    return [(*match.span(), _ENTITIES[match[1]]) for match in _ENTITY.finditer(text)] if "&" in text else []


# Addresses

_URL = re.compile(
    r"https?:/[^\s{}$]+|\bwww\.[^\s{}$]+|(?<![\w.-])(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,4}[A-Za-z]{2,12}/[^\s{}$]+"
)
_URL_RULES = frozenset({"html.entity", "latex.escape", "latex.url_label", "latex.url_break"})


def _outside_urls(text: str, changes: list[Change], rule_id: str) -> list[Change]:
    """The changes that don't reach into an address; only its escapes may be undone."""
    if not changes or rule_id in _URL_RULES or ("/" not in text and "www." not in text):
        return changes
    spans = [match.span() for match in _URL.finditer(text)]
    kept = []
    index = 0
    for change in changes:
        while index < len(spans) and spans[index][1] <= change[0]:
            index += 1
        if index == len(spans) or change[1] <= spans[index][0]:
            kept.append(change)
    return kept


_URL_BREAK = re.compile(r"\\allowbreak(?![A-Za-z]) ?")


def _url_breaks(text: str) -> list[Change]:
    """Places where an address may break over lines, in or out of an address."""
    return [(*match.span(), "") for match in _URL_BREAK.finditer(text)] if "\\allowbreak" in text else []


_URL_LABEL = re.compile(
    r"(https?:/[^\s{}$]{1,500}|www\.[^\s{}$]{1,500}|\bthis https? URL)\}?(\{)(?!https?:|www\.)([^{}]{0,200})(\})"
)


_LONE_HREF = re.compile(r"\\href\{ ?([^{}]{1,500})\}(?!\{)")


def _url_labels(text: str) -> list[Change]:
    r"""`https://a.org/b{our page}` and `\href{https://a.org/b}{our page}` → `https://a.org/b (our page)`."""
    changes: list[Change] = []
    for match in _URL_LABEL.finditer(text) if "{" in text else ():
        opener = text.rfind("\\href{", max(0, match.start() - 6), match.start())
        closed = text[match.end(1)] == "}"
        if closed and opener < 0:
            continue
        if opener >= 0:
            changes.append((opener, match.start(), ""))
        if match[3] == match[1]:
            changes.append((match.end(1), match.end(), ""))
        else:
            changes += [(match.end(1), match.end(2), " ("), (match.start(4), match.end(4), ")")]
    changes += [(*match.span(), match[1]) for match in _LONE_HREF.finditer(text)] if "\\href{" in text else []
    return sorted(changes)


# Macros

_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[a-z]{4,12}\*?\}(?:\[[^\]\d]{0,40}\])?")
_MATH_ACCENTS = {row["macro"]: row["symbol"] for row in vocabulary("latex_symbols") if row["class"] == "math_accent"}
_MATH_ACCENT = re.compile(
    r"(?:\\|(?<![A-Za-z\\]))(" + "|".join(sorted(_MATH_ACCENTS, key=len, reverse=True)) + r")\{([A-Za-zα-ωΓ-Ω])\}"
)


def _environments(text: str) -> list[Change]:
    r"""`\begin{itemize}`, `\end{equation*}` → a space."""
    return (
        [(*match.span(), " ") for match in _ENVIRONMENT.finditer(text)] if "\\begin" in text or "\\end" in text else []
    )


def _math_accents(text: str) -> list[Change]:
    r"""`\hat{x}`, `hat{x}` → `x̂`."""
    if "{" not in text:
        return []
    return [
        (*match.span(), unicodedata.normalize("NFC", match[2] + _MATH_ACCENTS[match[1]]))
        for match in _MATH_ACCENT.finditer(text)
    ]


_DEGREES = re.compile(
    r"\s?\^\s?(?:\{\s?\\?(?:circ|degree)\s?\}|\\?circ(?![a-z]))|(?<=\d)\{?\\?(?:circ|deg)(?![a-z])\}?"
)


def _degrees(text: str) -> list[Change]:
    r"""`90^{circ}`, `90^\circ`, `90{\deg}` → `90°`."""
    return [(*match.span(), "°") for match in _DEGREES.finditer(text)] if "circ" in text or "deg" in text else []


_ESCAPED = {row["macro"] for row in vocabulary("latex_symbols") if row["class"] in {"escape", "math_delimiter"}}
_ESCAPES = re.compile(r"(?<!\\)\\([" + re.escape("".join(sorted(_ESCAPED))) + "])")


def _escapes(text: str) -> list[Change]:
    r"""`\%` → `%`, `\_` → `_`; `\(` and `\)` around mathematics → nothing."""
    if "\\" not in text:
        return []
    symbol = {row["macro"]: row["symbol"] for row in vocabulary("latex_symbols") if row["macro"] in _ESCAPED}
    changes = []
    for match in _ESCAPES.finditer(text):
        start, end = match.span()
        while match[1] == "(" and end < len(text) and text[end] == " ":
            end += 1
        while match[1] == ")" and start and text[start - 1] == " ":
            start -= 1
        changes.append((start, end, symbol[match[1]]))
    return changes


# Spaces, quotes and dashes

_TIE = re.compile(r"(?<=[\w.,:;!?)\]%\"'’”°])~(?=[^\s~])|(?<=\S) ?~(?=\s?https?:)|(?<=\w)~(?= https?:)")
_QUANTITY_END = re.compile(r"(?:^|[^\w.])[-+]?\d[\d.,]*(?:%|[A-Za-z]{0,2})?$")
_DISTRIBUTION = re.compile(r"[A-Za-z]\w{0,14}\(")
_VARIABLE = re.compile(r"(?:^|[^A-Za-z'’-])(?:[B-HJ-Zb-z]|[A-Za-z]\w?_\w{1,8})$")
_ONE_VARIABLE = re.compile(r"[B-HJ-Zb-z](?![\w'’-])")


def _ties(text: str) -> list[Change]:
    """`Figure~2` → `Figure 2`; not the sign of a range (`5~10`), a distribution (`x~p(x)`) or a model (`y~x`)."""
    changes = []
    for match in _TIE.finditer(text) if "~" in text else ():
        start, end = match.span()
        after = text[end : end + 18]
        if after[:1].isdigit() and _QUANTITY_END.search(text[max(0, start - 16) : start]):
            continue
        is_variable = _VARIABLE.search(text[max(0, start - 12) : start])
        if (_DISTRIBUTION.match(after) and is_variable) or (_ONE_VARIABLE.match(after) and is_variable):
            continue
        changes.append((start, end, " "))
    return changes


_DOUBLE_QUOTE = re.compile(r"``|(?<![A-Za-z]\w)''|(?<=\w\w)''|(?<=\W\w)''(?![(\w])")
_SINGLE_QUOTE = re.compile(r"(?<![`\w])`(?=[^`'\s][^`']{0,80}'(?![\w'])|[^`'\s]{0,40}n't[^`']{0,40}'(?!\w))")


def _quotes(text: str) -> list[Change]:
    """``` ``word'' ``` → `"word"`, `` `word' `` → `'word'`; code between two backticks stays."""
    if "`" not in text and "''" not in text:
        return []
    changes: list[Change] = [(*match.span(), '"') for match in _DOUBLE_QUOTE.finditer(text)]
    changes += [(*match.span(), "'") for match in _SINGLE_QUOTE.finditer(text)]
    return sorted(changes)


_LONG_DASH = re.compile(r"(?<![-<!\s])---(?![->\s])|(?<=[^\s-] )---(?= [^\s-])")
_DASH = re.compile(r"(?<![-<!\s])--(?![->])|(?<=[^\s-] )--(?= [^\s-])")


def _dashes(text: str) -> list[Change]:
    """`3--5` → `3–5`, `a -- b` → `a – b`, `a---b` → `a—b`; an option such as ` --verbose` stays."""
    if "--" not in text:
        return []
    changes: list[Change] = [(*match.span(), "—") for match in _LONG_DASH.finditer(text)]
    return sorted(changes + [(*match.span(), "–") for match in _DASH.finditer(text)])


_SURPLUS_SPACE = re.compile(r"^ +| +$|(?<= ) +")


def _surplus_spaces(text: str) -> Iterator[Change]:
    return ((*match.span(), "") for match in _SURPLUS_SPACE.finditer(text))
