"""Text repairs: each stands where it says, so that a reader can see what was changed."""

from __future__ import annotations

from expectations.checks import Check, belongs_to_paper, no_rows, refers_to, within


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        belongs_to_paper("text_repairs"),
        within("text_repairs", "char_start", 0, None, "Offsets count from 0."),
        no_rows(
            "text_repairs",
            "offsets_reproduce_the_repair",
            "critical",
            "What was changed must be visible in place.",
            "SELECT r.source_id, r.record_number, r.field, r.repaired FROM {batch} r "
            "LEFT JOIN papers p USING (source_id, record_number) WHERE r.repaired IS DISTINCT FROM "
            "substr(CASE r.field WHEN 'title' THEN p.title ELSE p.abstract END, r.char_start + 1, length(r.repaired))",
            "char_start",
        ),
        no_rows(
            "text_repairs",
            "digits_are_kept",
            "critical",
            "A repair that changes a digit changes a result.",
            r"SELECT source_id, record_number, found, repaired FROM {batch} "
            r"WHERE regexp_replace(found, '\D', '', 'g') <> regexp_replace(repaired, '\D', '', 'g')",
            "repaired",
        ),
        no_rows(
            "text_repairs",
            "what_is_kept_says_so",
            "critical",
            "A repair changes something; what is only flagged has a rule that says so.",
            "SELECT source_id, record_number, found, repaired, rule_id FROM {batch} "
            r"WHERE (found = repaired) <> regexp_matches(rule_id, '^kept\.')",
            "rule_id",
        ),
    ]


def release() -> list[Check]:
    """Rules over the release."""
    return [
        refers_to("text_repairs", "paper_id", "papers"),
    ]
