"""Lines with their roles to records: texts joined, what the page states beside them, and the reasons of rejects."""

from __future__ import annotations

import polars as pl

from transforms.listing import evidence
from transforms.listing.lines import TEXT_LIMIT_BYTES

SCHEMA = pl.Schema(
    {
        "line_number": pl.Int64,
        "title_raw": pl.String,
        "abstract_raw": pl.String,
        "arxiv_id": pl.String,
        "published_on": pl.Date,
        "page_urls": pl.String,
        "reason": pl.String,
        "detail": pl.String,
    }
)

_DETAILS = {
    "title_without_abstract": "no abstract follows this title",
    "abstract_without_title": "a long line where a title should stand",
    "outside_record": "text below the heading of a section that holds no papers",
    "unrecognised_line": "neither a title nor an abstract, by its place on the page",
    "invalid_utf8": "bytes that are not UTF-8, shown as \\x escapes",
    "abstract_too_long": f"over {TEXT_LIMIT_BYTES:,} bytes",
    "title_too_long": f"over {TEXT_LIMIT_BYTES:,} bytes",
}
"""Reasons for which a record is refused, and what each says."""


def records(read: pl.DataFrame, *, ids_lead: bool) -> pl.DataFrame:
    """Records and rejects in the order of their lines; `ids_lead` says whether ids and dates stand above the titles.

    Takes the columns of evidence.weigh and `role`; returns the columns of SCHEMA.
    """
    numbered = read.with_columns(record=(pl.col("role") == "title").cum_sum())
    found = _texts(numbered).join(_stated(numbered, ids_lead), on="record", how="left", maintain_order="left")
    found = found.with_columns(reason=pl.when(~pl.col("has_abstract")).then(pl.lit("title_without_abstract")))
    both = pl.concat([_selected(found), _selected(_alone(numbered))]).sort("line_number")
    return both.pipe(_without_numbers).pipe(_refuse_unreadable)


def _texts(numbered: pl.DataFrame) -> pl.DataFrame:
    """Title and abstract of each record, those that are broken over lines joined."""
    # A word broken at a hyphen keeps it: which hyphens a page added can't be known. "pre- and post-" is no such word.
    is_broken = pl.col("text").shift(1).str.contains(r"[\p{L}\d]-$") & pl.col("text").str.contains(r"^(?:[\p{L}\d])")
    is_broken &= ~pl.col("text").str.contains(r"^(?:and|or|to|versus|vs)\b")
    glue = pl.when(is_broken.fill_null(False)).then(pl.lit("")).otherwise(pl.lit(" "))
    more = pl.col("role").is_in(["more title", "more abstract"])
    pieces = numbered.with_columns(piece=pl.when(more).then(glue + pl.col("text")).otherwise("text"))
    of_title, of_abstract = pl.col("role").str.ends_with("title"), pl.col("role").str.ends_with("abstract")
    return (
        pieces.filter(of_title | of_abstract)
        .group_by("record", maintain_order=True)
        .agg(
            pl.col("line_number").first(),
            pl.col("piece").filter(of_title).str.join("").alias("title_raw"),
            pl.col("piece").filter(of_abstract).str.join("").alias("abstract_raw"),
            of_abstract.any().alias("has_abstract"),
            pl.col("is_invalid").any(),
        )
        .with_columns(abstract_raw=pl.when("has_abstract").then("abstract_raw"))
    )


_STATES = (
    pl.any_horizontal(pl.col("arxiv_id", "published_on", "page_urls").is_not_null())
    & ~pl.any_horizontal("is_author", "is_outside")
    & (pl.col("role") == "dropped")
)
_IS_BELOW = (pl.col("role") != "dropped").cum_sum(reverse=True).over("record") == 0
"""Whether a line stands below the last text of its record, and so between two records."""


def ids_lead(read: pl.DataFrame) -> bool | None:
    """Whether the ids between two records belong to the one below; None where no id stands there.

    They do if they stand nearer to it, or the first one stands above the first title and none below the last abstract.
    """
    numbered = read.with_columns(record=(pl.col("role") == "title").cum_sum())
    is_title, is_text = pl.col("role") == "title", pl.col("role").str.ends_with("abstract")
    between = (
        numbered.with_columns(
            below=pl.when(is_title).then("line_number").backward_fill() - pl.col("line_number"),
            above=pl.col("line_number") - pl.when(is_text).then("line_number").forward_fill(),
        )
        .filter(_STATES & pl.col("arxiv_id").is_not_null() & _IS_BELOW)
        .select("above", "below")
    )
    if between.height == 0:
        return None
    ends = between.select(pl.col("above").first().is_null(), pl.col("below").last().is_null()).row(0)
    if ends[0] != ends[1]:
        return bool(ends[0])
    nearer = between.drop_nulls().select(pl.col("below").sum() < pl.col("above").sum()).item()
    return bool(nearer)


def _stated(numbered: pl.DataFrame, ids_lead: bool) -> pl.DataFrame:
    """What the page states beside each record: its first arXiv id and date, and the addresses that it shows."""
    is_title = (pl.col("role") == "title") & pl.col("arxiv_id").is_not_null()
    return (
        numbered.with_columns(record=pl.col("record") + (pl.lit(ids_lead) & _IS_BELOW & _STATES))
        .filter(_STATES | is_title)
        .group_by("record", maintain_order=True)
        .agg(
            pl.col("arxiv_id").drop_nulls().first(),
            pl.col("published_on").drop_nulls().first(),
            pl.col("page_urls").drop_nulls().str.split(" ").explode().unique(maintain_order=True).str.join(" "),
        )
        .with_columns(page_urls=pl.when(pl.col("page_urls") != "").then("page_urls"))
    )


def _alone(numbered: pl.DataFrame) -> pl.DataFrame:
    """Lines that belong to no record, as rejected records."""
    is_long = pl.col("text").str.len_chars() > evidence.LONGEST_TITLE
    return numbered.filter(pl.col("role") == "alone").with_columns(
        title_raw=pl.when(~is_long).then("text"),
        abstract_raw=pl.when(is_long).then("text"),
        arxiv_id=pl.lit(None),
        published_on=pl.lit(None),
        page_urls=pl.lit(None),
        reason=pl.when("is_outside")
        .then(pl.lit("outside_record"))
        .when(is_long)
        .then(pl.lit("abstract_without_title"))
        .when("is_page")
        .then(pl.lit("unrecognised_line"))
        .otherwise(pl.lit("title_without_abstract")),
    )


def _selected(rows: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in SCHEMA.names() if name != "detail"]
    return rows.select(*(pl.col(name).cast(SCHEMA[name]) for name in columns), pl.col("is_invalid").cast(pl.Boolean))


_NUMBER = r"^\[?(\d{1,5})[.)\]]\s+"
_FEWEST_NUMBERED = 3


def _without_numbers(parsed: pl.DataFrame) -> pl.DataFrame:
    """Titles without the numbers of the list that they stand in: where nearly all have one, each above the last."""
    number = pl.col("title_raw").str.extract(_NUMBER).cast(pl.Int64).alias("number")
    counted = parsed.filter(pl.col("reason").is_null()).select(number)
    is_list = counted.select(
        (pl.col("number").count() >= pl.max_horizontal(pl.lit(_FEWEST_NUMBERED), 0.9 * pl.len()))
        & ((pl.col("number").drop_nulls().diff().drop_nulls() == 1).mean() > 0.8)
    ).item()
    return parsed.with_columns(pl.col("title_raw").str.replace(_NUMBER, "")) if is_list else parsed


def _refuse_unreadable(parsed: pl.DataFrame) -> pl.DataFrame:
    """Marks records with bytes that are no text or with a text beyond the limit, and says what each reason means."""
    too_long = {
        name: pl.col(f"{name}_raw").str.len_bytes().fill_null(0) > TEXT_LIMIT_BYTES for name in ("abstract", "title")
    }
    reason = (
        pl.when(pl.col("reason").is_not_null())
        .then("reason")
        .when("is_invalid")
        .then(pl.lit("invalid_utf8"))
        .when(too_long["abstract"])
        .then(pl.lit("abstract_too_long"))
        .when(too_long["title"])
        .then(pl.lit("title_too_long"))
    )
    refused = parsed.with_columns(reason=reason)
    return refused.with_columns(detail=pl.col("reason").replace_strict(_DETAILS, default=None)).select(SCHEMA.names())
