-- Grain: one row per kind of paper: with code of its own, naming code of others alone, naming none.
WITH roles AS (
    SELECT paper_id, bool_or(role = 'own') AS has_own FROM paper_repositories GROUP BY paper_id
)
SELECT kind, count(paper_id) AS paper_count
FROM (VALUES (1, 'code of its own'), (2, 'code of others only'), (3, 'no code named')) AS kinds (kind_number, kind)
LEFT JOIN (
    SELECT papers.paper_id, CASE WHEN has_own THEN 1 WHEN has_own IS NOT NULL THEN 2 ELSE 3 END AS kind_number
    FROM papers LEFT JOIN roles USING (paper_id)
) USING (kind_number)
GROUP BY kind_number, kind
ORDER BY kind_number
