"""Names of Greek letters that lost their backslash: `theta_{k}`, `beta-VAE`, `(rho)`, `tau=1`.

Authors spell Greek letters in prose too ("Cohen's kappa", "alpha release"), so a name alone is never taken for a
letter, unless the same name is one elsewhere in the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seeds import vocabulary

if TYPE_CHECKING:
    from transforms.latex.edits import Change

_SYMBOL = {row["macro"]: row["symbol"] for row in vocabulary("latex_symbols") if row["bare"] == "greek"}
GREEK = "|".join(sorted(_SYMBOL, key=len, reverse=True))
"""Alternation of the names, for a regular expression."""

GREEK_CANDIDATE = rf"(?:^|[^A-Za-z])(?:{GREEK})(?:[^a-z]|$)"
"""Regular expression of texts that `greek_names` may change."""

_ANY = re.compile(rf"(?<![A-Za-z])(?:{GREEK})(?![a-z])")
_NAME = rf"(?<![\w\\-])({GREEK})"
_IN_FORMULA = tuple(
    re.compile(pattern)
    for pattern in (
        # a subscript or superscript: `theta_{k}`, `beta_1`
        rf"{_NAME}(?=[\^]\S|_(?:[A-Za-z0-9](?![A-Za-z0-9_])|[^\x00-\x7F]|\d|\{{)|_[A-Z]{{2,8}}\b)",
        # the first part of a name, the last part of one in capitals: `beta-VAE`, `GRPO-lambda`
        rf"{_NAME}(?<=[a-z])(?=-[A-Z])",
        rf"(?<=[A-Z]\w-)({GREEK})(?![\w-])",
        # a relation or an operator beside it: `alpha = 0.1`, `1/delta`
        rf"{_NAME}(?= ?[=<>≤≥≈×±→∈∝≫≪] ?[\w.+\[{{(-])",
        rf"(?<=[=<>≤≥≈×±→∈∝+·]){_NAME}(?!\w)",
        rf"(?<=[=<>≤≥≈×±→∈∝+·] ){_NAME}(?!\w)",
        rf"(?<=\d[/-])({GREEK})(?!\w)",
        rf"(?<=/)({GREEK})(?=[)}}^_])",
        rf"(?<=\w,)({GREEK})(?=\))",
        # a number glued to it: `2pi`, `3sigma`
        rf"(?<![A-Za-z])(?<=\d)({GREEK})(?![\w-])",
        # alone in brackets or braces: `(rho)`, `log 1{{delta}}`
        rf"(?<=[({{|]){_NAME}(?=[)}}|])",
        # a factor of an argument: `tanh(alpha x)`
        rf"(?<=\w\()({GREEK})(?= [A-Za-z0-9](?![A-Za-z]))",
        # a function: `lambda(t)`, `Omega(n log n)`
        rf"{_NAME}(?=\([A-Za-z0-9_^, ]{{1,12}}\))",
        r"(?<![\w\\-])(Omega|Theta)(?=\()",
        # a change of a variable: `Delta W`
        r"(?<![\w\\-])(Delta)(?= ?[A-Za-z](?![\w'’]))",
    )
)
_ARGUMENT = rf"(?:[A-Za-z](?:_\w{{1,4}})?|\d+|{GREEK})"
_ARGUMENTS = re.compile(rf"\({_ARGUMENT}(?:[,;|] ?{_ARGUMENT})+\)")
_ARGUMENT_NAME = re.compile(rf"(?<!\w)({GREEK})(?!\w)")
_ALONE = re.compile(rf"{_NAME}(?!\w|-[a-z])")


def greek_names(text: str) -> list[Change]:
    """`theta_{k}` → `θ_{k}`, `beta-VAE` → `β-VAE`, `(rho)` → `(ρ)`, `tau=1` → `τ=1`, and the same names elsewhere."""
    if _ANY.search(text) is None:
        return []
    found = {match.span(1) for pattern in _IN_FORMULA for match in pattern.finditer(text)}
    for arguments in _ARGUMENTS.finditer(text):  # the variables of a function: `(x, theta)`
        found |= {match.span(1) for match in _ARGUMENT_NAME.finditer(text, *arguments.span())}
    names = {text[start:end] for start, end in found}
    if names:
        found |= {match.span(1) for match in _ALONE.finditer(text) if match[1] in names}
    return [(start, end, _SYMBOL[text[start:end]]) for start, end in sorted(found)]
