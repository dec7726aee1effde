"""Reported metrics: every number stands in the text, and its fields do not contradict each other."""

from __future__ import annotations

from expectations.checks import Check, belongs_to_paper, matches, no_rows, refers_to, within


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        belongs_to_paper("reported_metrics"),
        matches("reported_metrics", "metric_id", "m[0-9a-f]{20}", "The form that corrections and notes refer to."),
        within("reported_metrics", "metric_number", 1, None, "Positions count from 1."),
        within("reported_metrics", "confidence", 0, 1, "A share."),
        no_rows(
            "reported_metrics",
            "offsets_reproduce_the_quote",
            "critical",
            "A number without its evidence is what no analyst must ever meet.",
            "SELECT m.source_id, m.record_number, m.field, m.quote FROM {batch} m "
            "LEFT JOIN papers p USING (source_id, record_number) WHERE m.quote IS DISTINCT FROM "
            "substr(CASE m.field WHEN 'title' THEN p.title ELSE p.abstract END, "
            "m.char_start + 1, m.char_end - m.char_start)",
            "quote",
        ),
        no_rows(
            "reported_metrics",
            "sentence_holds_the_quote",
            "critical",
            "The sentence is shown as the evidence of the number.",
            "SELECT source_id, record_number, quote, sentence FROM {batch} WHERE NOT contains(sentence, quote)",
            "sentence",
        ),
        *_fields("source_id, record_number"),
        no_rows(
            "reported_metrics",
            "percent_levels_stay_below_100",
            "warning",
            "A level above 100 % is nearly always a change misread; a few are real (coverage, utilisation), hence "
            "a warning.",
            "SELECT source_id, record_number, quote, metric FROM {batch} "
            "WHERE kind = 'level' AND unit = '%' AND value > 100",
            "value",
        ),
    ]


def release() -> list[Check]:
    """Rules over the release; those of fields once more, because corrections by hand come after the lake."""
    return [
        *_fields("paper_id, metric_id"),
        refers_to("reported_metrics", "paper_id", "papers"),
        refers_to("reported_metrics", "metric", "metric_names"),
        refers_to("reported_metrics", "dataset_id", "dataset_names"),
    ]


def _fields(key: str) -> list[Check]:
    """Fields of a number that must not contradict each other; `key` names the columns that a sample row shows."""
    return [
        matches("reported_metrics", "metric", "[a-z0-9]+(_[a-z0-9]+)*", "Canonical ids are snake_case."),
        no_rows(
            "reported_metrics",
            "direction_goes_with_kind",
            "critical",
            "Only a change or a factor goes up or down; marts rely on it.",
            f"SELECT {key}, quote, kind, direction FROM {{batch}} "
            "WHERE direction IS NOT NULL AND kind NOT IN ('change', 'factor')",
            "direction",
        ),
        no_rows(
            "reported_metrics",
            "basis_goes_with_kind",
            "critical",
            "Only a change is absolute or relative.",
            f"SELECT {key}, quote, kind, basis FROM {{batch}} WHERE basis IS NOT NULL AND kind <> 'change'",
            "basis",
        ),
        no_rows(
            "reported_metrics",
            "range_is_ordered",
            "critical",
            "value is the low end of a range and of 'k of n'.",
            f"SELECT {key}, quote, value, value_high FROM {{batch}} WHERE value_high < value",
            "value_high",
        ),
        no_rows(
            "reported_metrics",
            "values_are_finite",
            "critical",
            "Not a number and infinity poison every aggregate.",
            f"SELECT {key}, quote FROM {{batch}} WHERE NOT isfinite(value) OR NOT isfinite(value_high)",
            "value",
        ),
        no_rows(
            "reported_metrics",
            "dataset_id_has_its_dataset",
            "critical",
            "A canonical id stands for words in the text.",
            f"SELECT {key}, quote, dataset_id FROM {{batch}} WHERE dataset_id IS NOT NULL AND dataset IS NULL",
            "dataset_id",
        ),
    ]
