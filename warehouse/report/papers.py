"""The table of papers: the first of them as rows, and all of them packed for the page's own script."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from warehouse.report.queries import frame

PAGE_ROWS = 50
"""Papers that the page holds as rows, and that its script shows at a time."""

_NUMBER_TEXTS = ("metric", "value", "dataset", "kind", "quote")
_LINK_TEXTS = ("url", "kind", "role")


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers with their numbers and links: those that report most numbers first; rows of one paper stand together."""

    papers: pl.DataFrame
    numbers: pl.DataFrame
    links: pl.DataFrame


BLANK: dict[str, dict[str, Any]] = {
    "paper": dict.fromkeys(("title", "system_name", "arxiv_id", "published_on", "paper_id", "code_url"))
    | {"numbers": [], "links": []},
    "number": dict.fromkeys(_NUMBER_TEXTS),
    "link": dict.fromkeys(_LINK_TEXTS, ""),
}
"""Rows without content, which the page's script clones and fills."""


def read_papers(connection: duckdb.DuckDBPyConnection) -> Papers:
    """All papers of a release."""
    papers = frame(connection, "papers")
    order = papers.select("paper_id").with_row_index("paper")
    numbers, links = (
        frame(connection, name).join(order, on="paper_id", maintain_order="left").sort("paper", maintain_order=True)
        for name in ("paper_metrics", "paper_links")
    )
    return Papers(papers, numbers, links)


def first_rows(read: Papers) -> list[dict[str, Any]]:
    """The papers of the first page: columns of papers.sql, and what stands below each as `numbers` and `links`.

    `code_url` is the address of its own code; null if it has none.
    """
    shown = read.papers.head(PAGE_ROWS).to_dicts()
    for name, part in (("numbers", read.numbers), ("links", read.links)):
        for paper in shown:
            paper[name] = []
        for row in part.filter(pl.col("paper") < len(shown)).to_dicts():
            shown[row["paper"]][name].append(row)
    for paper in shown:
        paper["code_url"] = next((link["url"] for link in paper["links"] if link["is_own_code"]), None)
    return shown


def packed(read: Papers) -> str:
    """All papers as JSON by columns, gzip, base64: the tenth part of the same rows in HTML.

    Texts that repeat (metrics, datasets, kinds) are numbers into a list of their own. `counts` say how many of the rows
    of numbers and of links belong to each paper, in order.
    """
    content = {
        "papers": {name: read.papers[name].to_list() for name in read.papers.columns},
        "numbers": {"counts": _counts(read.numbers, read.papers.height)}
        | {name: _encoded(read.numbers[name]) for name in _NUMBER_TEXTS},
        "links": {
            "counts": _counts(read.links, read.papers.height),
            "is_own_code": read.links["is_own_code"].cast(pl.Int8).to_list(),
        }
        | {name: _encoded(read.links[name]) for name in _LINK_TEXTS},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def _counts(part: pl.DataFrame, paper_count: int) -> list[int]:
    counts = [0] * paper_count
    for paper, count in part["paper"].value_counts().iter_rows():
        counts[paper] = count
    return counts


def _encoded(texts: pl.Series) -> dict[str, list[Any]]:
    """A column as its distinct texts and a number into them for each row; null is -1."""
    distinct = texts.drop_nulls().unique(maintain_order=True)
    numbers = {text: number for number, text in enumerate(distinct)}
    return {"texts": distinct.to_list(), "rows": [-1 if text is None else numbers[text] for text in texts]}
