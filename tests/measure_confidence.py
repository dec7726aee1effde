"""How often each rule of reported_metrics is right on labelled papers: seeds/vocabulary/rule_confidence.csv.

Run by hand: ``make measure-confidence`` (it needs ../shared). It counts the rules on the seed's labels and the visible
part of daily_dev, where rules were written with errors in view; on the held-out third it counts whole rows alone, by
which the products of the others are scaled.
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
"""The parts of the labelled papers on which rules are counted."""
SCALED_BY = ("daily_dev", "held_out")
"""The part on which right rows are counted against those that were expected."""

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
    rows: int = 0
    expected: int = 0
    found: int = 0

    def product(self, rule_id: str) -> float:
        """The product of the rules' shares of right, each smoothed by one right and one wrong."""
        return math.prod((self.right[rule] + 1) / (self.right[rule] + self.wrong[rule] + 2) for rule in rule_id.split())

    def confidence(self, rule_id: str) -> float:
        """The product, scaled by the right rows that were found for each that was expected."""
        return min(1.0, self.found / self.expected) * self.product(rule_id)


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
    unseen = [number for paper in accuracy.part(*SCALED_BY).papers for number in paper.numbers if number.found]
    rules.rows = len(unseen)
    rules.expected = round(sum(rules.product(number.found["rule_id"]) for number in unseen if number.found))
    rules.found = sum(number.is_right_tuple for number in unseen)
    return rules


def as_csv(rules: Rules) -> str:
    """The content of seeds/vocabulary/rule_confidence.csv."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("rule_id", "right", "wrong", "description"))
    for rule in sorted(rules.decided):
        description = f"{rules.decided[rule]}, as this rule decides it, on the labelled papers."
        writer.writerow((rule, rules.right[rule], rules.wrong[rule], description))
    for name, right in (("expected", rules.expected), ("found", rules.found)):
        description = f"Rows of the held-out labelled papers that were {name} to be right."
        writer.writerow((f"tuple.{name}", right, rules.rows - right, description))
    return text.getvalue()


if __name__ == "__main__":
    if not SHARED.exists():
        sys.exit(f"{SHARED} is not there: nothing can be counted")
    CONFIDENCE.write_text(as_csv(counted()), encoding="utf-8")
