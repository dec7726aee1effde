"""How right a warehouse is, against labelled papers.

A paper is found by its title, letters and digits alone. A mention is found by its value and upper value; mentions
labelled `sure: false` count neither way. A field is right when it equals the label or what a second reader wrote
(`also`). All figures are micro-averaged over mentions or links (warehouse/figures.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.connect import holds_table
from warehouse.errors import InputError
from warehouse.figures import FIELDS, LINK_FIELDS, TUPLE, Figure, measured

Mention = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """A label and what the warehouse holds for it; one of them is None where it was missed or is extra."""

    labelled: Mention | None
    found: Mention | None
    wrong: tuple[str, ...] = ()
    """The fields that differ."""

    @property
    def what(self) -> str:
        """`missed`, `extra`, `wrong` or `right`."""
        if self.found is None:
            return "missed"
        if self.labelled is None:
            return "extra"
        return "wrong" if self.wrong else "right"

    @property
    def is_right_tuple(self) -> bool:
        """Whether it was found and the fields are right that make a mention wholly right."""
        return self.labelled is not None and self.found is not None and not set(TUPLE) & set(self.wrong)


@dataclass(frozen=True, slots=True)
class ComparedPaper:
    """The numbers, URLs and code repositories of a labelled paper; paper_id is None if the warehouse hasn't got it."""

    title: str
    arxiv_id: str | None
    paper_id: str | None
    numbers: tuple[Compared, ...]
    urls: tuple[Compared, ...]
    repositories: tuple[Compared, ...]

    def counts(self) -> dict[str, int]:
        """What the figures are made of, under the names of warehouse/figures.py."""
        counts = {"tuple_right": sum(number.is_right_tuple for number in self.numbers)}
        for name, compared in (("detection", self.numbers), ("urls", self.urls), ("code_links", self.repositories)):
            counts[f"{name}_found"] = sum(None not in (each.labelled, each.found) for each in compared)
            counts[f"{name}_extra"] = sum(each.labelled is None for each in compared)
            counts[f"{name}_missed"] = sum(each.found is None for each in compared)
        for prefix, names, compared in (("field", FIELDS, self.numbers), ("link", LINK_FIELDS, self.urls)):
            both = [each for each in compared if None not in (each.labelled, each.found)]
            counts |= {f"{prefix}_{name}": sum(name not in each.wrong for each in both) for name in names}
        return counts


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A set of labelled papers, compared with the warehouse."""

    papers: tuple[ComparedPaper, ...]

    @property
    def papers_missing(self) -> list[str]:
        """Titles of the papers that the warehouse hasn't got."""
        return [paper.title for paper in self.papers if paper.paper_id is None]

    def part(self, keep: Callable[[ComparedPaper], bool]) -> Evaluation:
        """The papers for which `keep` is true."""
        return Evaluation(tuple(paper for paper in self.papers if keep(paper)))

    def totals(self) -> dict[str, int]:
        """The counts of all papers together."""
        return self._counts().sum().row(0, named=True)

    def figures(self) -> dict[str, Figure]:
        """The figures with their intervals, by name ("detection.precision", "field.unit", …)."""
        return measured(self._counts())

    def to_json(self) -> dict[str, Any]:
        """The figures under the names that score files use, and their intervals under the same names."""
        figures, totals = self.figures(), self.totals()
        result: dict[str, Any] = {"papers_missing": self.papers_missing, "paper_count": len(self.papers)}
        intervals: dict[str, Any] = {}
        for name in ("detection", "tuple", "urls", "code_links"):
            parts = {short: figures[f"{name}.{long}"] for short, long in _SHORT.items()}
            intervals[name] = {short: figure.interval for short, figure in parts.items()}
            result[name] = {short: figure.value for short, figure in parts.items()} | _tallied(name, totals)
        fields = {name: figures[f"field.{name}"] for name in FIELDS}
        result["fields"] = {name: figure.value for name, figure in fields.items()}
        intervals["fields"] = {name: figure.interval for name, figure in fields.items()}
        for name in LINK_FIELDS:
            result[f"link_{name}"] = figures[f"link.{name}"].value
            intervals[f"link_{name}"] = figures[f"link.{name}"].interval
        return result | {"intervals": intervals}

    def _counts(self) -> pl.DataFrame:
        return pl.DataFrame([paper.counts() for paper in self.papers])


_SHORT = {"p": "precision", "r": "recall", "f1": "f1"}


def _tallied(name: str, totals: dict[str, int]) -> dict[str, int]:
    right, extra, missed = tally(name, totals)
    return {"tp": right, "fp": extra, "fn": missed}


def tally(name: str, totals: dict[str, int]) -> tuple[int, int, int]:
    """Right, invented and missed of `detection`, `tuple`, `urls` or `code_links`; a wrong tuple is both of the last."""
    counted = "detection" if name == "tuple" else name
    found, extra, missed = (totals[f"{counted}_{what}"] for what in ("found", "extra", "missed"))
    right = totals["tuple_right"] if name == "tuple" else found
    return right, extra + found - right, missed + found - right


def evaluate(connection: duckdb.DuckDBPyConnection, gold: Path) -> Evaluation:
    """Compares the warehouse with the labels of a JSONL file.

    Raises InputError, which names the line, if the file can't be read, holds something else or nothing.
    """
    found = _Warehouse(connection)
    papers = []
    for labels in _labels(gold):
        paper_id = found.papers.get(title_key(labels["title"]))
        papers.append(
            ComparedPaper(
                labels["title"],
                labels.get("arxiv_id"),
                paper_id,
                tuple(_compare_numbers(labels["metrics"], found.metrics.get(paper_id, []))),
                tuple(_compare_urls(labels["links"], found.urls.get(paper_id, {}))),
                tuple(_compare_repositories(labels["links"], found.repositories.get(paper_id, set()))),
            )
        )
    if not papers:
        raise InputError(f"{gold}: holds no labelled papers")
    return Evaluation(tuple(papers))


def corrected_count(connection: duckdb.DuckDBPyConnection, evaluation: Evaluation) -> int:
    """How many numbers and links of the labelled papers were corrected by hand: the rules alone are less right."""
    if not holds_table(connection, "corrections"):  # a release of an older version
        return 0
    paper_ids = [paper.paper_id for paper in evaluation.papers if paper.paper_id]
    query = (
        "SELECT count(*) FROM corrections "
        "WHERE outcome = 'applied' AND table_name <> 'papers' AND list_contains($1::VARCHAR[], paper_id)"
    )
    row = connection.execute(query, [paper_ids]).fetchone()
    assert row is not None
    return int(row[0])


def title_key(text: str | None) -> str:
    """Letters and digits of a title in lower case."""
    return re.sub(r"[^a-z0-9]", "", (text or "").lower())


class _Warehouse:
    """What the warehouse holds, by paper_id."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.papers: dict[str, str] = {}
        for table, title in (("papers", "title"), ("paper_sources", "title_raw")):
            rows = connection.execute(f"SELECT {title}, paper_id FROM {table}").fetchall()
            self.papers |= {title_key(text): paper_id for text, paper_id in rows}
        self.metrics: dict[str | None, list[Mention]] = {}
        columns = ("value", "value_high", *FIELDS, "quote", "rule_id", "confidence")
        for paper_id, *values in connection.execute(
            f"SELECT paper_id, {', '.join(columns)} FROM reported_metrics ORDER BY paper_id, metric_number"
        ).fetchall():
            self.metrics.setdefault(paper_id, []).append(dict(zip(columns, values, strict=True)))
        self.urls: dict[str | None, dict[str, Mention]] = {}
        for paper_id, url, kind, role, rule_id in connection.execute(
            "SELECT paper_id, url, kind, role, rule_id FROM links WHERE field <> 'page' ORDER BY paper_id, link_number"
        ).fetchall():
            link = {"url": url, "kind": kind, "role": role, "rule_id": rule_id}
            self.urls.setdefault(paper_id, {})[_url_key(url)] = link
        self.repositories: dict[str | None, set[str]] = {}
        for paper_id, repository_id in connection.execute(
            "SELECT paper_id, lower(host || '/' || owner || '/' || name) FROM paper_repositories "
            "JOIN repositories USING (repository_id)"
        ).fetchall():
            self.repositories.setdefault(paper_id, set()).add(repository_id)


def _labels(gold: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = gold.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{gold}: can't be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        try:
            yield _checked(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{gold}:{number}: not a labelled paper ({error!r})") from error


def _checked(labels: dict[str, Any]) -> dict[str, Any]:
    """The labels of a paper; KeyError, TypeError or AttributeError if something is missing or of another type."""
    for mention in labels["metrics"]:
        if lacking := {"value", "value_high", "sure", *FIELDS} - mention.keys():
            raise KeyError(*sorted(lacking))
        for name in ("value", "value_high"):
            _same_number(mention[name], 0.0)
    for link in labels["links"]:
        if lacking := {"url", "repo", *LINK_FIELDS} - link.keys():
            raise KeyError(*sorted(lacking))
    title_key(labels["title"])
    return labels


def _compare_numbers(labelled: list[Mention], found: list[Mention]) -> Iterator[Compared]:
    pairs = pair(labelled, found)
    for label, mention in pairs:
        if label["sure"]:
            yield Compared(label, mention, tuple(name for name in FIELDS if not agrees(name, label, mention)))
    labels, mentions = ({id(each[side]) for each in pairs} for side in (0, 1))
    yield from (Compared(label, None) for label in labelled if label["sure"] and id(label) not in labels)
    yield from (Compared(None, mention) for mention in found if id(mention) not in mentions)


def pair(labelled: list[Mention], found: list[Mention]) -> list[tuple[Mention, Mention]]:
    """Labels and mentions of the same value: sure labels first, then those with most equal fields."""
    ranked = sorted(
        (not label["sure"], -sum(agrees(name, label, mention) for name in FIELDS), i, j)
        for i, label in enumerate(labelled)
        for j, mention in enumerate(found)
        if all(_same_number(label[name], mention[name]) for name in ("value", "value_high"))
    )
    used_labels: set[int] = set()
    used_mentions: set[int] = set()
    pairs = []
    for *_, i, j in ranked:
        if i not in used_labels and j not in used_mentions:
            used_labels.add(i)
            used_mentions.add(j)
            pairs.append((labelled[i], found[j]))
    return pairs


def agrees(name: str, label: Mention, mention: Mention) -> bool:
    """Whether a field of a mention equals the label, or what a second reader wrote."""
    also = label.get("also", {})
    return _same(name, label[name], mention[name]) or (name in also and _same(name, also[name], mention[name]))


def _same(name: str, label: Any, mention: Any) -> bool:
    if name == "dataset":
        return title_key(label) == title_key(mention)
    if name == "unit":  # "points" says no more than a bare number
        return (None if label == "points" else label) == (None if mention == "points" else mention)
    return bool(label == mention)


def _same_number(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is None and right is None
    return abs(left - right) <= 1e-6 * max(1.0, abs(left), abs(right))


def _compare_urls(labelled: list[Mention], found: dict[str, Mention]) -> Iterator[Compared]:
    expected = {_url_key(link["url"]): link for link in labelled}
    for url in sorted(expected.keys() | found.keys()):
        label, link = expected.get(url), found.get(url)
        differing = [name for name in LINK_FIELDS if label and link and label[name] != link[name]]
        yield Compared(label, link, tuple(differing))


def _compare_repositories(labelled: list[Mention], found: set[str]) -> Iterator[Compared]:
    expected = {
        f"{_url_key(link['url']).split('/')[0]}/{link['repo']}".lower()
        for link in labelled
        if link["kind"] == "code" and link["repo"]
    }
    for repository_id in sorted(expected | found):
        each = {"repository_id": repository_id}
        yield Compared(each if repository_id in expected else None, each if repository_id in found else None)


def _url_key(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url.strip()).rstrip("/.").lower()
