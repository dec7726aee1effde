-- Grain: one row per reported number; the value as a reader writes it, the kind with all that qualifies it.
SELECT
    paper_id,
    metric_names.label AS metric,
    concat(
        CASE comparator WHEN '<=' THEN '≤ ' WHEN '>=' THEN '≥ ' WHEN '=' THEN '' ELSE comparator || ' ' END,
        regexp_replace(value::VARCHAR, '\.0$', ''),
        CASE WHEN value_high IS NOT NULL THEN
            CASE kind WHEN 'count' THEN ' of ' ELSE ' to ' END || regexp_replace(value_high::VARCHAR, '\.0$', '')
        END,
        CASE unit WHEN '%' THEN '%' WHEN 'x' THEN '×' ELSE ' ' || unit END
    ) AS value,
    coalesce(dataset_names.label, dataset) AS dataset,
    concat_ws(', ', kind, direction, basis, nullif(role, 'result')) AS kind,
    quote
FROM reported_metrics
JOIN metric_names USING (metric)
LEFT JOIN dataset_names USING (dataset_id)
ORDER BY paper_id, metric_number
