"""Braces, fonts and dollar signs: which of them LaTeX meant and which the text means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seeds import vocabulary

if TYPE_CHECKING:
    from transforms.edits import Change

_FONTS = "|".join(
    sorted((row["macro"] for row in vocabulary("latex_symbols") if row["class"] == "font"), key=len, reverse=True)
)
_SWITCHES = "|".join(row["macro"] for row in vocabulary("latex_symbols") if row["class"] == "switch")
_BARE_SWITCHES = "|".join(
    row["macro"] for row in vocabulary("latex_symbols") if row["class"] == "switch" and row["bare"] == "braced"
)

# Mathematics between dollar signs: nothing else looks like these, money least of all.
_DOLLARS = re.compile(r"(?<!\\)\$\$?((?=\S)[^$]{1,400}(?<=\S))\$\$?")
_MATHEMATICAL = re.compile(
    r"[\\^_={}]|^[A-Za-z]$|^[-+~<>]?\d[\d.,]*[%kKMB]?$|^[A-Za-z] ?[-+<>/,] ?\w$|^[<>+=~-]$|^[A-Za-z]\("
    r"|^[A-Za-z] ?[<>] ?\.?\d[\d.,]*$|^\d+/\d+$|^[\[(][^()\[\]]{1,40}[\])]$"
)


def mathematics(text: str) -> list[Change]:
    r"""The dollar signs around mathematics: `$n$` → `n`, `$2\times$` → `2\times`; `$5 and $10` stays."""
    changes: list[Change] = []
    for match in _DOLLARS.finditer(text) if "$" in text else ():
        if _MATHEMATICAL.search(match[1]):
            changes += [(match.start(), match.start(1), ""), (match.end(1), match.end(), "")]
    return changes


_SWITCH = re.compile(rf"\\(?:{_SWITCHES})(?![A-Za-z])\s?")
_BARE_SWITCH = re.compile(rf"(?<=\{{)(?:{_BARE_SWITCHES}) (?=[^{{}}]+\}})")
_BARE_ALPHABET = re.compile(
    r"(?<![A-Za-z\\])math(?:cal|scr|frak|bb|bf|rm|sf) ?(?=[A-Z](?![a-z]))|(?<![A-Za-z\\])boldsymbol(?=[^\sa-z{])"
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
    rf"\\[{{}}]|(?P<font>(?:\\|(?<![A-Za-z\\]))(?:{_FONTS})\*?\s?\{{)|(?P<fraction>\\?\bfrac\{{)"
    r"|(?P<macro>\\[A-Za-z]+\*?(?:\[[^\]\s]{0,40}\])?\{)|(?P<script>[\^_]\{)|(?P<plain>\{)|(?P<close>\})"
)
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
        if opener.lastgroup == "macro" or (opener.start() == after_macro and opener.lastgroup == "plain"):
            after_macro = match.end()
        elif _unwraps(opener, content, text, match.end()):
            changes += [(*opener.span(), opener[0][0] if opener.lastgroup == "script" else ""), (*match.span(), "")]
    # A font that never closes was cut off; its words are still words.
    changes += [(*opener.span(), "") for opener in stack if opener.lastgroup == "font" and opener[0][0] == "\\"]
    return sorted(changes)


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
    if opener.lastgroup == "fraction":
        return False
    if _TOKEN.fullmatch(content):
        return True
    return _WORDS.fullmatch(content) is not None and not before.strip()
