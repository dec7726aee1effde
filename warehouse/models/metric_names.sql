-- Grain: one row per metric id: the vocabulary, then ids that the texts coined.
-- Why: every id in reported_metrics joins; 'unlisted' ones are the list of names to review.
SELECT
    metric,
    label,
    family,
    try_cast(nullif(higher_is_better, '') AS BOOLEAN) AS higher_is_better,
    nullif(default_unit, '') AS default_unit,
    nullif(description, '') AS description
FROM vocabulary.metrics
UNION ALL
SELECT DISTINCT metric, replace(metric, '_', ' '), 'unlisted', NULL::BOOLEAN, NULL, NULL
FROM reported_metrics
WHERE metric NOT IN (SELECT metric FROM vocabulary.metrics)
ORDER BY metric
