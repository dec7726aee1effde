-- What does each paper give besides its text?
-- Grain: one row per paper.
-- The best counts: a repository of its own, then a page, model or dataset of its own, then anything of others.
WITH own AS (
    SELECT paper_id, bool_or(role = 'own') AS has_own, bool_or(role = 'own' AND repository_id IS NOT NULL) AS has_repository
    FROM links
    WHERE kind <> 'paper'
    GROUP BY paper_id
),
reported AS (
    SELECT paper_id, count(*) AS metric_count
    FROM reported_metrics
    GROUP BY paper_id
)
SELECT
    papers.paper_id,
    title,
    system_name,
    published_on,
    CASE
        WHEN has_repository THEN 'own code'
        WHEN has_own THEN 'own page or data'
        WHEN own.paper_id IS NOT NULL THEN 'of others only'
        ELSE 'no link'
    END AS availability,
    coalesce(has_repository, FALSE) AS has_repository,
    coalesce(metric_count, 0) AS metric_count
FROM papers
LEFT JOIN own USING (paper_id)
LEFT JOIN reported USING (paper_id)
