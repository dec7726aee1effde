-- Which papers have code of their own, and where?
-- Grain: one row per paper and own repository; papers without one are in `papers` alone.
SELECT
    papers.paper_id,
    papers.title,
    papers.system_name,
    papers.published_on,
    repositories.repository_id,
    repositories.host,
    repositories.url AS repository_url,
    paper_repositories.path,
    (SELECT count(*) FROM reported_metrics WHERE reported_metrics.paper_id = papers.paper_id) AS metric_count
FROM papers
JOIN paper_repositories USING (paper_id)
JOIN repositories USING (repository_id)
WHERE paper_repositories.role = 'own'
ORDER BY title, repository_id
