-- Which metrics are reported, how often and as what?
-- Grain: one row per metric id that any paper reports.
SELECT
    metric,
    any_value(metric_names.label) AS label,
    any_value(metric_names.family) AS family,
    count(DISTINCT paper_id) AS paper_count,
    count(*) AS metric_count,
    count(*) FILTER (kind = 'level') AS level_count,
    count(*) FILTER (kind = 'change') AS change_count,
    count(*) FILTER (kind = 'factor') AS factor_count,
    count(*) FILTER (kind = 'count') AS won_count
FROM reported_metrics
JOIN metric_names USING (metric)
GROUP BY metric
ORDER BY paper_count DESC, metric
