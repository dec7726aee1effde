-- Where do papers keep their code?
-- Grain: one row per host of a repository.
SELECT
    host,
    count(DISTINCT repository_id) AS repository_count,
    count(DISTINCT paper_id) AS paper_count,
    count(DISTINCT paper_id) FILTER (role = 'own') AS own_paper_count
FROM repositories
JOIN paper_repositories USING (repository_id)
GROUP BY host
ORDER BY paper_count DESC, host
