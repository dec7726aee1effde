"""Links: absolute, safe to click, and standing in the text where they say."""

from __future__ import annotations

from expectations.checks import Check, belongs_to_paper, matches, no_rows, refers_to, within


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        belongs_to_paper("links"),
        matches(
            "links",
            "url",
            r"https?://[^\s/?#]+([/?#]\S*)?",
            "Only http and https are ever links, and they hold no space.",
        ),
        matches("links", "host", r"[^\s/:@A-Z]+\.[^\s/:@A-Z]+", "Lower case, no port: hosts are counted and joined."),
        matches(
            "links",
            "repository_id",
            r"[^\s/A-Z]+(/[^\sA-Z]+)+",
            "'host/owner/name' in lower case, one spelling a repository.",
        ),
        within("links", "link_number", 1, None, "Positions count from 1."),
        no_rows(
            "links",
            "offsets_reproduce_the_mention",
            "critical",
            "Evidence that does not stand in the text is none.",
            "SELECT l.source_id, l.record_number, l.field, l.url_raw FROM {batch} l "
            "LEFT JOIN papers p USING (source_id, record_number) WHERE l.field <> 'page' AND l.url_raw IS DISTINCT "
            "FROM substr(CASE l.field WHEN 'title' THEN p.title ELSE p.abstract END, "
            "l.char_start + 1, l.char_end - l.char_start)",
            "char_start",
        ),
        no_rows(
            "links",
            "role_has_its_rule",
            "critical",
            "A default is allowed where the row says so; a role without a rule is a guess.",
            "SELECT source_id, record_number, url, rule_id FROM {batch} "
            r"WHERE NOT regexp_matches(rule_id, '(^| )role\.')",
            "rule_id",
        ),
        no_rows(
            "links",
            "code_has_its_repository",
            "warning",
            "A code link that names no repository can't be counted; above 20 % of 20 links or more a host has "
            "changed its paths.",
            "SELECT source_id, count(*) AS row_count, count(*) FILTER (repository_id IS NULL) AS without_count "
            "FROM {batch} WHERE kind = 'code' GROUP BY source_id "
            "HAVING row_count >= 20 AND without_count > 0.2 * row_count",
            "repository_id",
        ),
    ]


def release() -> list[Check]:
    """Rules over the release."""
    return [
        refers_to("links", "paper_id", "papers"),
        refers_to("links", "repository_id", "repositories"),
    ]
