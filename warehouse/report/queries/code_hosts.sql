-- Grain: one row per host that holds papers' own code, the most used first.
SELECT host, own_paper_count AS paper_count
FROM repository_hosts
WHERE own_paper_count > 0
ORDER BY paper_count DESC, host
LIMIT $limit
