"""Records of a listing, as text: titles and abstracts, with whatever else a page shows around them.

In the plain form titles and abstracts stand on alternate lines. Pages that other tools saved have menus, votes, dates,
counts and addresses between them, entries twice, and texts broken over lines. The form is not declared anywhere, so
it is read from the lines themselves: `marks` says what a line shows by itself, `evidence` what its neighbours say
about it, `template` what lines in the same place turned out to be, `alignment` finds the cheapest reading of all, and
`assembly` makes records of it. What is left alone is a reject, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from transforms.listing import alignment, assembly, evidence, marks, template
from transforms.listing.lines import windows

_MOST_CARRIED = 20_000
"""Lines of a window that are read again with the next one: no record has so many."""

_MOSTLY = 0.9
"""Share of a window's lines that stand in pairs of a short line and a long one where nothing else is to be expected."""


def records(blocks: Iterable[bytes]) -> Iterator[pl.DataFrame]:
    """The records of a decompressed listing, some thousands a frame, in order.

    Columns: record_number, line_number (1-based, of the title), title_raw, abstract_raw; arxiv_id, published_on and
    page_urls (addresses separated by a space) where the page states them beside the record; reason and detail are
    null for a record and say why otherwise (slug and sentence). A rejected record keeps the text that it has.
    """
    carried: pl.DataFrame | None = None
    state, record_count = _State(), 0
    for lines, is_last in windows(blocks):
        classified = evidence.classify(lines, follows_known=state.follows_known)
        if classified.height:
            state.follows_known = classified["kind"][-1] == "known"
        pending = classified if carried is None else pl.concat([carried, classified])
        parsed, carried = _read(pending, is_last, state)
        if parsed.height:
            numbered = parsed.with_row_index("record_number", offset=record_count + 1)
            record_count += parsed.height
            yield numbered.with_columns(pl.col("record_number").cast(pl.Int64))


@dataclass(slots=True)
class _State:
    """What one window of a listing tells the next."""

    follows_known: bool = False
    ids_lead: bool | None = None  # whether a record's id and date stand above its title; None as long as none was seen


def _read(lines: pl.DataFrame, is_last: bool, state: _State) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records of the lines, and the lines to be read together with the next window."""
    lines = lines.filter(pl.col("kind") != "known")
    read = _read_pairs(lines)
    if state.ids_lead is None:
        state.ids_lead = assembly.ids_lead(read)
    starts = (read["role"] == "title").arg_true()
    end = lines.height
    if not is_last and len(starts):
        end = assembly.lead_start(read, int(starts[-1]), ids_lead=bool(state.ids_lead))
        # A page that goes on and on without a title is not weighed again with each window.
        end = max(end, lines.height - _MOST_CARRIED)
    return assembly.records(read[:end], ids_lead=bool(state.ids_lead)), lines[end:]


def _read_pairs(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with their roles; where most are pairs of a title and an abstract, only the others are weighed.

    A short line below a long one begins a part, and a short line and a long one are all that most parts of a plain
    listing have. What is something else is weighed together with the part above it, which it may continue.
    """
    is_long = evidence.is_long()
    is_labelled = pl.col("text").str.contains(f"^(?:{'|'.join(marks.labels())}|> )")
    parted = lines.with_columns(
        part=(~is_long & is_long.shift(1, fill_value=True)).cum_sum(),
        role=pl.when(is_long).then(pl.lit("abstract")).otherwise(pl.lit("title")),
    ).with_columns(
        is_pair=(pl.len().over("part") == 2) & (is_long.sum().over("part") == 1) & (pl.col("part") > 0),
        is_marked=(pl.col("kind").is_in(["address", "rule"]) | pl.col("is_heading") | is_labelled).any().over("part"),
    )
    parted = parted.with_columns(is_settled=pl.col("is_pair") & ~pl.col("is_marked"))
    if parted["is_settled"].sum() < _MOSTLY * parted.height or parted.height == 0:
        return _weighed(lines)
    unsettled = parted.filter(~pl.col("is_settled"))["part"].unique()
    if len(unsettled) == 0:
        return parted.with_columns(**evidence.UNWEIGHED)
    near = parted["part"].is_in(pl.concat([unsettled, unsettled - 1]).to_list())
    groups = parted.filter(near).with_columns(group=(pl.col("part").diff().fill_null(0) > 1).cum_sum())
    read = [_weighed(group.select(lines.columns)) for group in groups.partition_by("group", maintain_order=True)]
    columns = [*lines.columns, "role", *evidence.UNWEIGHED]
    settled = parted.filter(~near).with_columns(**evidence.UNWEIGHED).select(columns)
    return pl.concat([settled, *(part.select(columns) for part in read)]).sort("line_number")


def _weighed(lines: pl.DataFrame) -> pl.DataFrame:
    """Roles by the cheapest reading, sought twice: the second time knowing what the first made of the page."""
    weighed = evidence.weigh(lines)
    first = pl.Series("role", alignment.roles(weighed), dtype=pl.String)
    again = template.weigh(weighed.with_columns(first))
    return again.with_columns(pl.Series("role", alignment.roles(again), dtype=pl.String))
