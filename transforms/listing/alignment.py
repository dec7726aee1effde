"""The cheapest reading of the lines of a page: which are titles, which abstracts, and which neither.

A missing or surplus line would make everything after it swap places, so lines are not counted. Each way to read them
has a cost: that of unusual lengths, of lines left alone, of breaks where nothing ends. The cheapest way is found
by dynamic programming over the lines (Viterbi); what it leaves alone is a reject, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

import polars as pl

from transforms.listing.evidence import JOIN_LIKELY, JOIN_PARAGRAPH, LONGEST_TITLE, SHORTEST_ABSTRACT

Role: TypeAlias = Literal["title", "more title", "title again", "abstract", "more abstract", "alone", "dropped"]

# Costs. What they are is less important than how they compare: each was set by a case that comes out wrong otherwise
# (tests/transforms/test_listing.py, tests/listing_pages.py).

_LONE = 1.4
"""A line left alone shifts all that follow, so it costs more than one unusual line and less than two."""
_LONE_ON_PAGE = 1.3
_LONE_BUTTON = 0.4
_LONE_OUTSIDE = 0.2
_LONE_NAMED = 0.7  # a title without an abstract that the page names as a paper
_BETWEEN = 0.3  # a line left alone between a title and its abstract

_UNUSUAL_LENGTH = 1.0
_NO_TITLE = 3.0  # a title that is a whole abstract by its length: both lines left alone are cheaper
_UNFINISHED = 0.3  # an abstract that doesn't end as sentences do
_UNFINISHED_SHORT = 0.6
_DOUBTFUL_SHORT = 1.9  # a short line that may as well be another title or a button: two lines left alone are cheaper

_LOOKS_LIKE_FURNITURE = 1.0
_NAMES_BELOW_TITLE = 0.3  # names below a line that may go on are rather the authors
_OUTSIDE = 0.5  # an abstract below the heading of a section that holds none; twice for a title
_WRONG_HEADING = 2.0
_WRONG_CAPITALS = 0.2
_STARTS_INSIDE = 0.3  # an abstract that begins in the middle of a sentence
_OTHER_PAPER = 0.5

_CUT_OFF = 0.2  # furniture below a line whose text would go on
_TITLE_IN_FULL_LINE = 0.4  # a title below such a line
_ABSTRACT_IN_FULL_LINE = 0.3
_SHORT_PARAGRAPH = 0.5  # a paragraph below a first one that is shorter than a whole abstract
_BEGINS_ANEW = 0.4  # a line below a finished sentence that looks like a title or a button

_NOT_KEY = re.compile(r"[\W_]+")

_OUT, _IN_TITLE, _IN_ABSTRACT = range(3)


class _Path(NamedTuple):
    """The best way to read the lines up to one, given what is open after it."""

    cost: float
    before: _Path | None
    role: Role
    title: str = ""  # letters and digits of the open title
    chars: int = 0  # of the open title or abstract
    is_finished: bool = True  # whether the open abstract ends as sentences do
    named: str | None = None  # arXiv id that the page states for the open title
    is_doubtful: bool = False  # whether the open abstract began as a title or a button might


_Line: TypeAlias = Mapping[str, Any]
COLUMNS = (
    "text",
    "length",
    "is_text",
    "may_go",
    "is_heading",
    "is_outside",
    "is_finished",
    "is_titled",
    "starts_inside",
    "named",
    "is_button",
    "is_page",
    "after_label",
    "join_cost",
    "is_names",
    "was_full",
    "template_title_cost",
    "template_join_cost",
)


def roles(lines: pl.DataFrame) -> list[Role]:
    """The role of each line in the cheapest reading; takes the columns of evidence.weigh."""
    paths: list[_Path | None] = [_Path(0.0, None, "dropped"), None, None]
    for line in lines.select(COLUMNS).iter_rows(named=True):
        paths = _step(paths, line)
    closed = [(path.cost + _closing_cost(state, path), path) for state, path in enumerate(paths) if path]
    path: _Path | None = min(closed, key=lambda pair: pair[0])[1]
    found: list[Role] = []
    while path is not None and path.before is not None:
        found.append(path.role)
        path = path.before
    return found[::-1]


def _step(paths: list[_Path | None], line: _Line) -> list[_Path | None]:
    best: list[_Path | None] = [None, None, None]

    def offer(state: int, path: _Path) -> None:
        known = best[state]
        if known is None or path.cost < known.cost:
            best[state] = path

    key = _NOT_KEY.sub("", line["text"]).lower() if line["is_text"] and line["length"] <= LONGEST_TITLE else ""
    for state, path in enumerate(paths):
        if path is None:
            continue
        if line["is_text"]:
            _offer_text(offer, state, path, line, key)
        if line["may_go"]:
            named = path.named or (line["named"] if state == _IN_TITLE else None)
            cost = path.cost + _CUT_OFF * (line["is_text"] and line["was_full"])
            offer(state, path._replace(cost=cost, before=path, role="dropped", named=named))
    return best


def _offer_text(offer: Any, state: int, path: _Path, line: _Line, key: str) -> None:
    cost, length, looks = path.cost, line["length"], _LOOKS_LIKE_FURNITURE * line["may_go"]
    if state == _IN_TITLE:
        if key and key == path.title:
            offer(_IN_TITLE, path._replace(before=path, role="title again"))
        together = path.chars + 1 + length
        too_long = _UNUSUAL_LENGTH * (path.chars <= LONGEST_TITLE < together)
        apart = looks * (1 if line["join_cost"] > JOIN_LIKELY else _NAMES_BELOW_TITLE * line["is_names"])
        offer(
            _IN_TITLE,
            path._replace(
                cost=cost + line["join_cost"] + too_long + apart + _WRONG_CAPITALS * (not line["is_titled"]),
                before=path,
                role="more title",
                title=path.title + key,
                chars=together,
            ),
        )
        offer(
            _IN_ABSTRACT,
            _Path(
                cost + looks + _abstract_cost(path, line),
                path,
                "abstract",
                chars=length,
                is_finished=line["is_finished"],
                is_doubtful=line["is_page"] or line["is_titled"],
            ),
        )
    elif state == _IN_ABSTRACT:
        offer(
            _IN_ABSTRACT,
            path._replace(
                cost=cost + _join_cost(path, line),
                before=path,
                role="more abstract",
                chars=path.chars + 1 + length,
                is_finished=line["is_finished"],
            ),
        )
    closed = cost + _closing_cost(state, path)
    offer(
        _IN_TITLE,
        _Path(
            closed + looks + _title_cost(line) + _TITLE_IN_FULL_LINE * line["was_full"],
            path,
            "title",
            key,
            length,
            named=line["named"],
        ),
    )
    if not line["may_go"]:
        alone = _lone_cost(line)
        if state == _IN_TITLE:
            offer(_IN_TITLE, path._replace(cost=cost + alone + _BETWEEN, before=path, role="alone"))
        else:
            offer(_OUT, _Path(closed + alone, path, "alone"))


def _title_cost(line: _Line) -> float:
    length = line["length"]
    is_abstract = 2 * length > 3 * LONGEST_TITLE or (length > LONGEST_TITLE and line["is_finished"])
    cost = _NO_TITLE if is_abstract else _UNUSUAL_LENGTH * (length > LONGEST_TITLE)
    cost += _WRONG_HEADING * line["after_label"]
    cost += line["template_title_cost"]
    cost += _WRONG_CAPITALS * (not line["is_titled"])
    return float(cost + 2 * _OUTSIDE * (line["is_outside"] and not line["is_heading"]))


def _join_cost(path: _Path, line: _Line) -> float:
    """Cost of a line that goes on with an abstract; a first paragraph is seldom shorter than a whole abstract."""
    is_new_paragraph = line["join_cost"] == JOIN_PARAGRAPH and path.chars < SHORTEST_ABSTRACT
    begins_anew = path.is_finished * (line["may_go"] + line["is_titled"])
    return float(
        line["join_cost"]
        + _SHORT_PARAGRAPH * is_new_paragraph
        + _WRONG_HEADING * line["is_heading"]
        + _BEGINS_ANEW * begins_anew
        + line["template_join_cost"]
    )


def _abstract_cost(path: _Path, line: _Line) -> float:
    """Cost of a line that begins an abstract; where the page names another paper, it rather is that one's title."""
    is_named_here = line["named"] is not None and line["named"] != path.named and line["length"] <= LONGEST_TITLE
    return float(
        _OTHER_PAPER * is_named_here
        + _WRONG_HEADING * line["is_heading"]
        + _ABSTRACT_IN_FULL_LINE * line["was_full"]
        + _WRONG_CAPITALS * line["is_titled"]
        + _STARTS_INSIDE * line["starts_inside"]
        + _OUTSIDE * line["is_outside"]
    )


def _closing_cost(state: int, path: _Path) -> float:
    """Cost of ending what is open: a title without an abstract, or an abstract of unusual length."""
    if state == _IN_TITLE:
        return _LONE_NAMED if path.named else _LONE
    if state == _IN_ABSTRACT and path.chars < SHORTEST_ABSTRACT:
        unfinished = _DOUBTFUL_SHORT if path.is_doubtful else _UNFINISHED_SHORT
        return _UNUSUAL_LENGTH + unfinished * (not path.is_finished)
    if state == _IN_ABSTRACT:
        return _UNFINISHED * (not path.is_finished)
    return 0.0


def _lone_cost(line: _Line) -> float:
    if line["is_outside"]:
        return _LONE_OUTSIDE
    if line["is_button"]:
        return _LONE_BUTTON
    return _LONE_ON_PAGE if line["is_page"] and line["length"] <= LONGEST_TITLE else _LONE
