"""How right a warehouse is, against labelled papers.

A paper is found by its title, letters and digits alone. A mention is found by its value and upper value; mentions
labelled `sure: false` count neither way. A field is right when it equals the label or what a second reader wrote
(`also`). All figures are micro-averaged over mentions or links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import InputError

FIELDS = ("unit", "kind", "direction", "basis", "comparator", "metric", "dataset", "role")
TUPLE = ("kind", "metric", "dataset", "role")
"""Fields that make a mention wholly right."""

Mention = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Right, invented and missed."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 if nothing was found."""
        found = self.true_positive + self.false_positive
        return self.true_positive / found if found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 1 if there is nothing."""
        there = self.true_positive + self.false_negative
        return self.true_positive / there if there else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, labelled: set[Any], found: set[Any]) -> None:
        """Counts two sets against each other."""
        self.true_positive += len(labelled & found)
        self.false_positive += len(found - labelled)
        self.false_negative += len(labelled - found)

    def to_json(self) -> dict[str, float]:
        """The figures."""
        return {
            "p": self.precision,
            "r": self.recall,
            "f1": self.f1,
            "tp": self.true_positive,
            "fp": self.false_positive,
            "fn": self.false_negative,
        }


@dataclass(slots=True)
class Evaluation:
    """The figures of one set of labelled papers."""

    papers_missing: list[str] = field(default_factory=list)
    detection: Tally = field(default_factory=Tally)
    tuples: Tally = field(default_factory=Tally)
    urls: Tally = field(default_factory=Tally)
    code_links: Tally = field(default_factory=Tally)
    right_fields: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    right_link_kinds: int = 0
    right_link_roles: int = 0

    def field_shares(self) -> dict[str, float]:
        """Of the mentions found, the share whose field is right."""
        found = self.detection.true_positive
        return {name: right / found if found else 0.0 for name, right in self.right_fields.items()}

    def to_json(self) -> dict[str, Any]:
        """The figures, under the names that score files use."""
        links = max(self.urls.true_positive, 1)
        return {
            "papers_missing": self.papers_missing,
            "detection": self.detection.to_json(),
            "fields": self.field_shares(),
            "tuple": self.tuples.to_json(),
            "urls": self.urls.to_json(),
            "code_links": self.code_links.to_json(),
            "link_kind": self.right_link_kinds / links,
            "link_role": self.right_link_roles / links,
        }


def evaluate(connection: duckdb.DuckDBPyConnection, gold: Path) -> Evaluation:
    """Compares the warehouse with the labels of a JSONL file; raises InputError if it can't be read."""
    found = _Warehouse(connection)
    evaluation = Evaluation()
    for labels in _labels(gold):
        paper_id = found.papers.get(title_key(labels["title"]))
        if paper_id is None:
            evaluation.papers_missing.append(labels["title"])
        _compare_metrics(evaluation, labels["metrics"], found.metrics.get(paper_id, []))
        _compare_links(
            evaluation, labels["links"], found.urls.get(paper_id, {}), found.repositories.get(paper_id, set())
        )
    return evaluation


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
        columns = ("value", "value_high", *FIELDS)
        for paper_id, *values in connection.execute(
            f"SELECT paper_id, {', '.join(columns)} FROM reported_metrics"
        ).fetchall():
            self.metrics.setdefault(paper_id, []).append(dict(zip(columns, values, strict=True)))
        self.urls: dict[str | None, dict[str, tuple[str, str]]] = {}
        for paper_id, url, kind, role in connection.execute(
            "SELECT paper_id, url, kind, role FROM links WHERE field <> 'page'"
        ).fetchall():
            self.urls.setdefault(paper_id, {})[_url_key(url)] = (kind, role)
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
            labels = json.loads(line)
            yield {"title": labels["title"], "metrics": labels["metrics"], "links": labels["links"]}
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{gold}:{number}: not a labelled paper ({error!r})") from error


def _compare_metrics(evaluation: Evaluation, labelled: list[Mention], found: list[Mention]) -> None:
    pairs = pair(labelled, found)
    right = 0
    for label, mention in pairs:
        if label["sure"]:
            agreeing = {name for name in FIELDS if agrees(name, label, mention)}
            for name in agreeing:
                evaluation.right_fields[name] += 1
            right += agreeing.issuperset(TUPLE)
    sure = sum(label["sure"] for label, _ in pairs)
    missed = sum(label["sure"] for label in labelled) - sure
    extra = len(found) - len(pairs)
    for tally, hits in ((evaluation.detection, sure), (evaluation.tuples, right)):
        tally.true_positive += hits
        tally.false_positive += sure - hits + extra
        tally.false_negative += sure - hits + missed


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


def _compare_links(
    evaluation: Evaluation, labelled: list[dict[str, Any]], urls: dict[str, tuple[str, str]], repositories: set[str]
) -> None:
    expected = {_url_key(link["url"]): (link["kind"], link["role"]) for link in labelled}
    for url in expected.keys() & urls.keys():
        evaluation.right_link_kinds += expected[url][0] == urls[url][0]
        evaluation.right_link_roles += expected[url][1] == urls[url][1]
    code = {
        f"{_url_key(link['url']).split('/')[0]}/{link['repo']}".lower()
        for link in labelled
        if link["kind"] == "code" and link["repo"]
    }
    evaluation.urls.add(set(expected), set(urls))
    evaluation.code_links.add(code, repositories)


def _url_key(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url.strip()).rstrip("/.").lower()
