"""What a single line of a page shows by itself: furniture, a heading, an address, a date, or text.

Furniture is vocabulary (page_furniture.csv), and so is what an address on a line of its own says about the record
beside it (page_addresses.csv). Whether a line that looks like furniture is some is decided later, from its neighbours.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from seeds import Row, vocabulary

Kind = Literal["text", "known", "furniture", "names", "field", "rule", "authors", "section", "abstract", "address"]
"""known: furniture wherever it stands; furniture: a line that looks like some; names: a row of
names; field: a field of a record, which may go on below, indented; rule: a line drawn under a heading or
between parts; authors, section, abstract: headings above the authors, above what belongs to no abstract, above an
abstract; address: nothing but addresses and dates."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One line: its kind, its text without marks of headings, and what it states about a record."""

    kind: Kind
    text: str
    is_heading: bool = False
    arxiv_id: str | None = None
    published_on: date | None = None
    page_urls: tuple[str, ...] = ()


def _patterns(*uses: str) -> str:
    return "|".join(row["pattern"] for row in vocabulary("page_furniture") if row["use"] in uses)


def _literals(use: str) -> tuple[str, ...]:
    return tuple(row["pattern"] for row in vocabulary("page_furniture") if row["use"] == use)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = (
    rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"
    rf"|(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)? (?P<month_second>{_MONTH}),? (?P<year_last>\d{{4}})"
    r"|(?P<iso_year>\d{4})[-/](?P<iso_month>\d{2})[-/](?P<iso_day>\d{2})"
)
_DATE_LINE = (
    r"(?i)^[^\w]*(?:(?:published|submitted|posted|announced|date)[^\w]*(?:on|at)?[^\w]*)?(?:(?:mon|tue|wed|thu|fri|sat|sun)"
    rf"[a-z]*[^\w]+)?(?:{_DAY})"
    r"(?:[^\w]*|\s*[(;].{0,80}|, (?:last )?(?:modified|revised|updated).{0,40}|[T ]\d\d:\d\d.{0,40})$"
)
_ARXIV_LINE = (
    r"(?i)^(?:\[\d+\]\s*|\d+\.\s*)?arxiv:\s?(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?"
    r"(?P<rest>[\s\[(].*)?$"
)
ID_BEFORE_LABEL = r"(?i)^arxiv:(\d{4}\.\d{4,5})"
"""Where arXiv's feeds state the id of an abstract: before its label."""
_ARXIV_NOTES = (
    r"(?:\s*(?:\[[^\[\]]*\]|\([^()]{0,60}\)|(?:" + _patterns("arxiv_archive") + r")(?:\.[A-Za-z-]+)?[,;]?"
    r"|Announce Type: [a-z-]+|\d{1,2} [A-Z][a-z]{2,8} \d{4}))*"
)
"""What arXiv sets beside an id: formats, categories, the kind of announcement, the day on the margin of a PDF."""
_HEADING = r"^#{1,6} +"
_RULE = r"^(?:={3,}|-{3,}|_{3,}|\*{3,}|(?:[-*_] ){2,}[-*_])$"
_WITHOUT_WORDS = r"^[^\p{L}\p{N}]+$"
_BULLETS = r"(?:[-*•·]|\d{1,4}[.)])\s+"
_NAME = _patterns("name")
_NAMES = (
    rf"{_NAME}(?:(?:[,;]| \|) {_NAME})+(?:,? (?:and|&) {_NAME})?(?:,? et al\.?)?|{_NAME} (?:and|&) {_NAME}"
    rf"|{_NAME},? et al\.?"
)
_NAMES = rf"{_NAMES}|[*_](?:{_NAMES})[*_] [—–|·•-] .{{1,60}}"
_SPECIAL = _patterns("known", "line", "field", "authors", "section", "section_anywhere", "abstract")
_LOOKS = rf"^(?:{_BULLETS})?[*_]?(?:{_SPECIAL}|{_NAMES})[*_]?$"

_CANDIDATE = (
    rf"{_HEADING}|\]\(|https?://|{_WITHOUT_WORDS}|{_LOOKS}|{re.sub(r'[?]P<[a-z_]+>', '?:', _ARXIV_LINE)}"
    rf"|{re.sub(r'[?]P<[a-z_]+>', '?:', _DATE_LINE).replace('^', f'^(?:{_BULLETS})?', 1)}|^(?:{_BULLETS})?\*\*.*\*\*$"
)
_LONGEST_MARK = 400
"""Bytes of the longest line that is looked at for a mark, but for lines of links."""


def candidates(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines that may be anything but plain text, a cheap superset of what `mark` takes for something else."""
    text = pl.col("text")
    may_show = lines.filter((text.str.len_bytes() <= _LONGEST_MARK) | text.str.contains("](", literal=True))
    return may_show.filter(text.str.contains(_CANDIDATE))


_IS_HEADING = re.compile(_HEADING)
_IS_RULE = re.compile(_RULE)
_IS_FURNITURE = re.compile(_patterns("line"))
_IS_NAMES = re.compile(_NAMES)
_IS_FIELD = re.compile(_patterns("field"))
_HEADING_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(_patterns("abstract")), "abstract"),
    (re.compile(_patterns("authors")), "authors"),
    (re.compile(_patterns("section")), "section"),
)
_IS_SECTION_ANYWHERE = re.compile(_patterns("section_anywhere"))
_IS_ARXIV = re.compile(_ARXIV_LINE)
_IS_ARXIV_NOTES = re.compile(_ARXIV_NOTES)
_IS_DATE = re.compile(_DATE_LINE)
_IS_KNOWN = re.compile(_patterns("known"))
_GLUED_HEADINGS = _literals("glued_heading")
_BOLD = re.compile(r"\*\*([^*]+)\*\*:?")
_OPENS_TITLE = re.compile(r"(?![a-z]+(?:[ ,.;:)]|$)|[),.;:!?-]).*[^.;,:]$")
_EMPHASIS = re.compile(r"^([*_])([^*_]+)\1$")
_BULLET = re.compile(rf"^{_BULLETS}(?=\S)")


def mark(line: str) -> Mark:
    """What a trimmed line shows; a line that shows nothing in particular is text."""
    if _IS_KNOWN.fullmatch(line):
        return Mark("known", line)
    if _IS_RULE.match(line):
        return Mark("rule", line)
    text, is_heading = _without_heading(line)
    looks = _EMPHASIS.sub(r"\2", _BULLET.sub("", text))
    if stated := _stated(looks):
        return stated
    if _IS_SECTION_ANYWHERE.fullmatch(looks):
        return Mark("section", text, is_heading=True)
    for pattern, kind in _HEADING_KINDS:
        if pattern.fullmatch(looks):
            return Mark(kind, text, is_heading)
    if _IS_FURNITURE.fullmatch(looks) or not any(map(str.isalnum, text)):
        return Mark("furniture", text, is_heading)
    if _IS_FIELD.fullmatch(looks):
        return Mark("field", text, is_heading)
    if _IS_NAMES.fullmatch(looks):
        return Mark("names", text, is_heading)
    return _of_links(text, looks, is_heading) or Mark("text", text, is_heading)


def _without_heading(line: str) -> tuple[str, bool]:
    text = _IS_HEADING.sub("", line)
    is_heading = text != line
    if bold := _BOLD.fullmatch(_BULLET.sub("", text)):
        text, is_heading = bold[1].strip(), True
    for opening in _GLUED_HEADINGS if is_heading else ():
        text = text.removeprefix(opening)
    return text, is_heading


def _stated(text: str) -> Mark | None:
    """An arXiv id or a date on a line of its own, or an id before a title."""
    if match := _IS_ARXIV.match(text):
        rest = (match["rest"] or "").strip()
        if _IS_ARXIV_NOTES.fullmatch(rest):
            return Mark("address", text, arxiv_id=match["id"])
        return Mark("text", rest, arxiv_id=match["id"]) if _OPENS_TITLE.match(rest) else None
    if match := _IS_DATE.match(text):
        day = _date(match)
        return Mark("address", text, published_on=day) if day else None
    return None


def _date(match: re.Match[str]) -> date | None:
    year = match["year"] or match["year_last"] or match["iso_year"]
    name = match["month"] or match["month_second"]
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(match["iso_month"])
    day = match["day"] or match["day_first"] or match["iso_day"]
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


# Addresses

_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)?)\)")
_OPEN_LINK = re.compile(r"\]\((https?:[^()\s]*)\)?")  # its words stand on another line
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"]+")
_LINK_LABEL = re.compile(r"^(?:LINK|Link):? ")
_ABSOLUTE = re.compile(r"https?://(?:www\.)?([^/?#]+)(/.*)?", re.IGNORECASE)
_LONGEST_TITLE = 300
_MOST_WORDS_BESIDE = 60  # characters that may stand beside addresses on a line of theirs


def _of_links(text: str, looks: str, is_heading: bool) -> Mark | None:
    """A line of nothing but addresses, or a title that is a link to the record's own page; None for text."""
    if "](" not in text and "://" not in text:
        return None
    without_images = _IMAGE.sub(" ", looks).strip()
    whole = _LINK.fullmatch(without_images)
    if whole:
        arxiv_id = _about(whole[2])[0]
        words = whole[1].strip()
        if arxiv_id and words and not words.startswith("http"):
            kind: Kind = "furniture" if _IS_FURNITURE.fullmatch(words) else "text"
            return Mark(kind, words, is_heading or len(words) <= _LONGEST_TITLE, arxiv_id=arxiv_id)
    urls = [match[2] for match in _LINK.finditer(without_images)]
    rest = _LINK.sub(" ", without_images)
    urls += [match[1] for match in _OPEN_LINK.finditer(rest)]
    rest = _OPEN_LINK.sub(" ", rest)
    urls += [match[0] for match in _ADDRESS.finditer(rest)]
    rest = " ".join(_ADDRESS.sub(" ", rest).split()).strip(" ·•|,:;[]()*-–—\\")
    if any(map(str.isalnum, rest)) and not _IS_FURNITURE.fullmatch(_LINK_LABEL.sub("", rest)):
        return None
    if len(rest) > _MOST_WORDS_BESIDE and not _IS_FURNITURE.fullmatch(rest):
        return None
    about = [_about(url) for url in urls]
    return Mark(
        "address",
        text,
        arxiv_id=next((arxiv_id for arxiv_id, _ in about if arxiv_id), None),
        page_urls=tuple(dict.fromkeys(url for url, (_, is_shown) in zip(urls, about, strict=True) if is_shown)),
    )


@functools.cache
def _pages() -> tuple[tuple[Row, re.Pattern[str]], ...]:
    return tuple((row, re.compile(row["path"])) for row in vocabulary("page_addresses"))


def _about(url: str) -> tuple[str | None, bool]:
    """The arXiv id that an address of a record's page states, and whether it leads to something of the paper's own."""
    if url.startswith("/papers/"):
        url = f"https://huggingface.co{url}"  # a relative address of that site, the only one that lists papers there
    match = _ABSOLUTE.fullmatch(url)
    if match is None:
        return None, False
    host, path = match[1].lower(), match[2] or "/"
    for row, pattern in _pages():
        known = row["host"]
        if (host == known or (known.startswith(".") and host.endswith(known))) and (found := pattern.search(path)):
            return (found[1], False) if row["use"] == "record" else (None, False)
    return None, True


def known_lines() -> str:
    """Regular expression of the lines that are furniture wherever they stand."""
    return _patterns("known")


def glued_prefix() -> str:
    """Regular expression of furniture glued to the title below such a line; its group opens the title."""
    return rf"^(?:{'|'.join(map(re.escape, _literals('glued')))})\s*(\S)"


def labels() -> tuple[str, str]:
    """Regular expressions of the labels before a title and before an abstract."""
    return _patterns("label_title"), _patterns("label_abstract")
