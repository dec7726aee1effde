-- Which result is the best reported one on a dataset, by metric?
-- Grain: one row per level with role result on a named dataset.
-- A board is a dataset (of the vocabulary, else a name however it is spelled), a metric and a unit; place 1 is the best,
-- and there are no places where it depends which way is better. Comparable values: a bare share between 0 and 1 of a metric
-- whose default unit is % is taken times 100; times become seconds, sizes of memory GB; of a range its low end counts.
-- Bounds are no results: "above 80%" is not a place on a board.
WITH units(unit, comparable_unit, factor) AS (
    VALUES
        ('ns', 's', 1e-9), ('us', 's', 1e-6), ('ms', 's', 0.001), ('s', 's', 1), ('min', 's', 60), ('h', 's', 3600),
        ('d', 's', 86400),
        ('KB', 'GB', 1e-6), ('MB', 'GB', 0.001), ('GB', 'GB', 1), ('TB', 'GB', 1000)
),
results AS (
    SELECT
        reported_metrics.*,
        metric_names.label AS metric_label,
        metric_names.family,
        metric_names.higher_is_better,
        CASE
            WHEN factor IS NOT NULL THEN round(value * factor, 12)
            WHEN reported_metrics.unit IS NULL AND default_unit = '%' AND value BETWEEN 0 AND 1 THEN round(value * 100, 10)
            ELSE value
        END AS comparable_value,
        CASE
            WHEN factor IS NOT NULL THEN comparable_unit
            WHEN reported_metrics.unit IS NULL AND default_unit = '%' THEN '%'
            ELSE reported_metrics.unit
        END AS comparable_unit,
        coalesce(dataset_names.label, reported_metrics.dataset) AS dataset_label,
        coalesce(dataset_id, lower(dataset)) AS board
    FROM reported_metrics
    JOIN metric_names USING (metric)
    LEFT JOIN dataset_names USING (dataset_id)
    LEFT JOIN units ON units.unit = reported_metrics.unit
    WHERE kind = 'level' AND role = 'result' AND dataset IS NOT NULL AND comparator IN ('=', '~')
)
SELECT
    min(dataset_label) OVER (PARTITION BY board) AS dataset,
    dataset_id,
    metric,
    metric_label,
    family,
    CASE WHEN higher_is_better IS NOT NULL THEN rank() OVER (
        PARTITION BY board, metric, comparable_unit
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
