"""How right numbers and links are on labelled papers, as in docs/accuracy.md.

Run by hand: ``make measure-accuracy`` (it needs ../shared). The bars are seeds/accuracy/figures.csv. Of papers in
../shared the report tells counts and quotes, and of the held-out third figures alone.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

from tests import accuracy, measure_confidence
from tests.support import ROOT, SHARED
from warehouse.evaluation import Compared, Evaluation
from warehouse.figures import FIELDS, LEVEL, LINK_FIELDS, ROUNDS, TUPLE, Figure, bootstrap, share

REPORT = ROOT / "docs" / "accuracy.md"
SAMPLE = ROOT / "tests" / "gold" / "read_sample.csv"
VERDICTS = ("right", "wrong", "doubtful")
"""What a reader may say of a row of the sample; what is doubtful counts neither way."""

SETS = {
    ("seed_dev", "all"): "seed",
    ("daily_dev", "visible"): "daily, visible",
    ("daily_dev", "held_out"): "daily, held out",
    ("link_roles_dev", "all"): "link roles",
}
NUMBERS = tuple(SETS)[:3]
"""The sets whose numbers are labelled."""
READ = tuple(SETS)[:2]
"""The sets whose errors may be looked at."""

DECIDES = {"unit": "number.", "comparator": "number.", "direction": "kind.", "basis": "kind."}
"""The rules that decide a field, where they don't bear its name."""

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 1.0)  # a product of smoothed shares stays below 1
"""Bounds of the bins of confidence."""


def report() -> str:
    """docs/accuracy.md."""
    sections = (_on_sets(), _on_numbers(), _on_links(), _on_errors(), _on_confidence(), _on_sample())
    return "\n\n".join((_HEAD, *(text for section in sections for text in section), _KNOWN, _AGAIN)) + "\n"


_HEAD = """# Accuracy: what was measured

Written by `make measure-accuracy` from the labels of tests/gold and ../shared. The bars are seeds/accuracy/figures.csv,
which every release holds as the table `accuracy_figures`."""

_HOW = f"""The labelled papers are 189 of the seed's 316, 300 recent ones ("daily"), and 110 whose links alone are
labelled. A paper is found by the letters and digits of its title, a number by its value and upper value. **Detection**
is whether the number was found at all; a **tuple** is right if {", ".join(TUPLE[:-1])} and {TUPLE[-1]} are all right,
too, and a wrong one costs precision as well as recall. Of each field the share is told that is right among the numbers
found. Labels whose reader was in doubt count neither way, and where two readers differ both are right. Figures count
numbers or links, not papers. In brackets stand {LEVEL:.0%} intervals: percentiles of {ROUNDS:,} bootstrap rounds that
draw papers with replacement, for numbers of one paper stand and fall together. Where a set shows no error the interval
has no width, which says nothing of errors rarer than one in the set.

The rules are written with the errors on the seed and on the visible two thirds of the daily papers in view, and on
some seven hundred other abstracts of the same listing that were labelled by the same guide for that purpose. The third
for which `int(sha256(arxiv_id).hexdigest(), 16) % 3 == 0` is held out: no rule is chosen by its errors. So expect of
other papers what the held-out column says, not what the others say."""

_KNOWN = """## What is known to fail

- **Metrics without a name of their own.** Where the text says what was measured in words that are in no vocabulary
  ("our policy solves 61%"), the row says `performance`; where it names something new, the id made of its words need
  not be the one that a reader would choose.
- **Datasets far from their number.** A benchmark that only the sentence before names, or the title, is often left out,
  and the benchmark that a paper introduces is sometimes given to numbers that were measured elsewhere. Splits, levels
  and editions ("TREC-IS 2020-A", "So2Sat random split") are often cut from a name.
- **Results of others without a word that says so.** "X reaches 41%" is a result unless a cue tells that X is not the
  paper's.
- **Shares that are outcomes, and those that are conditions.** "half of the data" is a condition to the rules even where
  it is the achievement; thresholds ("speedups above 1.5x") and durations of a task pass for results now and then.
- **Bounds of a list.** "up to 0.6 and 0.7" gives `<=` to the number next to it, not always to all.
- **Numbers in words** are read where the multiplier is explicit (three times, half, tenfold); counts ("state of the
  art on 22") only where the sentence shows how many were tried or that they were won.
- **Kinds of links at places of their own.** A model or dataset on a site that no vocabulary knows is a project page,
  and an archive within a code host is code, whatever is in it."""

_AGAIN = """## To get them again

```text
paperhouse evaluate tests/gold/seed_dev.jsonl            the seed, with intervals (after `paperhouse run`)
paperhouse evaluate tests/gold/seed_dev.jsonl --errors   every error, with its rules; --json for scripts
make measure-confidence                                  count the rules again
make measure-accuracy                                    this page
make accept-figures                                      new bars, after a change that was meant
make measure                                             all of these, and the README's examples
```

The commands of make need ../shared. `make test` fails when a figure is lower than the bar: on the seed always, on the
other sets where ../shared is there."""


def _on_sets() -> Iterator[str]:
    yield "## How"
    yield _HOW
    rows = []
    for (gold, part), name in SETS.items():
        totals = accuracy.part(gold, part).totals()
        labelled = {what: totals[f"{what}_found"] + totals[f"{what}_missed"] for what in ("detection", "urls")}
        papers = len(accuracy.part(gold, part).papers)
        rows.append((name, f"{gold}.jsonl", papers, labelled["detection"] or "not labelled", labelled["urls"]))
    yield _table(("set", "labels", "papers", "numbers", "links"), *rows)


def _on_numbers() -> Iterator[str]:
    rates = [f"{what}.{rate}" for what in ("detection", "tuple") for rate in ("precision", "recall", "f1")]
    yield "## Numbers"
    yield _figures(NUMBERS, rates)
    yield "Of the numbers found, the share whose field is right:"
    yield _figures(NUMBERS, [f"field.{name}" for name in FIELDS])


def _on_links() -> Iterator[str]:
    rates = [f"{what}.{rate}" for what in ("urls", "code_links") for rate in ("precision", "recall", "f1")]
    yield "## Links"
    yield "Every URL of a text, and every code repository (host, owner, name); of the URLs found, kind and role."
    yield _figures(tuple(SETS), [*rates, *(f"link.{name}" for name in LINK_FIELDS)])
    made, total = accuracy.measure_text.repairs_made()
    yield f"Of the labelled repairs of LaTeX (repair_dev.jsonl) {made} of {total} are made; docs/text.md says more."


def _figures(parts: Sequence[tuple[str, str]], names: Sequence[str]) -> str:
    columns = [accuracy.part(*part).figures() for part in parts]
    rows = ((_label(name), *(_cell(figures[name]) for figures in columns)) for name in names)
    return _table(("figure", *(SETS[part] for part in parts)), *rows)


def _label(name: str) -> str:
    what, _, rest = name.replace("_", " ").partition(".")
    return rest if what == "field" else f"{what} {rest.replace('f1', 'F1')}"


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


def _on_errors() -> Iterator[str]:
    numbers = [number for part in READ for number in _numbers(accuracy.part(*part))]
    yield "## Errors"
    yield "On the seed and the visible daily papers together."
    what = Counter(number.what for number in numbers)
    yield _table(
        ("numbers", "count"), *((label, what[label]) for label in ("right", "wrong", "missed", "extra") if what[label])
    )
    yield "Fields that are wrong, and the rule that decided them (three or more, or the first ten):"
    yield _table(("field", "rule", "wrong", "of those that it decided"), *_wrong_by_rule(numbers))
    yield "What was labelled, and what was found instead (twice or more):"
    yield _table(("field", "labelled", "found", "count"), *_mistaken(numbers))
    refused = Counter(
        error.rule_id or "no rule saw it"
        for part in READ
        for error in accuracy.errors_of(*part)
        if (error.thing, error.what) == ("number", "missed")
    )
    extra = Counter(_rule("number.", number) for number in numbers if number.what == "extra")
    yield "Numbers that were missed, by the rule that refused them, and extra ones, by the rule that took them:"
    both = (("missed", refused), ("extra", extra))
    yield _table(
        ("what", "rule", "count"),
        *((name, f"`{rule}`", count) for name, counts in both for rule, count in _ordered(counts)),
    )


def _numbers(evaluation: Evaluation) -> list[Compared]:
    return [number for paper in evaluation.papers for number in paper.numbers]


def _rule(prefix: str, number: Compared) -> str:
    rules = (number.found or {}).get("rule_id", "").split()
    return next((rule for rule in rules if rule.startswith(prefix)), "none")


def _wrong_by_rule(numbers: list[Compared]) -> Iterator[tuple[object, ...]]:
    decided: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for number in numbers:
        if None not in (number.labelled, number.found):
            for name in FIELDS:
                rule = _rule(DECIDES.get(name, f"{name}."), number)
                decided[name, rule] += 1
                wrong[name, rule] += name in number.wrong
    for place, (key, count) in enumerate(_ordered(wrong)):
        if count >= 3 or (count and place < 10):
            yield key[0], f"`{key[1]}`", count, decided[key]


def _mistaken(numbers: list[Compared]) -> Iterator[tuple[object, ...]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for number in numbers:
        if number.labelled is not None and number.found is not None:
            for name in number.wrong:
                pair = [_shown(name, side[name]) for side in (number.labelled, number.found)]
                counts[name, *(pair if pair[0] != pair[1] else ("a name", "another name"))] += 1
    return ((*key, count) for key, count in _ordered(counts) if count > 1)


def _shown(name: str, value: object) -> str:
    if value is None:
        return "none"
    return "a name" if name == "dataset" else f"`{value}`"


def _ordered(counts: Counter) -> list[tuple]:
    """By count, then by name: the same report whatever came first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


_CONFIDENCE = """Five rules make a row: one says that the number is a reported metric, one its kind and direction, one
its role, one its metric, one its dataset. `make measure-confidence` counts how often each was right and wrong, in what
it alone decides, on the seed and the visible daily papers, into seeds/vocabulary/rule_confidence.csv. A rule's
precision is (right + 1) / (right + wrong + 2), so that few sightings stay near one half, and 0.5 for a rule that was
never seen. Rules that were written with papers in view are right there more often than elsewhere, so the product of the
five is scaled by one number: the rows that are right on the held-out papers, for each that the products led to expect
there. That is the row's `confidence`.

What it is worth, on papers whose rules were counted and on those held out. In each place: rows, their mean confidence
→ the share of them whose tuple is right (extra numbers are wrong)."""


def _on_confidence() -> Iterator[str]:
    rules = measure_confidence.counted()
    rows_of = {
        part: [
            (rules.confidence(number.found["rule_id"]), number.is_right_tuple)
            for number in _numbers(accuracy.part(*part))
            if number.found
        ]
        for part in NUMBERS
    }
    yield "## Confidence"
    yield _CONFIDENCE
    lines = [
        (f"{low:.1f}–{high:.1f}", *(_bin([row for row in rows if low <= row[0] < high]) for rows in rows_of.values()))
        for low, high in itertools.pairwise(BINS)
    ]
    columns = (f"{SETS[part]}{' (counted)' if part in READ else ''}" for part in NUMBERS)
    yield _table(("confidence", *columns), *lines, ("all", *map(_bin, rows_of.values())))
    yield _calibrated([row for part in READ for row in rows_of[part]], rows_of[NUMBERS[2]])


def _bin(rows: list[tuple[float, bool]]) -> str:
    return f"{len(rows)}: {_mean(rows, 0):.3f} → {_mean(rows, 1):.3f}" if rows else "0"


def _mean(rows: list[tuple[float, bool]], side: int) -> float:
    return sum(row[side] for row in rows) / len(rows)


def _calibrated(counted: list[tuple[float, bool]], held_out: list[tuple[float, bool]]) -> str:
    here, there = (_mean(rows, 1) - _mean(rows, 0) for rows in (counted, held_out))
    return (
        f"The share that is right is {there:+.2f} off the mean confidence on the held-out papers, where the scale\n"
        f"makes the means meet and only the order within is put to the test, and {here:+.2f} on those whose rules\n"
        "were counted: there, rules do better than on papers that nobody has seen, and better than the confidence says."
    )


def _on_sample() -> Iterator[str]:
    if not SAMPLE.exists():
        return
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    drawn = dict.fromkeys(row["drawn"] for row in rows)
    yield "## A sample, read by hand"
    papers = len({row["paper_id"] for row in rows})
    yield (
        f"{len(rows)} rows of reported_metrics over the abstracts of ../shared/data/arxiv_60k, from {papers} papers, "
        "were read\nagainst their text (tests/gold/read_sample.csv): some drawn at random from all, some from those of "
        "the five metrics\nthat are reported most. A row is right if it is an outcome, and kind, metric, dataset and "
        "role are all right."
    )
    counts = []
    for name in drawn:
        precision, verdicts = sample_precision([row for row in rows if row["drawn"] == name])
        counts.append((name, *(verdicts[verdict] for verdict in VERDICTS), _cell(precision)))
    yield _table(("drawn from", *VERDICTS, "precision, the doubtful ones aside"), *counts)
    yield "Those that aren't right:"
    others = [
        (row["paper_id"], row["quote"], f"`{row['metric']}`", row["verdict"], row["note"])
        for row in rows
        if row["verdict"] != "right"
    ]
    yield _table(("paper", "quote", "metric", "verdict", "note"), *others)


def sample_precision(rows: list[dict[str, str]]) -> tuple[Figure, Counter[str]]:
    """Share of rows right among those right or wrong, with its interval over papers, and the count of each verdict.

    Raises ValueError for a verdict that isn't one of VERDICTS.
    """
    for number, row in enumerate(rows, start=2):
        if row["verdict"] not in VERDICTS:
            raise ValueError(f"{SAMPLE.name}:{number}: verdict {row['verdict']!r}, not {' or '.join(VERDICTS)}")
    verdict, paper = pl.col("verdict"), pl.col("paper_id")
    counts = (
        pl.DataFrame(rows)
        .group_by(paper, maintain_order=True)
        .agg((verdict == name).sum().alias(name) for name in VERDICTS)
    )
    precision = share(pl.col("right"), pl.col("right") + pl.col("wrong"), of_nothing=1)
    verdicts = Counter(row["verdict"] for row in rows)
    return bootstrap(counts.drop("paper_id"), {"precision": precision})["precision"], verdicts


def _table(head: tuple[str, ...], *rows: tuple[object, ...]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    if not SHARED.exists():
        sys.exit(f"{SHARED} is not there: nothing can be measured")
    REPORT.write_text(report(), encoding="utf-8")
