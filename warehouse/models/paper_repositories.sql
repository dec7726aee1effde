-- Grain: one row per paper and repository.
-- Why: own if any link of the paper to it is own; the path is that of the first link that names one.
SELECT
    paper_id,
    repository_id,
    CASE WHEN bool_or(role = 'own') THEN 'own' ELSE 'reference' END AS role,
    arg_min(repository_path, link_number) FILTER (repository_path IS NOT NULL) AS path
FROM paper_links
WHERE repository_id IS NOT NULL
GROUP BY paper_id, repository_id
ORDER BY paper_id, repository_id
