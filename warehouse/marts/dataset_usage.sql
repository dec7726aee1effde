-- On which datasets are results reported?
-- Grain: one row per dataset: a canonical one, or a name as the text has it.
SELECT
    coalesce(dataset_names.label, any_value(dataset)) AS dataset,
    dataset_id,
    any_value(field_of_study) AS field_of_study,
    count(DISTINCT paper_id) AS paper_count,
    count(*) AS metric_count
FROM reported_metrics
LEFT JOIN dataset_names USING (dataset_id)
WHERE dataset IS NOT NULL
GROUP BY dataset_id, dataset_names.label, CASE WHEN dataset_id IS NULL THEN lower(dataset) END
ORDER BY paper_count DESC, metric_count DESC, dataset
