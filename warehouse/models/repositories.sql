-- Grain: one row per code repository.
-- Why: spelled as the paper with the smallest id first writes it, whatever the order in which sources came.
WITH first_mentions AS (
    SELECT
        repository_id,
        split_part(repository_id, '/', 1) AS host,
        arg_min(repository_owner, (paper_id, link_number)) AS owner,
        arg_min(repository_name, (paper_id, link_number)) AS name
    FROM paper_links
    WHERE repository_id IS NOT NULL
    GROUP BY repository_id
)
SELECT repository_id, host, owner, name, concat('https://', host, '/', owner, '/', name) AS url
FROM first_mentions
ORDER BY repository_id
