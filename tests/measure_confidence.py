"""How often each rule of reported_metrics is right on labelled papers, as in seeds/vocabulary/rule_confidence.csv.

Run by hand: ``python -m tests.measure_confidence GOLD DUMP [GOLD DUMP …] > seeds/vocabulary/rule_confidence.csv``,
each GOLD a file of labelled papers (JSONL) and each DUMP the listing that holds their text.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from flows import sources
from transforms import listing, papers
from transforms.latex import markup
from transforms.reported_metrics import reported_metrics
from warehouse.evaluation import agrees, pair, title_key

DECIDED = (
    ("That the number is a reported metric", ()),
    ("Kind and direction", ("kind", "direction")),
    ("Role", ("role",)),
    ("Metric", ("metric",)),
    ("Dataset", ("dataset",)),
)
"""What the rules of a row decide, in the order of its rule_id, and the fields in which it shows."""


def compared(gold: Path, dump: Path) -> Iterator[tuple[list[str], list[bool]]]:
    """The rules of each mention that the labels speak of, and whether each was right."""
    raw = pl.concat(list(listing.records(sources.blocks(dump)))).filter(pl.col("reason").is_null())
    how = markup.evidence(raw["abstract_raw"]).markup
    frame, _ = papers.normalise(raw.with_columns(source_id=pl.lit("labelled")), how)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in reported_metrics(frame).to_dicts():
        found[row["record_number"]].append(row)
    numbers = {
        title_key(title): number
        for source in (raw.select("record_number", "title_raw"), frame.select("record_number", "title"))
        for number, title in source.iter_rows()
    }
    for line in gold.read_text("utf-8").splitlines():
        labels = json.loads(line)
        mentions = found[numbers[title_key(labels["title"])]]
        pairs = pair(labels["metrics"], mentions)
        for label, mention in pairs:
            if label["sure"]:
                yield (
                    mention["rule_id"].split(),
                    [all(agrees(name, label, mention) for name in names) for _, names in DECIDED],
                )
        paired = {id(mention) for _, mention in pairs}
        for mention in mentions:
            if id(mention) not in paired:
                yield mention["rule_id"].split()[:1], [False]


def main(paths: list[Path]) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    decided: dict[str, str] = {}
    for gold, dump in zip(paths[::2], paths[1::2], strict=True):
        for rules, verdicts in compared(gold, dump):
            for rule, is_right, (what, _) in zip(rules, verdicts, DECIDED, strict=False):
                (right if is_right else wrong)[rule] += 1
                decided[rule] = what
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("rule_id", "right", "wrong", "description"))
    for rule in sorted(decided):
        description = f"{decided[rule]}, as this rule decides it, on the labelled papers."
        writer.writerow((rule, right[rule], wrong[rule], description))


if __name__ == "__main__":
    main([Path(path) for path in sys.argv[1:]])
