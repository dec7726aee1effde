"""What each chart of Superset's dashboard must show: rows by SQL of our own, on tables where that is possible."""

from __future__ import annotations

EDGES = [1, 2, 5, 10, 20, 50, 100]
RANGES = ["  0–1", "  1–2", "  2–5", "  5–10", " 10–20", " 20–50", " 50–100", "100+"]

EXPECTED = {
    "papers": "SELECT count(*) FROM papers",
    "own_code": """
        SELECT count(DISTINCT paper_id) FILTER (role = 'own') / (SELECT count(*) FROM papers) FROM paper_repositories
    """,
    "reported_numbers": "SELECT count(*) FROM reported_metrics",
    "this_release": """
        SELECT release_id, published_at, paper_count, link_count, metric_count, failed_warning_count FROM release
    """,
    "papers_by_source": """
        SELECT parse_filename(any_value(uri)), CASE WHEN is_duplicate THEN 'duplicate' ELSE 'loaded' END, count(*)
        FROM paper_sources JOIN source_uris USING (source_id) GROUP BY source_id, is_duplicate
        UNION ALL
        SELECT parse_filename(any_value(uri)), 'rejected: ' || reason, count(DISTINCT record_number)
        FROM rejects JOIN source_uris USING (source_id) GROUP BY source_id, reason
    """,
    "code_availability": """
        SELECT coalesce(['own code', 'own page or data', 'of others only'][best], 'no link') AS availability, count(*)
        FROM papers LEFT JOIN (
            SELECT paper_id, min(CASE WHEN role <> 'own' THEN 3 WHEN repository_id IS NULL THEN 2 ELSE 1 END) AS best
            FROM links WHERE kind <> 'paper' GROUP BY paper_id
        ) USING (paper_id)
        GROUP BY availability
    """,
    "link_hosts": "SELECT host, kind, count(DISTINCT paper_id) FROM links WHERE role = 'own' GROUP BY ALL",
    "metric_families": """
        SELECT family, label, count(*) FROM reported_metrics JOIN metric_names USING (metric) GROUP BY ALL
    """,
    "most_reported_metrics": """
        SELECT
            label, count_if(kind = 'level'), count_if(kind = 'change'), count_if(kind = 'factor'),
            count_if(kind = 'count')
        FROM reported_metrics JOIN metric_names USING (metric) GROUP BY label
    """,
    "most_used_datasets": """
        SELECT label, field_of_study, count(DISTINCT paper_id)
        FROM reported_metrics JOIN dataset_names USING (dataset_id) GROUP BY ALL
    """,
    "changes": f"""
        SELECT
            {RANGES}[1 + len(list_filter({EDGES}, lambda edge: edge <= value))] AS size_range,
            CASE basis WHEN 'absolute' THEN 'points' WHEN 'relative' THEN 'relative %' ELSE '%, not said of what' END,
            count(*)
        FROM reported_metrics WHERE kind = 'change' AND role = 'result' GROUP BY ALL
    """,
    "factors": f"""
        SELECT
            {RANGES}[1 + len(list_filter({EDGES}, lambda edge: edge <= greatest(value, 1 / value)))] AS size_range,
            direction, count(*)
        FROM reported_metrics WHERE kind = 'factor' AND role = 'result' GROUP BY ALL
    """,
    "leaderboard": """
        SELECT
            dataset, metric_label, place_number, comparable_value, comparable_unit, system, title,
            '<a href="' || repository_url || '" target="_blank" rel="noreferrer">'
                || split_part(repository_url, '/', 4) || '/' || split_part(repository_url, '/', 5) || '</a>',
            quote, confidence
        FROM leaderboard
    """,
    "checks": """
        SELECT table_name, sum(is_success::INT), sum((NOT is_success)::INT) FROM validation_results GROUP BY table_name
    """,
    "quality": "SELECT topic, measure, value_count, of_count, share, description FROM data_quality",
}
