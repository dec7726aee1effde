"""What a sentence leaves to the ones before it: the benchmark the paper introduces, the dataset just spoken of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from transforms.reported_metrics import datasets
from transforms.reported_metrics.dataset_words import is_surely_dataset
from transforms.reported_metrics.metric_vocabulary import PERFORMANCE, family, is_cost
from transforms.reported_metrics.reading import read_names
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.reading import Reading

CARRY_REACH: Final = 260
"""Characters between two sentences beyond which nothing is carried from one to the other."""


@dataclass(slots=True)
class Context:
    """What one paper has said so far."""

    benchmark: str | None = None
    names: list[str] = field(default_factory=list)
    dataset: str | None = None
    dataset_id: str | None = None
    is_told: bool = False
    metric: str | None = None
    end: int = -10_000
    told: list[tuple[str, int]] = field(default_factory=list)

    def enter(self, sentence: str, end: int) -> None:
        """Remembers a sentence without results, and where it ends: it may say on what something was measured."""
        self.told.append((sentence, end))

    def _look_up(self) -> None:
        """Takes over the datasets of the last of those sentences that names some; only asked where one is wanted."""
        for sentence, end in reversed(self.told):
            names = datasets.setting(read_names(sentence))
            if names:
                self.names, self.dataset, self.dataset_id, self.end = names, _joined(names), None, end
                self.is_told = True
                return

    def complete(self, rows: list[dict[str, Any]], reading: Reading, offset: int) -> list[dict[str, Any]]:
        """The rows of the next sentence with what the sentence itself leaves open; remembers what it says."""
        if not rows:
            return rows
        if reading.datasets:
            self.told.clear()  # the sentence says itself where
        elif self.told and any(row["dataset"] is None and _may_be_elsewhere(row) for row in rows):
            self._look_up()
            self.told.clear()
        is_near = offset - self.end < CARRY_REACH
        if is_near and len(rows) == len(self.names) > 1 and _points_back(reading):
            for row, name in zip(rows, self.names, strict=True):
                row["dataset"] = name
                row["rule_id"] = row["rule_id"].replace("dataset.none", "dataset.respectively")
        is_elsewhere = _has_unnamed_place(reading)
        if self.benchmark is not None and _is_system(reading, self.benchmark):
            self.benchmark = None
        for row in rows:
            if row["dataset"] is None and not is_elsewhere and (not reading.datasets or self._is_named(reading)):
                self._carry_dataset(row, is_near=is_near)
            if row["metric"] == PERFORMANCE and is_near and self.metric and not reading.metrics:
                self._carry_metric(row)
        self.is_told = False
        last = rows[-1]
        placed = [row for row in rows if row["dataset"] is not None]
        if placed:
            self.dataset, self.dataset_id = placed[-1]["dataset"], placed[-1]["dataset_id"]
        elif reading.datasets:
            self.dataset = self.dataset_id = None  # the sentence speaks of others
        is_quality = last["kind"] == "level" and not is_cost(last["metric"])
        self.metric = last["metric"] if is_quality and last["metric"] != PERFORMANCE else None
        self.end = offset + len(reading.text)
        return rows

    def _is_named(self, reading: Reading) -> bool:
        """Whether a sentence speaks of the paper's own benchmark and of no other dataset."""
        names = {reading.slice(phrase.first, phrase.last) for phrase in reading.datasets}
        return self.benchmark is not None and all(name in self.benchmark for name in names)

    def _carry_dataset(self, row: dict[str, Any], *, is_near: bool) -> None:
        if (
            self.benchmark is not None
            and row["kind"] != "factor"
            and not _is_of_agreement(row)
            and not is_cost(row["metric"])
        ):
            row["dataset"], rule = self.benchmark, "dataset.introduced"
        elif is_near and self.dataset is not None and self._is_meant(row):
            row["dataset"], row["dataset_id"], rule = self.dataset, self.dataset_id, "dataset.sentence_before"
        else:
            return
        row["rule_id"] = row["rule_id"].replace("dataset.none", rule)

    def _is_meant(self, row: dict[str, Any]) -> bool:
        """Whether a row without a place was measured where the sentences before say.

        After results, a level only, and on one dataset that is surely one. After a sentence that says on what
        something is tested, a change, too, and a level on all that it names.
        """
        names = self.names if self.is_told else [self.dataset or ""]
        if not _may_be_elsewhere(row) or not all(is_surely_dataset(name) for name in names):
            return False
        return row["kind"] == "level" or (self.is_told and len(names) == 1)

    def _carry_metric(self, row: dict[str, Any]) -> None:
        if row["kind"] == "level" and row["unit"] in ("%", None):
            row["metric"] = self.metric
            row["rule_id"] = row["rule_id"].replace("metric.unnamed", "metric.sentence_before")


def _may_be_elsewhere(row: dict[str, Any]) -> bool:
    """Whether a row can have been measured where a sentence before says: no multiple, no cost, no gain in nothing."""
    is_named_change = row["kind"] == "change" and row["metric"] != PERFORMANCE
    return (row["kind"] == "level" or is_named_change) and not is_cost(row["metric"])


def _joined(names: list[str]) -> str:
    """Names as a sentence lists them."""
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + f", and {names[-1]}"


def _is_system(reading: Reading, name: str) -> bool:
    """As in "X improves the average by 5%": what is called X does something, and nothing is measured on it."""
    first = name.partition(" ")[0]
    for index, token in enumerate(reading.tokens):
        if token.text == first and reading.slice(index, index + 1 + name.count(" ")) == name:
            verb = index + 1 + name.count(" ")
            verb += reading.low(verb).endswith("ly")
            if reading.low(verb) in group("system_act"):
                return True
    return False


def _points_back(reading: Reading) -> bool:
    """As in "5%, 7% and 3% on these benchmarks, respectively"."""
    return "these" in reading.lows and "respectively" in reading.lows


def _has_unnamed_place(reading: Reading) -> bool:
    """As in "on multi-domain benchmarks": a place of its own that has no name; "these benchmarks" were named before."""
    for index, low in enumerate(reading.lows):
        if low not in ("on", "across") or reading.low(index - 1) == "than":
            continue
        for place in range(index + 1, index + 6):
            low = reading.low(place)
            is_name = low in ("benchmark", "dataset") and reading.tokens[place - 1].text[0].isupper()
            if is_name or low in ("benchmarks", "datasets"):
                return True
            if reading.is_mark(place) or low in ("these", "this", "both", "our", "all", "its"):
                break
            if low == "the" and not reading.tokens[min(place + 1, len(reading.tokens) - 1)].text[0].isupper():
                break
    return False


_AGREEMENTS: Final = frozenset(
    {
        "agreement",
        "agreement_rate",
        "fleiss_kappa",
        "human_agreement",
        "inter_annotator_agreement",
        "kappa",
        "kendall_tau",
    }
)


def _is_of_agreement(row: dict[str, Any]) -> bool:
    """Whether a row says how well something agrees with people, which is of a benchmark and not measured on it."""
    return row["metric"] in _AGREEMENTS or family(row["metric"]) == "correlation"
