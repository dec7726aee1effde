"""Names of symbols that lost their backslash: `2times`, `sim5`, `beta-VAE`.

Most of these names are no words, so they are certain wherever they stand. Those that are words, or that people type
on purpose, need mathematics beside them; the names of Greek letters also need evidence that the text lost LaTeX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seeds import vocabulary

if TYPE_CHECKING:
    from transforms.latex.edits import Change

_ROWS = vocabulary("latex_symbols")
_SYMBOL = {row["macro"]: row["symbol"] for row in _ROWS if row["bare"] not in {"never", "braced"}}


def _names(*bare: str) -> str:
    return "|".join(sorted((row["macro"] for row in _ROWS if row["bare"] in bare), key=len, reverse=True))


_GREEK = _names("greek")
BARE_CANDIDATE = (
    rf"{_names('arrow')}|\b(?:{_names('token')})|(?:sim|approx|pm) ?\d|\btimes\b ?\S\b|[\dA-Za-z]times\b|\dtimes"
    rf"|\d ?(?:pm|sim)\b|\b(?:sim|approx)\b|\S (?:{_names('between')}) \S"
)
"""Regular expression of texts that the rules on operators may change."""

_DAMAGE = re.compile(r"[\\$^{}]|_\{|\w~\w")
_GREEK_LETTER = re.compile("[α-ωϑϕϵΓΔΘΛΞΠΣΦΨΩ]")


@dataclass(slots=True)
class Evidence:
    """What a text says about itself: whether it lost LaTeX, and whether its Greek letters survived."""

    lost_latex: bool
    kept_greek: bool

    @classmethod
    def of(cls, text: str) -> Evidence:
        """The evidence in a text as found."""
        return cls(bool(_DAMAGE.search(text)), bool(_GREEK_LETTER.search(text)))

    def note(self, rule_id: str) -> None:
        """Take a repair by that rule as evidence; dashes and quotes are typed in plain text too."""
        if rule_id not in {"latex.dash", "latex.quote", "latex.url_label"}:
            self.lost_latex = True


_LEFT = re.compile(
    rf"(?:\d[\d.,]*[%KMBkx]?|[)\]|∞°]|(?<![\w'’-])(?:[B-HJ-Zb-z]|\w[_^]\S{{1,12}}|[α-ωΓ-Ω]\w?|{_GREEK})|[_^]\S{{1,12}})['*]?$"
)
_RIGHT = re.compile(
    rf"[-+±~(|]{{0,3}}(?:\d|[α-ωΓ-Ω]|(?:[B-HJ-Zb-z])(?![\w'’-])|[A-Za-z]{{1,4}}[_^(]"
    rf"|\\?(?:{_GREEK}|infty|ell)(?![a-z]))"
)
_WINDOW = 24


def _mathematical_left(text: str, start: int) -> bool:
    return _LEFT.search(text[max(0, start - _WINDOW) : start].rstrip(" ")) is not None


def _mathematical_right(text: str, end: int) -> bool:
    return _RIGHT.match(text[end : end + _WINDOW].lstrip(" ")) is not None


_ARROW = re.compile(rf"(?<![a-z\\])(?<!-)({_names('arrow')})(?![a-z])")
_TOKEN = re.compile(rf"(?<![A-Za-z\\])(?<![\w]-)({_names('token')})(?![A-Za-z])")
_TOKEN_NAMES = tuple(_names("token").split("|"))
_QUANTITY_NAMES = tuple(_names("quantity").split("|"))
_QUANTITY = re.compile(
    rf"(?<![A-Za-z\\_'’-])(?:{_names('quantity')})(?![A-Za-z_'’])|(?<=[\d}}×%)])(?:{_names('quantity')})(?![a-z])"
)
_LETTER_TIMES = re.compile(r"(?<![\w'’\\-])([A-HJ-Z]|[b-z](?=times [a-z](?![\w'’])))(times)(?![A-Za-z])")
_BETWEEN = re.compile(rf" ({_names('between')})(?= )")
_SIMULATION = re.compile(r"2(?![KMBGTx%×,.\d](?![a-z])|[\s)]|times)")
_SIMULATION_LEFT = re.compile(r"(?:\b(?:in|the|from|to|of|our|a|and|both|between|with|for)|[A-Za-z]-) $")
_PARTICULATE = re.compile(r"(?:2\.5|10)(?![\d.%])")


def operator_names(text: str, evidence: Evidence) -> list[Change]:
    """`2times` → `2×`, `sim5` → `~5`, `leq3B` → `≤3B`, `x rightarrow y` → `x → y`."""
    changes: dict[int, Change] = {}
    if "arrow" in text or "harpoon" in text:
        changes.update((match.start(1), (*match.span(1), _SYMBOL[match[1]])) for match in _ARROW.finditer(text))
    if any(name in text for name in _TOKEN_NAMES):
        changes.update((match.start(1), (*match.span(1), _SYMBOL[match[1]])) for match in _TOKEN.finditer(text))
    if "times" in text:
        changes.update((match.start(2), (*match.span(2), _SYMBOL["times"])) for match in _LETTER_TIMES.finditer(text))
    for match in _QUANTITY.finditer(text) if any(name in text for name in _QUANTITY_NAMES) else ():
        name = match[0]
        if name and _is_quantity(name, text, match.start(), match.end(), evidence):
            changes[match.start()] = (*match.span(), _spaced(_SYMBOL[name], text, match.start(), match.end()))
    for match in _BETWEEN.finditer(text):
        if _mathematical_left(text, match.start()) and _mathematical_right(text, match.end()):
            changes[match.start(1)] = (*match.span(1), _SYMBOL[match[1]])
    return [changes[start] for start in sorted(changes)]


def _spaced(symbol: str, text: str, start: int, end: int) -> str:
    """A tilde after a letter would be read as a tie, so it gets spaces."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return " ~ " if symbol == "~" and (before.isalpha() or before in tuple(")]")) and after.strip() else symbol


def _is_quantity(name: str, text: str, start: int, end: int, evidence: Evidence) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    left, right = _mathematical_left(text, start), _mathematical_right(text, end)
    if name == "times":
        if before.isdigit() or before in tuple("}×%)"):
            return True
        return left and right and (evidence.lost_latex or text[end : end + 2].strip()[:1].isdigit())
    if name == "sim":
        if after.isdigit():
            return not _SIMULATION.match(text[end : end + 8])
        if left and right:
            return True
        number_follows = text[end : end + 2].strip()[:1].isdigit()
        return number_follows and not _SIMULATION_LEFT.search(text[max(0, start - 12) : start])
    if name == "approx":
        return after.isdigit() or (right and (left or evidence.lost_latex))
    if _PARTICULATE.match(text[end : end + 5]):
        return False
    if after.isdigit() and not before.isdigit():
        return True
    around = text[max(0, start - 8) : start] + text[end : end + 8]
    return left and right and (evidence.lost_latex or "." in around or "%" in around)


_SCRIPTED = re.compile(rf"(?<![\w\\-])({_GREEK})(?=[\^]\S|_(?:[A-Za-z0-9](?![A-Za-z0-9_])|\d|\{{)|_[A-Z]{{2,8}}\b)")
_PLAIN = re.compile(rf"(?<![\w\\-])({_GREEK})(?![\w])")
_HYPHENATED = re.compile(r"-[A-Z0-9]")
_OPERATOR_AFTER = re.compile(r" ?[=<>≤≥≈×±→∈∝≫≪] ?[\w.+-]")
_OPERATOR_BEFORE = re.compile(r"(?:[=<>≤≥≈×±→∈∝+] ?|\d)$")


def greek_names(text: str, evidence: Evidence) -> list[Change]:
    """`theta_{k}` → `θ_{k}`; in a text that lost LaTeX also `beta-VAE` → `β-VAE`, `(rho)` → `(ρ)`, `tau=1` → `τ=1`."""
    if evidence.kept_greek:
        return []
    changes = {match.start(1): (*match.span(1), _SYMBOL[match[1]]) for match in _SCRIPTED.finditer(text)}
    for match in _PLAIN.finditer(text) if evidence.lost_latex else ():
        start, end = match.span(1)
        before, after = text[max(0, start - 3) : start], text[end : end + 5]
        if (
            (_HYPHENATED.match(after) and match[1][0].islower())
            or ((before[-1:] in tuple("(,|") or before[-2:] == ", ") and after[:1] in tuple("),|"))
            or (before[-1:] == "{" and after[:1] == "}")
            or _OPERATOR_AFTER.match(after)
            or _OPERATOR_BEFORE.search(before)
        ):
            changes[start] = (start, end, _SYMBOL[match[1]])
    return [changes[start] for start in sorted(changes)]
