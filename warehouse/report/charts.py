"""The charts of a report: drawn once, as SVG whose colours are the page's own, so that one serves light and dark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import altair
import duckdb
import polars as pl
import vl_convert
from markupsafe import Markup, escape

from warehouse.report.queries import rows

WIDTH = 340
"""Pixels of a chart: a phone shows it as it is."""

BARS = 10
ROW_HEIGHT = 24
COLUMN_CHART_HEIGHT = 180
LABEL_WIDTH = 140
"""Room for a name; it is cut a little earlier, because a reader's font may be wider than the one that measures it."""

CUT_WIDTH = 118
TEXT_WIDTH = 52
LABEL_CHARS = 60
_FONT = "system-ui, sans-serif"
_FONT_SIZE = 12
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MEASURES = {
    "points": ("Improvements in points", "told in percentage points or points of a score", " points"),
    "relative": ("Improvements in percent, relative", "told as a share of what was there before", " %"),
    "open": (
        "Improvements in percent, left open",
        "where the text leaves open if percent are points or relative",
        " %",
    ),
    "factor": ("Improvements by a factor", "told as a factor, up or down; the axis is logarithmic", "×"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with what it says and stands on.

    `svg` is None where there is nothing to draw; `empty` then says so in words. `columns` and `cells` are the same
    figures as a table, `links` the texts and addresses that stand below the chart.
    """

    title: str
    basis: str
    svg: Markup | None
    columns: tuple[str, ...]
    cells: list[tuple[str, ...]]
    empty: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


def figures(connection: duckdb.DuckDBPyConnection) -> list[Figure]:
    """The charts of a release, in the order of the page."""
    return [
        _code(rows(connection, "code")),
        _hosts(rows(connection, "code_hosts", limit=BARS + 1)),
        _families(rows(connection, "metric_families", limit=BARS + 1)),
        _datasets(rows(connection, "top_datasets", limit=BARS + 1)),
        _leaderboard(rows(connection, "leaderboard", limit=BARS)),
        *_improvements(rows(connection, "improvement_sizes")),
    ]


def _code(kinds: list[dict[str, Any]]) -> Figure:
    total = sum(kind["paper_count"] for kind in kinds)
    own = kinds[0]["paper_count"]
    share = own / total if total else 0
    for kind in kinds:
        kind["share"] = f"{kind['paper_count'] / total:.1%}" if total else ""
        kind["text"] = f"{kind['paper_count']:,}"
    title = f"{share:.1%} of the papers have code of their own" if total else "Papers with code"
    basis = f"{own:,} of {total:,} papers name a repository of theirs"
    return Figure(
        title,
        basis,
        _bars(kinds, "kind", "paper_count", title) if total else None,
        ("papers with", "papers", "share"),
        [(kind["kind"], kind["text"], kind["share"]) for kind in kinds],
        "the release holds no papers",
    )


def _hosts(hosts: list[dict[str, Any]]) -> Figure:
    return _ranking("Where papers keep their code", hosts, "host", "papers by host of their own repositories", "link")


def _families(families: list[dict[str, Any]]) -> Figure:
    title = "What kinds of metrics papers report"
    return _ranking(title, families, "family", "papers by family of metrics; a paper may count in several", "number")


def _datasets(datasets: list[dict[str, Any]]) -> Figure:
    title = "Datasets that most papers report results on"
    return _ranking(title, datasets, "dataset", "papers by dataset named for a number", "dataset")


def _ranking(title: str, found: list[dict[str, Any]], name: str, basis: str, thing: str) -> Figure:
    """Bars of papers by name, the most first."""
    is_cut = len(found) > BARS
    found = found[:BARS]
    for row in found:
        row["text"] = f"{row['paper_count']:,}"
    return Figure(
        title,
        basis + (f"; the first {BARS}" if is_cut else ""),
        _bars(found, name, "paper_count", title) if found else None,
        (name, "papers"),
        [(row[name], row["text"]) for row in found],
        f"no paper of this release has a {thing} to count here",
    )


def _leaderboard(places: list[dict[str, Any]]) -> Figure:
    empty = "no dataset and metric is reported by two papers or more"
    columns = ("place", "system", "value", "paper")
    if not places:
        return Figure("Leaderboard", "", None, columns, [], empty)
    first = places[0]
    unit = _unit(first["comparable_unit"])
    for place in places:
        place["text"] = f"{place['comparable_value']:,g}{unit}"
    order = "highest first" if first["higher_is_better"] else "lowest first"
    title = f"{first['metric_label']} on {first['dataset']}"
    basis = (
        f"the dataset and metric that most papers report: the best value of each of {first['paper_count']:,}, {order}"
    )
    return Figure(
        title,
        basis + (f"; the first {BARS}" if first["paper_count"] > BARS else ""),
        _bars(places, "system", "comparable_value", title),
        columns,
        [(f"{place['place']}", place["system"], place["text"], place["title"]) for place in places],
        empty,
        [(place["system"], place["repository_url"]) for place in places if place["repository_url"]],
    )


def _improvements(classes: list[dict[str, Any]]) -> list[Figure]:
    drawn = []
    for measure, (title, what, unit) in _MEASURES.items():
        found = [row for row in classes if row["measure"] == measure]
        for row in found:
            row["label"] = _class_label(row["low"], row["high"])
            row["end"] = row["high"] or row["low"] * 2
            row["text"] = f"{row['improvement_count']:,}"
        chart = _log_columns if measure == "factor" else _columns
        total = sum(row["improvement_count"] for row in found)
        drawn.append(
            Figure(
                title,
                f"{total:,} {what}",
                chart(found, title, unit) if total else None,
                (f"size ({unit.strip()})", "improvements"),
                [(row["label"], row["text"]) for row in found],
                "no improvement of this kind is reported",
            )
        )
    return drawn


def _class_label(low: int, high: int | None) -> str:
    return f"{low:,}+" if high is None else f"{low:,}–{high:,}"


def _unit(unit: str | None) -> str:
    """A unit as it stands behind a value."""
    return {None: "", "%": "%", "x": "×"}.get(unit, f" {unit}")


def _bars(found: list[dict[str, Any]], name: str, value: str, title: str) -> Markup:
    """A bar a row, in the order given, with its name before and its text behind it."""
    values = [
        {"number": number, "name": _label(row[name]), "value": row[value], "text": row["text"]}
        for number, row in enumerate(found)
    ]
    base = altair.Chart(pl.DataFrame(values)).encode(y=altair.Y("number:O", sort=None, axis=None))
    length = base.encode(x=altair.X("value:Q", axis=None, scale=altair.Scale(zero=True)))
    bars = length.mark_bar(color="var(--accent)", height=14, cornerRadiusEnd=2)
    texts = length.mark_text(align="left", dx=5, color="var(--ink)").encode(text="text:N")
    names = base.mark_text(align="right", dx=-7, limit=CUT_WIDTH, color="var(--ink)").encode(
        x=altair.value(0), text="name:N"
    )
    # Names and texts stand in the padding, which is fixed: names of the dump are never part of an expression that way.
    sides = {"left": LABEL_WIDTH, "right": TEXT_WIDTH, "top": 2, "bottom": 2}
    width = WIDTH - sides["left"] - sides["right"]
    chart = (bars + texts + names).properties(width=width, height=ROW_HEIGHT * len(values), padding=sides)
    return _drawn(chart.properties(autosize="none"), title)


def _columns(found: list[dict[str, Any]], title: str, unit: str) -> Markup:
    """A column a size class, with its count above it."""
    values = [{key: row[key] for key in ("label", "improvement_count", "text")} for row in found]
    axis = altair.Axis(labelAngle=0, labelFontSize=11, ticks=False, title=f"size in{unit}", titlePadding=8)
    base = altair.Chart(pl.DataFrame(values)).encode(
        x=altair.X("label:O", sort=None, axis=axis),
        y=altair.Y("improvement_count:Q", axis=None),
    )
    columns = base.mark_bar(color="var(--accent)", cornerRadiusEnd=2)
    texts = base.mark_text(dy=-7, color="var(--ink)").encode(text="text:N")
    return _drawn(_fitted(columns + texts), title)


def _log_columns(found: list[dict[str, Any]], title: str, unit: str) -> Markup:
    """A column a size class, as wide as the class is on a logarithmic axis."""
    values = [
        {"low": row["low"], "end": row["end"], "middle": (row["low"] * row["end"]) ** 0.5}
        | {key: row[key] for key in ("improvement_count", "text")}
        for row in found
    ]
    steps = [row["low"] for row in found]
    scale = altair.Scale(type="log", domain=[steps[0], found[-1]["end"]], nice=False)
    axis = altair.Axis(values=steps, format="~s", grid=False, title=f"size ({unit})", titlePadding=8, labelOverlap=True)
    chart = altair.Chart(pl.DataFrame(values)).encode(
        y=altair.Y("improvement_count:Q", axis=None, stack=False),
    )
    columns = chart.mark_bar(color="var(--accent)", stroke="var(--card)", strokeWidth=1).encode(
        x=altair.X("low:Q", scale=scale, axis=axis), x2="end:Q", y2=altair.datum(0)
    )
    texts = chart.mark_text(dy=-7, color="var(--ink)").encode(x=altair.X("middle:Q", scale=scale), text="text:N")
    return _drawn(_fitted(columns + texts), title)


def _fitted(chart: altair.LayerChart) -> altair.LayerChart:
    """A chart of columns, axes included, in the width of all charts."""
    fit = altair.AutoSizeParams(type="fit", contains="padding")
    return chart.properties(width=WIDTH, height=COLUMN_CHART_HEIGHT, autosize=fit)


def _drawn(chart: altair.LayerChart, title: str) -> Markup:
    """The chart as an SVG element that names itself to those who can't see it."""
    styled = (
        chart.configure(background="transparent", font=_FONT, aria=False)
        .configure_view(stroke=None)
        .configure_text(fontSize=_FONT_SIZE)
        .configure_axis(
            labelColor="var(--ink)",
            titleColor="var(--muted)",
            domainColor="var(--line)",
            tickColor="var(--line)",
            labelFontSize=_FONT_SIZE,
            titleFontSize=_FONT_SIZE,
            titleFontWeight="normal",
            labelPadding=6,
        )
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict())
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1))


def _label(text: str) -> str:
    """A name as a chart can hold it: a character that XML has no place for would end the process that draws."""
    plain = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= LABEL_CHARS else f"{plain[:LABEL_CHARS]}…"
