"""The errors behind the figures of labelled papers: what was missed, is extra or wrong, and the rules at work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from warehouse.evaluation import Compared, ComparedPaper, Evaluation
from warehouse.figures import LINK_FIELDS, TUPLE

_SHOWN = {"number": ("direction", *TUPLE), "url": LINK_FIELDS, "repository": ()}
"""Fields that say what a missed or extra one is."""


@dataclass(frozen=True, slots=True)
class Error:
    """An error in a paper: `what` is missed, extra or wrong, `thing` a number, url or repository.

    `labelled` and `found` hold the fields that differ, or what is known of the one that is there. `rule_id` are the
    rules that made the row; of a missed number the rule that refused it, None if no rule saw it.
    """

    title: str
    what: str
    thing: str
    quote: str
    labelled: dict[str, Any] | None
    found: dict[str, Any] | None
    rule_id: str | None

    def to_json(self) -> dict[str, Any]:
        """The error as a JSON object."""
        return asdict(self)


def errors(connection: duckdb.DuckDBPyConnection, evaluation: Evaluation) -> list[Error]:
    """The errors of labelled papers, in the order of the papers; numbers first, then URLs and code repositories."""
    return [error for paper in evaluation.papers for error in _of_paper(connection, paper)]


def _of_paper(connection: duckdb.DuckDBPyConnection, paper: ComparedPaper) -> Iterator[Error]:
    refused: dict[tuple[str, ...], str] = {}
    if paper.paper_id and any(number.what == "missed" for number in paper.numbers):
        refused = _refused(connection, paper.paper_id)
    for thing, compared in (("number", paper.numbers), ("url", paper.urls), ("repository", paper.repositories)):
        for each in compared:
            if each.what != "right":
                yield _error(paper.title, thing, each, refused)


def _error(title: str, thing: str, compared: Compared, refused: dict[tuple[str, ...], str]) -> Error:
    labelled, found = compared.labelled, compared.found
    quote = _quote(labelled or found or {})
    names = compared.wrong or _SHOWN[thing]
    return Error(
        title=title,
        what=compared.what,
        thing=thing,
        quote=quote,
        labelled={name: labelled[name] for name in names} if labelled else None,
        found={name: found[name] for name in names} if found else None,
        rule_id=found.get("rule_id") if found else refused.get(_digits(quote)) if thing == "number" else None,
    )


def _quote(mention: dict[str, Any]) -> str:
    value = mention.get("quote") or mention.get("url") or mention.get("repository_id") or mention["value"]
    return str(value)


def _refused(connection: duckdb.DuckDBPyConnection, paper_id: str) -> dict[tuple[str, ...], str]:
    """The rules by which numbers of the paper's text are no reported metrics, by the digits of their quotes."""
    from transforms.reported_metrics import refused_numbers

    text = connection.execute("SELECT title, abstract FROM papers WHERE paper_id = ?", [paper_id]).fetchone()
    refused: dict[tuple[str, ...], str] = {}
    for *_, quote, rule_id in refused_numbers(*text) if text else ():
        refused.setdefault(_digits(quote), rule_id)
    return refused


def _digits(quote: str) -> tuple[str, ...]:
    """What a quote from a repaired text and one from the text as found have in common."""
    return tuple(re.findall(r"\d+(?:\.\d+)?", quote)) or (quote.lower(),)
