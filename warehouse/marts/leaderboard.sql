-- Which result is the best reported one on a dataset, by metric?
-- Grain: one row per level with role result on a named dataset.
-- Comparable values: percents stay; a bare share between 0 and 1 of a metric whose default unit is % is taken times 100;
-- seconds, milliseconds, minutes, hours and days become seconds. Best first where the metric says which way is better.
-- Bounds are no results: "above 80%" is not a place on a board.
WITH results AS (
    SELECT
        reported_metrics.*,
        metric_names.label AS metric_label,
        metric_names.family,
        metric_names.higher_is_better,
        CASE
            WHEN unit IN ('s', 'ms', 'min', 'h', 'd')
                THEN value * CASE unit WHEN 'ms' THEN 0.001 WHEN 's' THEN 1 WHEN 'min' THEN 60 WHEN 'h' THEN 3600 ELSE 86400 END
            WHEN unit IS NULL AND default_unit = '%' AND value BETWEEN 0 AND 1 THEN value * 100
            ELSE value
        END AS comparable_value,
        CASE
            WHEN unit IN ('s', 'ms', 'min', 'h', 'd') THEN 's'
            WHEN unit IS NULL AND default_unit = '%' THEN '%'
            ELSE unit
        END AS comparable_unit,
        coalesce(dataset_names.label, reported_metrics.dataset) AS dataset_label
    FROM reported_metrics
    JOIN metric_names USING (metric)
    LEFT JOIN dataset_names USING (dataset_id)
    WHERE kind = 'level' AND role = 'result' AND dataset IS NOT NULL AND comparator IN ('=', '~')
)
SELECT
    dataset_label AS dataset,
    dataset_id,
    metric,
    metric_label,
    family,
    CASE WHEN higher_is_better IS NOT NULL THEN rank() OVER (
        PARTITION BY dataset_label, metric, comparable_unit
        ORDER BY CASE WHEN higher_is_better THEN -comparable_value ELSE comparable_value END
    ) END AS place_number,
    comparable_value,
    comparable_unit,
    value,
    unit,
    comparator,
    system,
    task,
    papers.paper_id,
    papers.title,
    papers.published_on,
    (
        SELECT min(repositories.url)
        FROM paper_repositories
        JOIN repositories USING (repository_id)
        WHERE paper_repositories.paper_id = papers.paper_id AND role = 'own'
    ) AS repository_url,
    quote,
    sentence,
    confidence,
    metric_id
FROM results
JOIN papers USING (paper_id)
ORDER BY dataset, metric, comparable_unit, place_number, title
