"""Papers: normalised text and what is counted of it."""

from __future__ import annotations

from expectations.checks import Check, matches, no_rows, within

ARXIV_ID = r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}"
"""Identifiers since April 2007, and before (arXiv's own description of its identifiers)."""


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        matches("papers", "paper_id", "p[0-9a-f]{20}", "The form that links, metrics and notes of users refer to."),
        matches(
            "papers", "arxiv_id", ARXIV_ID, "Two records with one arXiv id are one paper, so a false id merges papers."
        ),
        within("papers", "word_count", 1, None, "A paper without a word of abstract is a reject."),
        within("papers", "sentence_count", 1, None, "Every text has a sentence."),
        no_rows(
            "papers",
            "text_is_squeezed",
            "critical",
            "Offsets and quotes rely on single spaces and no white space at the ends.",
            "SELECT source_id, record_number, title FROM {batch} WHERE regexp_matches(title || '\n' || abstract, "
            r"'\s\s|\t') OR title <> trim(title) OR abstract <> trim(abstract)",
        ),
        no_rows(
            "papers",
            "raw_record_is_kept",
            "critical",
            "A paper whose raw record is gone can't be derived again.",
            "SELECT source_id, record_number FROM {batch} ANTI JOIN raw_records USING (source_id, record_number)",
        ),
        no_rows(
            "papers",
            "abstracts_look_like_abstracts",
            "warning",
            "Among 60,000 abstracts of arXiv 1 in 1,000 has fewer than 30 words or more than 400; above 5 % of a "
            "source of 20 records or more, titles and abstracts have been mixed up.",
            "SELECT source_id, count(*) AS row_count, "
            "count(*) FILTER (word_count NOT BETWEEN 30 AND 400) AS unusual_count "
            "FROM {batch} GROUP BY source_id HAVING row_count >= 20 AND unusual_count > 0.05 * row_count",
            "word_count",
        ),
    ]


def release() -> list[Check]:
    """Rules over the release."""
    return [
        within("papers", "source_count", 1, None, "A paper comes from a source."),
        no_rows(
            "papers",
            "paper_has_one_text_record",
            "critical",
            "Exactly one record gives a paper its text; it is the one that is no duplicate.",
            "SELECT paper_id, count(record_number) AS record_count FROM {batch} LEFT JOIN "
            "(FROM paper_sources WHERE NOT is_duplicate) USING (paper_id) GROUP BY paper_id HAVING record_count <> 1",
            "paper_id",
        ),
    ]
