"""How often each rule of reported_metrics is right on labelled papers: seeds/vocabulary/rule_confidence.csv.

Run by hand: ``make measure-confidence`` (it needs ../shared). It counts the seed's labels and the visible part of
daily_dev; the held-out third stays out, so that docs/accuracy.md can say there what a confidence is worth.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from tests import accuracy
from tests.support import ROOT, SHARED
from warehouse.evaluation import Compared

CONFIDENCE = ROOT / "seeds" / "vocabulary" / "rule_confidence.csv"
COUNTED = (("seed_dev", "all"), ("daily_dev", "visible"))
"""The parts of the labelled papers that are counted."""

DECIDED = (
    ("That the number is a reported metric", ()),
    ("Kind and direction", ("kind", "direction")),
    ("Role", ("role",)),
    ("Metric", ("metric",)),
    ("Dataset", ("dataset",)),
)
"""What the rules of a row decide, in the order of its rule_id, and the fields in which it shows."""


@dataclass(slots=True)
class Rules:
    """How often each rule was right and wrong, and what it decides."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    decided: dict[str, str] = field(default_factory=dict)

    def confidence(self, rule_id: str) -> float:
        """The product of the rules' shares of right, each smoothed by one right and one wrong."""
        return math.prod((self.right[rule] + 1) / (self.right[rule] + self.wrong[rule] + 2) for rule in rule_id.split())


def verdicts(number: Compared) -> Iterator[tuple[str, bool, str]]:
    """Each rule that a label judges, whether it was right, and what it decides.

    Of a number that is no reported metric that alone is known.
    """
    if number.found is None:
        return
    for rule, (what, names) in zip(number.found["rule_id"].split(), DECIDED, strict=True):
        if number.labelled is not None or not names:
            yield rule, number.labelled is not None and not set(names) & set(number.wrong), what


def counted() -> Rules:
    """The counts of the parts that are counted."""
    rules = Rules()
    for part in COUNTED:
        for paper in accuracy.part(*part).papers:
            for number in paper.numbers:
                for rule, is_right, what in verdicts(number):
                    (rules.right if is_right else rules.wrong)[rule] += 1
                    rules.decided[rule] = what
    return rules


def as_csv(rules: Rules) -> str:
    """The content of seeds/vocabulary/rule_confidence.csv."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("rule_id", "right", "wrong", "description"))
    for rule in sorted(rules.decided):
        description = f"{rules.decided[rule]}, as this rule decides it, on the labelled papers."
        writer.writerow((rule, rules.right[rule], rules.wrong[rule], description))
    return text.getvalue()


if __name__ == "__main__":
    if not SHARED.exists():
        sys.exit(f"{SHARED} is not there: nothing can be counted")
    CONFIDENCE.write_text(as_csv(counted()), encoding="utf-8")
