"""A release against the one before: a rule or a host that changed shows up as a jump in a rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from expectations.checks import Check, no_rows
from expectations.figures import FIGURES

FEW_PAPERS = 100
"""Below as many papers in either release a rate says little, and only the loss of papers is checked."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How far a figure may be from the release before: between `low` and `high` times it, or `within` of it."""

    figure: str
    severity: Literal["critical", "warning"]
    reason: str
    low: float = 0.0
    high: float = float("inf")
    within: float | None = None

    def condition(self, previous: float) -> str:
        """SQL that is true of a figure out of bounds."""
        if self.within is not None:
            return f"abs(figure - {previous!r}) > {self.within!r}"
        upper = "" if self.high == float("inf") else f" OR figure > {previous * self.high!r}"
        return f"figure < {previous * self.low!r}{upper}"


_BOUNDS = (
    Bound("paper_count", "critical", "The lake only grows: half of the papers never go in a night.", low=0.5),
    Bound(
        "paper_count",
        "warning",
        "A loss of more than 2 % of the papers wants a look (forgotten sources aside).",
        low=0.98,
    ),
    Bound("links_per_paper", "warning", "New sources move the rate a little; a third is a change of rules.", 0.67, 1.5),
    Bound(
        "metrics_per_paper", "warning", "New sources move the rate a little; a third is a change of rules.", 0.67, 1.5
    ),
    Bound("metrics_per_paper", "critical", "A rate that falls to a fifth is a broken extraction.", low=0.2),
    Bound("share_without_dataset", "warning", "A jump by 15 points is a change of rules, not of papers.", within=0.15),
    Bound(
        "share_without_direction", "warning", "A jump by 15 points is a change of rules, not of papers.", within=0.15
    ),
    Bound(
        "share_of_papers_without_code",
        "warning",
        "A jump by 15 points is a change of rules, not of papers.",
        within=0.15,
    ),
)


def checks(previous: dict[str, float] | None) -> list[Check]:
    """The bounds as checks; none for a first release, which has nothing to be compared with."""
    if previous is None:
        return []
    is_small = previous["paper_count"] < FEW_PAPERS
    bounds = [bound for bound in _BOUNDS if bound.figure == "paper_count" or not is_small]
    return [_check(bound, previous[bound.figure]) for bound in bounds]


def _check(bound: Bound, previous: float) -> Check:
    enough = "" if bound.figure == "paper_count" else f" AND (SELECT count(*) FROM papers) >= {FEW_PAPERS}"
    query = (
        f"SELECT round(figure, 4) AS {bound.figure}, {round(previous, 4)!r} AS release_before "
        f"FROM ({FIGURES[bound.figure]}) AS t(figure) "
        f"WHERE ({bound.condition(previous)}){enough} AND (SELECT count(*) >= 0 FROM {{batch}})"
    )
    name = f"{bound.figure}_against_release_before_{bound.severity}"
    return no_rows("papers", name, bound.severity, bound.reason, query)
