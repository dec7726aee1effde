"""Links of papers: the addresses in title and abstract, and those that a page shows beside them.

`addresses` finds the mentions in a text and mends what the text damaged, `urls` says what a URL is, `words` what the
sentence before it says of it. Known hosts, what they keep and the cues are vocabulary (hosts.csv, link_cues.csv).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from transforms.links.addresses import holds_address, mentions
from transforms.links.urls import DescribedUrl, describe_url, kinds_of, normalise_url
from transforms.links.words import CONTEXT_LENGTH, kind_by_words, role_by_words
from transforms.repositories import repository_columns
from warehouse.schema import lake_schema

__all__ = ["DescribedUrl", "describe_url", "links", "normalise_url"]


def links(papers: pl.DataFrame) -> pl.DataFrame:
    """The links of papers: title before abstract before the page around them.

    Takes source_id, record_number, paper_id, title, abstract and page_urls (addresses separated by a space, or null);
    returns the lake columns of `links`. Raises polars.exceptions.ColumnNotFoundError if a column is missing.
    """
    candidates = papers.filter(
        holds_address("title") | holds_address("abstract") | pl.col("page_urls").is_not_null()
    ).select("source_id", "record_number", "paper_id", "title", "abstract", "page_urls")
    rows: list[tuple[object, ...]] = []
    for source_id, record_number, paper_id, title, abstract, page_urls in candidates.iter_rows():
        found = (*_in_text("title", title), *_in_text("abstract", abstract), *_on_page(page_urls))
        rows += ((source_id, record_number, paper_id, number, *link) for number, link in enumerate(found, 1))
    schema = lake_schema("links")
    linked = {name: schema[name] for name in ("source_id", "record_number", "paper_id", "link_number", *_Link._fields)}
    # A page that a host keeps about a repository, such as a wiki, is not the repository.
    is_code = pl.col("kind") == "code"
    return (
        pl.DataFrame(rows, schema=linked, orient="row")
        .with_columns(pl.col("url").str.extract(_HOST).alias("host"))
        .with_columns(pl.when(is_code).then(column) for column in repository_columns(pl.col("url"), pl.col("host")))
        .select(schema.names())
        .cast(schema)
    )


_HOST = r"^https?://(?:www\.)?([^/?#:]+)"


class _Link(NamedTuple):
    field: str
    url: str
    url_raw: str
    kind: str
    role: str
    rule_id: str
    char_start: int | None = None
    char_end: int | None = None


def _in_text(field: str, text: str) -> Iterator[_Link]:
    for mention in mentions(text):
        before = text[max(0, mention.start - CONTEXT_LENGTH) : mention.start]
        role, role_rule = role_by_words(before, mention.url)
        yield _Link(
            field,
            mention.url,
            text[mention.start : mention.end],
            _kind(mention.url, before),
            role,
            f"{mention.rule} {role_rule}",
            mention.start,
            mention.end,
        )


def _kind(url: str, before: str) -> str:
    """What is at the URL; where its host keeps several kinds, what the words before it speak of."""
    kinds = kinds_of(url)
    return (kind_by_words(before, kinds) if len(kinds) > 1 else None) or kinds[0]


def _on_page(page_urls: str | None) -> Iterator[_Link]:
    """A page shows what belongs to the paper itself, so these are its own."""
    for url_raw in (page_urls or "").split():
        if described := describe_url(url_raw):
            yield _Link("page", described.url, url_raw, described.kind, "own", "url.page role.page")
