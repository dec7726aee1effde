-- Grain: one row per paper; those that report most numbers first.
SELECT
    papers.paper_id,
    title,
    system_name,
    arxiv_id,
    published_on::VARCHAR AS published_on,
    coalesce(metric_count, 0) AS metric_count
FROM papers
LEFT JOIN (SELECT paper_id, count(*) AS metric_count FROM reported_metrics GROUP BY paper_id) USING (paper_id)
ORDER BY metric_count DESC, title, papers.paper_id
