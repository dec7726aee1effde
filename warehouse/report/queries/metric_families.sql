-- Grain: one row per family of metrics, the one that most papers report first.
SELECT replace(family, '_', ' ') AS family, count(DISTINCT paper_id) AS paper_count, count(*) AS metric_count
FROM reported_metrics
JOIN metric_names USING (metric)
GROUP BY family
ORDER BY paper_count DESC, family
LIMIT $limit
