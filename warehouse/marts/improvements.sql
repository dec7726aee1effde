-- By how much do papers say that they improve on what was there before?
-- Grain: one row per change or factor with role result.
-- `basis` says whether a change is absolute or relative; null where the sentence leaves it open, so don't average over it.
SELECT
    papers.paper_id,
    papers.title,
    metric,
    metric_names.label AS metric_label,
    metric_names.family,
    reported_metrics.kind,
    direction,
    basis,
    comparator,
    value,
    value_high,
    unit,
    coalesce(dataset_names.label, reported_metrics.dataset) AS dataset,
    dataset_id,
    task,
    system,
    baseline,
    quote,
    sentence,
    confidence,
    metric_id
FROM reported_metrics
JOIN papers USING (paper_id)
JOIN metric_names USING (metric)
LEFT JOIN dataset_names USING (dataset_id)
WHERE reported_metrics.kind IN ('change', 'factor') AND role = 'result'
ORDER BY title, metric_number
