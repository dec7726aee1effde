"""Reported metrics: the numbers with which a paper says how well, fast or cheaply something performed."""

from __future__ import annotations

import functools
import gc
import hashlib
import math
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from seeds import vocabulary
from transforms.reported_metrics import datasets, metrics, outcomes, roles
from transforms.reported_metrics.abbreviations import abbreviations
from transforms.reported_metrics.candidates import candidates, own_benchmarks
from transforms.reported_metrics.context import Context
from transforms.reported_metrics.dataset_words import are_surely_datasets
from transforms.reported_metrics.evidence import evidence, lists
from transforms.reported_metrics.implied_metrics import Metric, solved
from transforms.reported_metrics.metric_vocabulary import PERFORMANCE
from transforms.reported_metrics.reading import NOTHING, Reading, read
from transforms.reported_metrics.refusals import refusal
from warehouse.schema import lake_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.reported_metrics.kind import Kind
    from transforms.reported_metrics.numbers import Number

IMPLIED: Final = {
    "rate": "throughput",
    "money": "cost",
    "duration": "inference_time",
    "memory": "memory",
    "compute": "flops",
    "energy": "energy",
}
"""Metric of a number whose sentence names none, by its form."""

IMPLIED_TIMES: Final = {"train": ("training_time", 6), "reconstruct": ("reconstruction_time", 14)}
"""Metric of a duration so many tokens behind a word that starts so: what it was that took the time."""

LONGEST_SENTENCE: Final = 1500
"""Characters read at once; sentences of abstracts end well before."""

Row = dict[str, Any]


def reported_metrics(papers: pl.DataFrame) -> pl.DataFrame:
    """One row per reported number of `papers` (source_id, record_number, paper_id, title, abstract).

    The columns are those of the lake's table reported_metrics. Rows are ordered by record_number and metric_number;
    ``title|abstract[char_start:char_end] == quote``, in Unicode characters.

    Python's collector of cycles rests meanwhile: what is read here refers to nothing that refers back to it, and
    looking for cycles that are not there takes a twentieth of the time of the compiled stage.
    """
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        rows = _rows(papers)
    finally:
        if is_collecting:
            gc.enable()
    return pl.DataFrame(rows, schema=lake_schema("reported_metrics")).sort(
        "record_number", "metric_number", maintain_order=True
    )


def _rows(papers: pl.DataFrame) -> list[Row]:
    """The rows of all papers, in the order of their texts."""
    keys = papers.select("source_id", "record_number", "paper_id").rows()
    rows: list[Row] = []
    seen: set[tuple[int, str]] = set()
    found = candidates(papers)
    wanted = found["paper"].unique()
    benchmarks, explained = own_benchmarks(papers, wanted), abbreviations(papers, wanted)
    previous, count, context = -1, 0, Context()
    for paper, field, sentence, offset, lead in _pieces(found):
        if paper != previous:
            previous, count, context = paper, 0, Context(benchmarks.get(paper))
        if lead:
            context.enter(lead, offset)
        reading = read(sentence, explained.get(paper, NOTHING))
        if reading is None:
            context.enter(sentence, offset + len(sentence))
            continue
        source_id, record_number, paper_id = keys[paper]
        mentions = list(_mentions(reading))
        if not mentions:
            context.enter(sentence, offset + len(sentence))
        for row in context.complete(mentions, reading, offset):
            row["confidence"] = confidence(row["rule_id"].split())
            start, end = offset + row["char_start"], offset + row["char_end"]
            identity = f"{paper_id}|{field}|{start}|{end}|{row['metric']}"
            metric_id = "m" + hashlib.sha256(identity.encode()).hexdigest()[:20]
            if (paper, metric_id) in seen:
                continue
            seen.add((paper, metric_id))
            count += 1
            row |= {
                "source_id": source_id,
                "record_number": record_number,
                "paper_id": paper_id,
                "metric_id": metric_id,
                "metric_number": count,
                "field": field,
                "sentence": sentence,
                "char_start": start,
                "char_end": end,
            }
            rows.append(row)
    return rows


def refused_numbers(title: str, abstract: str) -> list[tuple[str, int, int, str, str]]:
    """The numbers of a paper that are no reported metrics: field, start, end, quote, rule of the reason."""
    papers = pl.DataFrame({"title": [title], "abstract": [abstract]})
    refused = []
    explained = abbreviations(papers, pl.Series([0], dtype=pl.UInt32)).get(0, NOTHING)
    for _, field, sentence, offset, _ in _pieces(candidates(papers)):
        reading = read(sentence, explained)
        if reading is None:
            continue
        for number, slug in _judged(reading):
            if slug.startswith("refuse."):
                quote = sentence[number.start : number.end]
                refused.append((field, offset + number.start, offset + number.end, quote, slug))
    return refused


def _pieces(found: pl.DataFrame) -> Iterator[tuple[int, str, str, int, str | None]]:
    """The candidate sentences with those that lead to them, one that is longer than LONGEST_SENTENCE cut at spaces.

    Rules compare the numbers, metrics and names of a sentence with each other; the cut keeps the work linear in the
    length of any text.
    """
    for paper, field, sentence, offset, leading in found.iter_rows():
        start, lead = 0, leading and leading[-LONGEST_SENTENCE:]
        while len(sentence) - start > LONGEST_SENTENCE:
            end = sentence.rfind(" ", start + 1, start + LONGEST_SENTENCE)
            end = end if end > 0 else start + LONGEST_SENTENCE
            yield paper, field, sentence[start:end], offset + start, lead
            start, lead = end, None
        yield paper, field, sentence[start:], offset + start, lead


def _judged(reading: Reading) -> Iterator[tuple[Number, str]]:
    """Each number of a sentence with the rule that refuses or accepts it."""
    groups = lists(reading)
    for number in reading.numbers:
        slug = refusal(reading, number) or evidence(reading, number, groups) or "refuse.no_evidence"
        yield number, slug


def _mentions(reading: Reading) -> Iterator[Row]:
    """The rows of a sentence, offsets counted from its start."""
    accepted = [(number, slug) for number, slug in _judged(reading) if not slug.startswith("refuse.")]
    if not accepted:
        return
    numbers = [number for number, _ in accepted]
    rows: list[Row] = []
    reading.keep(numbers)
    groups = lists(reading)
    kinds = outcomes.kinds(reading, numbers, groups)
    bound = datasets.bind(reading, numbers, groups)
    system, verb = roles.system(reading)
    for number, slug in accepted:
        value, value_high = _values(number, kinds[number.first].kind)
        kind = kinds[number.first]
        dataset = bound.get(number.first)
        role, role_rule = roles.role(reading, number, kind.kind, numbers)
        is_change = kind.kind == "change"
        found = _metrics(reading, number, kind, groups)
        if dataset and not metrics.is_quality(found[0].id) and datasets.is_beside(reading, number, bound):
            dataset = None
        if dataset and found[0].id == "attack_success_rate" and not are_surely_datasets(dataset.text):
            dataset = None  # "an attack success rate of 57% on X": on the system that was attacked
        for metric in found:
            rules = [slug, kind.rule, role_rule, metric.rule, dataset.rule if dataset else "dataset.none"]
            row = {
                "quote": reading.text[number.start : number.end],
                "char_start": number.start,
                "char_end": number.end,
                "value": value,
                "value_high": value_high,
                "unit": _unit(number, kind.kind),
                "kind": kind.kind,
                "direction": kind.direction if kind.kind in ("change", "factor") else None,
                "basis": outcomes.basis(reading, number, metric.id) if is_change else None,
                "comparator": number.comparator,
                "metric": metric.id,
                "metric_text": metric.text,
                "dataset": dataset.text if dataset else None,
                "dataset_id": dataset.id if dataset else None,
                "task": roles.task(reading, number),
                "role": role,
                "system": system if verb < number.first else None,
                "baseline": roles.baseline(reading, number),
                "rule_id": " ".join(rules),
            }
            rows.append(row)
    yield from _named(_placed(rows))


def _placed(rows: list[Row]) -> list[Row]:
    """The rows of a sentence; what a value is compared with was measured where the value was, however far it stands.

    As in "reaches 40% on X, surpassing A (36%) … and nearly doubling the previous best (C, 21%)".
    """
    for place, row in enumerate(rows):
        if row["dataset"] is not None or "role.compared" not in row["rule_id"] or not metrics.is_quality(row["metric"]):
            continue
        earlier = [other for other in rows[:place] if other["kind"] == "level" and other["role"] == "result"]
        places = {other["dataset"] for other in earlier}
        if len(places) == 1 and None not in places:
            row["dataset"], row["dataset_id"] = earlier[-1]["dataset"], earlier[-1]["dataset_id"]
            row["rule_id"] = row["rule_id"].replace("dataset.none", "dataset.carried")
    return rows


def _named(rows: list[Row]) -> list[Row]:
    """The rows of a sentence; where no metric is named it is that of a row that says so by its form.

    A change takes the metric of the values that it lies between ("a 50% gain, from 18 to 67% success rate"), or that
    of a change before it; a value takes that of one that it is compared with, or of another from-to, before it.
    """
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else row
        is_second = "role.to" in row["rule_id"] and "metric.respectively" not in row["rule_id"]
        if is_second and "role.from" in before["rule_id"] and row["unit"] == before["unit"]:
            row["metric"], row["metric_text"] = before["metric"], before["metric_text"]
            row["rule_id"] = row["rule_id"].replace(row["rule_id"].split()[3], before["rule_id"].split()[3])
            continue
        is_verb = row["metric"] == PERFORMANCE and _is_scored(row)
        is_human = row["metric"] == PERFORMANCE and "role.human" in row["rule_id"]
        if "metric.unnamed" not in row["rule_id"] and not is_verb and not is_human:
            continue
        source = _source(rows, place)
        if source is not None:
            row["metric"] = source["metric"]
            row["rule_id"] = row["rule_id"].replace(row["rule_id"].split()[3], "metric.carried")
    return rows


def _is_scored(row: Row) -> bool:
    """As in "the largest scores only 54.9": a verb that names no metric."""
    return row["kind"] == "level" and row["metric_text"] in ("score", "scores")


def _is_multiple_of(row: Row) -> bool:
    """Whether a row is a multiple of something that is named; "and others by 2x" is of the same."""
    return bool(row["kind"] == "factor" and row["metric"] != PERFORMANCE)


def _source(rows: list[Row], place: int) -> Row | None:
    row = rows[place]
    if row["kind"] == "factor":
        return next((other for other in reversed(rows[:place]) if _is_multiple_of(other)), None)
    known = [
        other
        for other in rows
        if other["metric"] not in (PERFORMANCE, "rank", "tasks_won", "effect_size")
        and metrics.is_quality(other["metric"])
        and ((other["unit"] or "points") == (row["unit"] or "points") or _is_scored(row))
    ]
    earlier = [other for other in known if other["char_start"] < row["char_start"]]
    if row["kind"] == "change":
        ends = rows[place + 1 : place + 3]
        if len(ends) == 2 and "role.from" in ends[0]["rule_id"] and ends[1] in known:
            return ends[1]
    return earlier[-1] if earlier else None


def _metrics(reading: Reading, number: Number, kind: Kind, groups: dict[int, int]) -> list[Metric]:
    if kind.kind == "count":
        return [solved(reading, number) or Metric("tasks_won", None, "metric.count")]
    if number.form == "ordinal":
        return [Metric("rank", None, "metric.rank")]
    if number.form == "rate" and kind.kind == "level":
        return [Metric("throughput", None, "metric.cue")]
    if kind.rule in ("kind.speedup", "kind.share_of_tasks"):
        return [Metric(kind.implied, None, "metric.cue")]
    implied = kind.implied
    if not implied or (implied == "speedup" and number.form == "duration"):
        implied = _implied(reading, number)
    return metrics.bind(
        reading, number, groups, is_quality=kind.is_quality, is_change=kind.kind != "level", implied=implied
    )


def _implied(reading: Reading, number: Number) -> str:
    """The metric that a unit names by itself; that of a duration near "training" is training time."""
    if number.form == "duration":
        for stem, (metric, reach) in IMPLIED_TIMES.items():
            if any(low.startswith(stem) for low in reading.lows[max(0, number.first - reach) : number.last + 6]):
                return metric
    if number.unit == "x" and _is_of_speed(reading, number):
        return "speedup"
    return IMPLIED.get(number.form, "")


def _is_of_speed(reading: Reading, number: Number) -> bool:
    """As in "at 2x speed", "twice the speed", "sped up the search by over 3x"."""
    if "speed" in reading.lows[number.last : number.last + 2]:
        return True
    return any(
        reading.low(index) in ("sped", "speed", "speeds", "speeding") and reading.low(index + 1) == "up"
        for index in range(number.lead - 12, number.lead - 1)
    )


def _values(number: Number, kind: str) -> tuple[float, float | None]:
    """Value and upper value: a change has no sign, for it has a direction, and "1/4 of" is a factor of 0.25."""
    if number.form == "slash" and kind == "factor" and number.value_high:
        return number.value / number.value_high, None
    if kind != "change":
        return number.value, number.value_high
    if number.value_high is None:
        return abs(number.value), None
    if number.value < 0 <= number.value_high:
        return number.value, number.value_high  # from a loss to a gain: without its sign the range would be another
    low, high = sorted((abs(number.value), abs(number.value_high)))
    return low, high


def _unit(number: Number, kind: str) -> str | None:
    if number.form == "slash" and kind == "factor":
        return "x"
    return "points" if kind == "change" and number.unit is None else number.unit


def confidence(rules: list[str]) -> float:
    """How probable it is that a row is right in all that its rules say of it, between 0 and 1.

    Each rule of seeds/vocabulary/rule_confidence.csv was right and wrong so often on labelled papers, in what it
    alone decides (a number.* rule that this is a reported metric, a kind.* rule its kind, and so on). Its share,
    smoothed by one right and one wrong, is multiplied with those of the row's other rules; a rule without counts
    stands at one half. The product is scaled by what came true on papers that no rule was chosen by: there were
    ``tuple.found`` right rows where the products led to expect ``tuple.expected``.
    """
    return _scale() * math.prod(_shares().get(rule, 0.5) for rule in rules)


@functools.cache
def _shares() -> dict[str, float]:
    rows = vocabulary("rule_confidence")
    return {row["rule_id"]: (int(row["right"]) + 1) / (int(row["right"]) + int(row["wrong"]) + 2) for row in rows}


@functools.cache
def _scale() -> float:
    right = {row["rule_id"]: int(row["right"]) for row in vocabulary("rule_confidence")}
    return min(1.0, right.get("tuple.found", 1) / right.get("tuple.expected", 1))
