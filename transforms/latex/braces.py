"""Braces, and macros that take arguments: fonts, fractions, roots, footnotes; braces that the text means stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seeds import vocabulary

if TYPE_CHECKING:
    from transforms.latex.edits import Change

_ROWS = vocabulary("latex_symbols")


def _macros(of_class: str, *bare: str) -> str:
    rows = (row for row in _ROWS if row["class"] == of_class and (not bare or row["bare"] in bare))
    return "|".join(sorted((row["macro"] for row in rows), key=len, reverse=True))


_SWITCH = re.compile(rf"\\(?:{_macros('switch')})(?![A-Za-z])\s?|\\color\s?\{{[A-Za-z]{{1,20}}\}}\s?")
_BARE_SWITCH = re.compile(rf"(?<=\{{)(?:{_macros('switch', 'braced')}) (?=[^{{}}]+\}})")
_BARE_ALPHABET = re.compile(
    r"(?:\\|(?<![A-Za-z\\]))math(?:cal|scr|frak|bb|bf|rm|sf) ?(?=[A-Z](?![a-z]))"
    r"|(?:\\|(?<![A-Za-z\\]))boldsymbol(?=[^\sa-z{])"
)


def switches(text: str) -> list[Change]:
    r"""`{\bf X}` and `{bf X}` → `{X}`; `mathcal O` → `O`. The braces go with the next rule."""
    if "\\" not in text and "{" not in text and "math" not in text:
        return []
    changes: list[Change] = [(*match.span(), "") for match in _SWITCH.finditer(text)]
    changes += [(*match.span(), "") for match in _BARE_SWITCH.finditer(text)]
    changes += [(*match.span(), "") for match in _BARE_ALPHABET.finditer(text)]
    return sorted(changes)


_BRACE = re.compile(
    rf"\\[{{}}]|(?P<font>(?:\\|(?<![A-Za-z\\]))(?:{_macros('font', 'braced')})\*?\s?\{{"
    rf"|\\(?:{_macros('font', 'never')})\{{|\\textcolor\{{[A-Za-z]{{1,20}}\}}\{{)"
    rf"|(?P<wrap>\\(?:{_macros('wrap')})\{{)|(?P<quantity>\\(?:{_macros('quantity')})\{{)"
    rf"|(?P<fraction>(?:\\|(?<![A-Za-z\\]))(?:{_macros('fraction')})\{{)|(?P<root>(?:\\|(?<![A-Za-z\\]))sqrt\{{)"
    r"|(?P<macro>\\[A-Za-z]+\*?(?:\[[^\]\s]{0,40}\])?\{)|(?P<script>[\^_]\{)|(?P<plain>\{)|(?P<close>\})"
)
_WRAPS = {row["macro"]: tuple(row["symbol"].split("…")) for row in _ROWS if row["class"] == "wrap"}
# A group of one token, or of words that a font switch left behind; never a list, a set or an object.
_TOKEN = re.compile(r"[^\s,;:|{}\"'\\/]{0,60}|,|\\?[A-Za-z]+")
_WORDS = re.compile(r"[A-Z][\w.-]{0,40}(?: [\w.-]{1,40}){1,4}|[a-z][\w.-]{0,40}(?: [\w.-]{1,40}){1,4}")
_SCRIPT = re.compile(r"[^\s,;{}]{1,40}")
_LONGEST_GROUP = 240  # more than any of these patterns matches, so that a cut group matches none


def groups(text: str) -> list[Change]:
    r"""Braces that group: `\textit{x}` → `x`, `AP_{50}` → `AP_50`, `4{,}851` → `4,851`; `{0, 1}` stays."""
    if "{" not in text:
        return []
    changes: list[Change] = []
    stack: list[re.Match[str]] = []
    first_arguments: dict[int, tuple[re.Match[str], int]] = {}  # by where the second one begins
    after_macro = -1  # where the argument of a macro that stays has just ended
    for match in _BRACE.finditer(text):
        if match["close"] is None:
            if match.lastgroup is not None:
                stack.append(match)
            continue
        if not stack:
            continue
        opener = stack.pop()
        content = text[opener.end() : min(match.start(), opener.end() + _LONGEST_GROUP)]
        if opener.lastgroup in {"fraction", "quantity"}:
            first_arguments[match.end()] = (opener, match.start())
        elif opener.start() in first_arguments:
            macro, end = first_arguments[opener.start()]
            join = _fraction if macro.lastgroup == "fraction" else _quantity
            changes += join(text, macro, end, opener.end(), match.start())
        elif opener.lastgroup == "wrap":
            before, after = _WRAPS[opener[0].strip("\\{")]
            space = text[opener.start() - 1 : opener.start()] == " "
            changes += [(*opener.span(), before.lstrip() if space else before), (*match.span(), after)]
        elif opener.lastgroup == "root":
            changes += _root(opener, content, match, text[match.end() : match.end() + 1])
        elif opener.lastgroup == "macro" or (opener.start() == after_macro and opener.lastgroup == "plain"):
            after_macro = match.end()
        elif _unwraps(opener, content, text, match.end()):
            changes += [(*opener.span(), opener[0][0] if opener.lastgroup == "script" else ""), (*match.span(), "")]
    # A font that never closes was cut off; its words are still words.
    changes += [(*opener.span(), "") for opener in stack if opener.lastgroup == "font" and opener[0][0] == "\\"]
    return sorted(changes)


_OPERAND = re.compile(r"[^\s+\-−–=<>/*×·,;~≤≥≈()]+|\([^()]*\)")


def _fraction(text: str, opener: re.Match[str], numerator_end: int, start: int, end: int) -> list[Change]:
    r"""`\frac{a}{b+c}` → `a/(b+c)`, between spaces where it would run into a number or name."""
    above, below = text[opener.end() : numerator_end], text[start:end]
    if not above.strip() or not below.strip():
        return []
    left, middle_left = ("", "") if _OPERAND.fullmatch(above) else ("(", ")")
    middle_right, right = ("", "") if _OPERAND.fullmatch(below) else ("(", ")")
    if text[opener.start() - 1 : opener.start()].isalnum() and not left:
        left = " "
    if text[end + 1 : end + 2].isalnum() and not right:
        right = " "
    return [(*opener.span(), left), (numerator_end, start, f"{middle_left}/{middle_right}"), (end, end + 1, right)]


def _quantity(text: str, opener: re.Match[str], first_end: int, start: int, end: int) -> list[Change]:
    r"""`\SI{3.6}{dB}` → `3.6 dB`."""
    return [
        (*opener.span(), ""),
        (first_end, start, "" if text[start:end] in {"\\percent", "%"} else " "),
        (end, end + 1, ""),
    ]


def _root(opener: re.Match[str], content: str, close: re.Match[str], after: str) -> list[Change]:
    r"""`\sqrt{n}` → `√n`, `\sqrt{n+1}` → `√(n+1)`."""
    single = (len(content) == 1 or content.isdigit()) and not after.isalnum()
    return [(*opener.span(), "√" if single else "√("), (*close.span(), "" if single else ")")] if content else []


def _unwraps(opener: re.Match[str], content: str, text: str, end: int) -> bool:
    if opener.lastgroup == "font":
        return True
    before = text[opener.start() - 1 : opener.start()]
    after = text[end : end + 1]
    joins_left = opener.lastgroup != "script" and before.isdigit() and content[:1].isdigit()
    if joins_left or (after.isdigit() and content[-1:].isdigit()):
        return False  # two numbers would become one
    if opener.lastgroup == "script":
        return _SCRIPT.fullmatch(content) is not None
    if _TOKEN.fullmatch(content):
        return True
    return _WORDS.fullmatch(content) is not None and not before.strip()
