"""What the columns of the marts mean: that of the table they come from, or what is said here."""

from __future__ import annotations

from warehouse.schema.columns import Table
from warehouse.schema.metrics import METRIC_TABLES
from warehouse.schema.papers import PAPER_TABLES

_METRIC_LABEL = "Name of the metric for display."
_REPOSITORY_URL = "Address of a repository of the paper's own; null if it has none."
_PAPERS = "Papers, each counted once."
_METRICS = "Reported numbers."
_DATASET = "Name of the dataset for display: of the vocabulary, else as the text has it."

_OWN: dict[str, dict[str, str]] = {
    "leaderboard": {
        "dataset": _DATASET,
        "metric_label": _METRIC_LABEL,
        "place_number": "Place on its board (dataset, metric, unit), 1 is the best; null where it depends.",
        "comparable_value": "The value in the unit of its board.",
        "comparable_unit": "Unit of the board; null for bare numbers.",
        "repository_url": _REPOSITORY_URL,
    },
    "papers_with_code": {"repository_url": "Address of the repository.", "metric_count": _METRICS},
    "improvements": {"dataset": _DATASET, "metric_label": _METRIC_LABEL},
    "dataset_usage": {"dataset": _DATASET, "paper_count": _PAPERS, "metric_count": _METRICS},
    "metric_usage": {
        "paper_count": _PAPERS,
        "metric_count": _METRICS,
        "level_count": "Numbers that say what was reached.",
        "change_count": "Numbers that say by how much something changed.",
        "factor_count": "Numbers that say how many times as much.",
        "won_count": "Numbers of tasks won.",
    },
    "repository_hosts": {
        "repository_count": "Repositories on this host.",
        "paper_count": "Papers that name one of them.",
        "own_paper_count": "Papers whose own code is there.",
    },
    "data_quality": {
        "topic": "coverage, rejects, checks, corrections or accuracy.",
        "measure": "What is counted or was measured.",
        "value_count": "Count; null for figures of accuracy.",
        "of_count": "What it is a part of; null if of nothing.",
        "share": "value_count of of_count, or the figure of accuracy.",
        "description": "What the measure says.",
    },
}

_FROM = {
    "leaderboard": ("reported_metrics", "papers", "metric_names"),
    "papers_with_code": ("papers", "repositories", "paper_repositories"),
    "improvements": ("reported_metrics", "papers", "metric_names"),
    "dataset_usage": ("dataset_names",),
    "metric_usage": ("metric_names",),
    "repository_hosts": ("repositories",),
}

_TABLES: dict[str, Table] = {spec.name: spec for spec in (*PAPER_TABLES, *METRIC_TABLES)}


def mart_descriptions(mart: str) -> dict[str, str]:
    """What the columns of a mart mean, and columns of the tables it is made of that it doesn't have."""
    described = {
        found.name: found.description
        for name in reversed(_FROM.get(mart, ()))
        for found in _TABLES[name].warehouse_columns()
    }
    return described | _OWN[mart]
