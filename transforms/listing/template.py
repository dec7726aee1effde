"""What lines in the same place of a page turned out to be: pages are made by a template, so places repeat.

A first reading of the page may mistake a name, a tag or a menu for a title here and there, but seldom wherever it
stands between the same neighbours. So the second reading knows how often lines in such a place were titles.
"""

from __future__ import annotations

import polars as pl

from transforms.listing.evidence import SHORTEST_PARAGRAPH

WEIGHT = 0.8
"""Most that the place of a line adds to the cost of a reading, or takes from it: less than a lone line costs."""

_FEWEST = 3
"""Lines in the same place that say something about it."""

_SHARE_OF_PARAGRAPHS = 0.2
"""A page that lost more of its titles than that would not be one."""

_NEIGHBOURHOOD = ("place_above", "apart_above", "place", "apart_below", "place_below")


def weigh(read: pl.DataFrame) -> pl.DataFrame:
    """The lines of a first reading with the costs that their places add to reading them as titles and continuations.

    Takes the columns of evidence.weigh, and `role`; fills template_title_cost (negative where titles stand) and
    template_join_cost (of continuing an abstract, positive where abstracts begin, negative where paragraphs stand that
    belong to nothing otherwise). Lines are in the same place when
    they are set alike, and the lines above and below and the blanks between: long, short, a sentence, a heading, or
    furniture that often opens so.
    """
    opening = pl.col("kind") + " " + pl.col("text").str.extract(r"^\W*([^\W\d]+)").fill_null("").str.to_lowercase()
    is_frequent = (pl.col("kind") != "text") & (pl.len().over(opening) >= _FEWEST)
    placed = read.with_columns(
        apart_above=pl.col("line_number").diff().fill_null(2) > 1,
        place=pl.when("is_heading")
        .then(pl.lit("heading"))
        .when(is_frequent)
        .then(opening)
        .when("is_long")
        .then(pl.lit("long"))
        .when("is_finished")
        .then(pl.lit("sentence"))
        .otherwise(pl.lit("short")),
    ).with_columns(
        apart_below=pl.col("apart_above").shift(-1, fill_value=True),
        place_above=pl.col("place").shift(1, fill_value=""),
        place_below=pl.col("place").shift(-1, fill_value=""),
    )
    return placed.with_columns(
        template_title_cost=-_excess("title"),
        template_join_cost=pl.max_horizontal(_excess("abstract"), 0)
        - pl.when(_is_paragraph()).then(WEIGHT).otherwise(0),
    ).select(read.columns)


def _is_paragraph() -> pl.Expr:
    """Whether a sentence or more stands below another where such lines were mostly left alone, and so many that
    abstracts of two paragraphs are likelier than so many titles missing.
    """
    is_paragraph = pl.col("place").is_in(["long", "sentence"]) & (pl.col("length") >= SHORTEST_PARAGRAPH)
    is_below = is_paragraph & pl.col("place_above").is_in(["long", "sentence"]) & pl.col("apart_above")
    alone = (is_below & (pl.col("role") == "alone")).sum()
    enough = pl.max_horizontal(pl.lit(_FEWEST), _SHARE_OF_PARAGRAPHS * (pl.col("role") == "title").sum())
    return is_below & (alone >= enough) & (2 * alone > is_below.sum())


def _excess(role: str) -> pl.Expr:
    """How much more often than not lines in that place have the role, from -WEIGHT to WEIGHT; 0 if nothing is known."""
    count = pl.len().over(_NEIGHBOURHOOD)
    rate = (pl.col("role") == role).sum().over(_NEIGHBOURHOOD) / count
    is_known = (count >= _FEWEST) & pl.col("is_text")
    return pl.when(is_known).then(WEIGHT * (2 * rate - 1) * count / (count + _FEWEST)).otherwise(0.0)
