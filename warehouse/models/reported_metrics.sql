-- Grain: one row per reported number of a paper.
SELECT
    metric_id,
    best_records.cluster_id AS paper_id,
    metric_number,
    field,
    quote,
    sentence,
    char_start,
    char_end,
    value,
    value_high,
    unit,
    kind,
    direction,
    basis,
    comparator,
    metric,
    metric_text,
    dataset,
    dataset_id,
    task,
    role,
    system,
    baseline,
    rule_id,
    confidence
FROM lake.reported_metrics
JOIN best_records USING (source_id, record_number)
ORDER BY paper_id, metric_number
