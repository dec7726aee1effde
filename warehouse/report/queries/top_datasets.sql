-- Grain: one row per dataset, the one that most papers report results on first.
SELECT dataset, paper_count, metric_count
FROM dataset_usage
ORDER BY paper_count DESC, metric_count DESC, dataset
LIMIT $limit
