"""Figures of a release that the next one is compared with."""

from __future__ import annotations

FIGURES = {
    "paper_count": "SELECT count(*) FROM papers",
    "links_per_paper": "SELECT count(*) / greatest((SELECT count(*) FROM papers), 1) FROM links",
    "metrics_per_paper": "SELECT count(*) / greatest((SELECT count(*) FROM papers), 1) FROM reported_metrics",
    "share_without_dataset": "SELECT coalesce(avg((dataset IS NULL)::INTEGER), 0) FROM reported_metrics",
    "share_without_direction": "SELECT coalesce(avg((direction IS NULL)::INTEGER), 0) FROM reported_metrics",
    "share_of_papers_without_code": "SELECT 1 - count(DISTINCT paper_id) / greatest((SELECT count(*) FROM papers), 1) "
    "FROM paper_repositories",
}
"""The figures that are compared, as SQL over a release."""
