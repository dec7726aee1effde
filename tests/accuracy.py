"""The sets of labelled papers, measured, and the figures that must not fall: seeds/accuracy/figures.csv.

``make accept-figures`` writes that file again. It is for changes that were meant: what fell is printed.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import measure_text
from tests.support import ROOT, SEED, SHARED, run_direct
from warehouse.connect import open_warehouse
from warehouse.evaluation import ComparedPaper, Evaluation, evaluate
from warehouse.evaluation_errors import Error, errors
from warehouse.version import pipeline_version

FIGURES = ROOT / "seeds" / "accuracy" / "figures.csv"
COLUMNS = ("gold", "part", "figure", "value", "pipeline_version")
DIGITS = 4
"""Decimals of a committed figure; a figure falls when it is lower after rounding."""

GOLD = {
    "seed_dev": (ROOT / "tests" / "gold" / "seed_dev.jsonl", SEED),
    "daily_dev": (SHARED / "gold" / "daily_dev.jsonl", SHARED / "gold" / "daily_dev.txt"),
    "link_roles_dev": (SHARED / "gold" / "link_roles_dev.jsonl", SHARED / "gold" / "link_roles_dev.txt"),
}
"""Labels, and the listing that holds their texts."""

Figures = dict[tuple[str, str, str], float]
"""Values by gold, part and name of the figure."""


def is_held_out(paper: ComparedPaper) -> bool:
    """Whether a paper of daily_dev is in the third by which no rule may be chosen."""
    return int(hashlib.sha256((paper.arxiv_id or "").encode()).hexdigest(), 16) % 3 == 0


PARTS: dict[tuple[str, str], Callable[[ComparedPaper], bool]] = {
    ("seed_dev", "all"): lambda paper: True,
    ("daily_dev", "visible"): lambda paper: not is_held_out(paper),
    ("daily_dev", "held_out"): is_held_out,
    ("link_roles_dev", "all"): lambda paper: True,
}


def gold_there() -> Iterator[str]:
    """Names of the sets that can be measured here: the seed's always, the others where ../shared is."""
    return (name for name, (labels, _) in GOLD.items() if labels.exists())


@functools.cache
def _read(gold: str) -> tuple[Evaluation, tuple[Error, ...]]:
    labels, listing = GOLD[gold]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as no_corrections:
        run_direct(listing, data=Path(folder), corrections=Path(no_corrections))  # the rules are measured, not a person
        with open_warehouse(Path(folder)) as connection:
            evaluation = evaluate(connection, labels)
            return evaluation, tuple(errors(connection, evaluation))


def part(gold: str, name: str) -> Evaluation:
    """The evaluation of a part of a set, its listing loaded into a warehouse of its own."""
    return _read(gold)[0].part(PARTS[gold, name])


def errors_of(gold: str, name: str) -> list[Error]:
    """The errors in a part of a set."""
    titles = {paper.title for paper in part(gold, name).papers}
    return [error for error in _read(gold)[1] if error.title in titles]


def figures(gold: str) -> Figures:
    """The figures of a set that are gated, rounded as committed; of a set without labelled numbers those of links."""
    measured = {}
    for of_gold, name in PARTS:
        if of_gold == gold:
            evaluation = part(gold, name)
            has_numbers = any(number.labelled for paper in evaluation.papers for number in paper.numbers)
            for figure, measure in evaluation.figures().items():
                if has_numbers or figure.startswith(("urls", "code_links", "link")):
                    measured[gold, name, figure] = round(measure.value, DIGITS)
    return measured


def repair_figures() -> Figures:
    """The share of the labelled repairs of LaTeX that are made."""
    made, total = measure_text.repairs_made()
    return {("repair_dev", "all", "repairs.made"): round(made / total, DIGITS)}


def committed() -> Figures:
    """The figures of seeds/accuracy/figures.csv."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return {(row["gold"], row["part"], row["figure"]): float(row["value"]) for row in csv.DictReader(file)}


def fallen(now: Figures, before: Figures) -> list[str]:
    """A line for each figure that is lower now than before, or no longer there."""
    return [
        f"{' '.join(key)}: {value:.{DIGITS}f} -> {now[key]:.{DIGITS}f}" if key in now else f"{' '.join(key)}: gone"
        for key, value in before.items()
        if now.get(key, -1.0) < value
    ]


def main() -> None:
    now = {key: value for gold in gold_there() for key, value in figures(gold).items()} | repair_figures()
    before = committed() if FIGURES.exists() else {}
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*key, f"{value:.{DIGITS}f}", pipeline_version()) for key, value in now.items())
    risen = [key for key, value in now.items() if key in before and value > before[key]]
    lost = fallen(now, before)
    sys.stdout.write(
        "".join(f"fell: {line}\n" for line in lost) + f"{len(now)} figures, {len(risen)} rose, {len(lost)} fell\n"
    )


if __name__ == "__main__":
    if not SHARED.exists():
        sys.exit(f"{SHARED} is not there: its labels can't be measured, and their figures would be lost")
    main()
