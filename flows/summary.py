"""How a run ended, in words: for the terminal and for the artifact of the flow."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.pipeline import Outcome


def default_inputs() -> list[str]:
    """The dumps that come with the project."""
    return [str(files("seeds").joinpath("raw"))]


def counts(outcome: Outcome) -> list[tuple[str, str]]:
    """What was read and what is there now, as rows of label and figure."""
    entry = outcome.entry
    sources = [f"{entry.sources_new_count} new", f"{entry.sources_skipped_count} already done"]
    if entry.sources_failed_count:
        sources.append(f"{entry.sources_failed_count} failed")
    rows = [("sources", ", ".join(sources))]
    if entry.sources_new_count:
        rows.append(("records read", f"{entry.record_count:,}"))
        rows.append(("  loaded", f"{entry.loaded_count:,} of {entry.record_count:,}"))
        rows.append(("  duplicate", f"{entry.duplicate_count:,}"))
        rows.append(("  rejected", f"{entry.rejected_count:,}"))
    if entry.paper_count is not None:
        rows.append(("papers", f"{entry.paper_count:,}"))
        rows.append(("links", f"{entry.link_count:,}"))
        rows.append(("reported metrics", f"{entry.metric_count:,}"))
    if outcome.checks:
        passed = sum(check.is_success for check in outcome.checks)
        rows.append(("checks passed", f"{passed} of {len(outcome.checks)}"))
    rows.append(("release", headline(outcome)))
    rows.append(("seconds", f"{entry.seconds:.1f}"))
    return rows


def headline(outcome: Outcome) -> str:
    """The status in a few words."""
    entry = outcome.entry
    match entry.status:
        case "published":
            return f"{entry.release_id} published"
        case "unchanged":
            if entry.pinned_release_id:
                return f"{entry.pinned_release_id} is pinned and stays; `paperhouse unpin` lets the next run publish"
            return f"nothing is new; {entry.release_id} stays"
        case "refused":
            return f"refused; {entry.release_id or 'no release before it'} stays"
        case _:
            return "none: nothing could be read"


def summary_markdown(outcome: Outcome) -> str:
    """The summary as the markdown artifact of the flow."""
    lines = [f"# Run {outcome.entry.run_id}: {outcome.entry.status}", "", "| | |", "|---|---|"]
    lines += [f"| {label.strip()} | {figure} |" for label, figure in counts(outcome)]
    failed = [check for check in outcome.checks if not check.is_success]
    if failed:
        lines += ["", "## Checks that failed", ""]
        lines += [f"- **{check.severity}** {check.table_name}.{check.expectation}: {check.detail}" for check in failed]
    if outcome.failures:
        lines += ["", "## Files that could not be read", ""]
        lines += [f"- {error}" for error in outcome.failures]
    return "\n".join(lines) + "\n"
