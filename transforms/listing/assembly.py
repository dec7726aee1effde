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
    return both.pipe(_without_list_marks).pipe(_refuse_unreadable)


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


def lead_start(read: pl.DataFrame, title: int, *, ids_lead: bool) -> int:
    """Index of the first line that states something of the record whose title is at index `title`."""
    above = read[:title].select("kind", is_text=pl.col("role") != "dropped")
    last_text = above["is_text"].arg_true()
    start = int(last_text[-1]) + 1 if len(last_text) else 0
    rules = (above["kind"][start:] == "rule").arg_true()
    if len(rules):
        return start + int(rules[-1]) + 1
    return start if ids_lead else title


def _stated(numbered: pl.DataFrame, ids_lead: bool) -> pl.DataFrame:
    """What the page states beside each record: its first arXiv id and date, and the addresses that it shows.

    Between two records a line drawn parts what is stated of the one above from what is stated of the one below.
    """
    is_text = pl.col("role").is_in(["title", "abstract"]) & pl.col("arxiv_id").is_not_null()
    is_rule = pl.col("is_below") & (pl.col("kind") == "rule")
    leads = pl.when(is_rule.any().over("record")).then(is_rule.cum_sum().over("record") > 0).otherwise(ids_lead)
    return (
        numbered.with_columns(is_below=_IS_BELOW)
        .with_columns(record=pl.col("record") + (leads & pl.col("is_below") & _STATES))
        .filter(_STATES | is_text)
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
    is_long = evidence.is_long()
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


NUMBER = r"(?:(?:[Pp]aper |[Nn]o\. ?|#)?\[?(\d{1,5})(?:[.):\]]+|\s)\s*)"
BULLET = r"(?:[-*+•·●▪‣–—>]\s+)"
"""Marks of the entries of a list, above which a title begins."""

_FEWEST_LISTED = 3
_NEARLY_ALL = 0.9


def _without_list_marks(parsed: pl.DataFrame) -> pl.DataFrame:
    """Titles without the marks of the list that they stand in: bullets or numbers where nearly all titles have them,
    each number one above the last, or one where the list begins again.
    """
    title = pl.col("title_raw")
    enough = pl.max_horizontal(pl.lit(_FEWEST_LISTED), _NEARLY_ALL * pl.len())
    number = title.str.extract(f"^{NUMBER}").cast(pl.Int64)
    is_next = (number.drop_nulls().diff() == 1) | (number.drop_nulls() == 1)
    listed = parsed.filter(pl.col("reason").is_null()).select(
        numbers=(number.count() >= enough) & (is_next.mean() > _NEARLY_ALL),
        bullets=title.str.contains(f"^{BULLET}").sum() >= enough,
    )
    for mark, is_list in zip((NUMBER, BULLET), listed.row(0), strict=True):
        if is_list:
            parsed = parsed.with_columns(title.str.replace(f"^{mark}", ""))
    return parsed


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
