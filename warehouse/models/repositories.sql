-- Grain: one row per code repository.
-- Why: spelled as the paper with the smallest id first writes it, whatever the order in which sources came.
SELECT
    repository_id,
    any_value(host) AS host,
    arg_min(repository_owner, (paper_id, link_number)) AS owner,
    arg_min(repository_name, (paper_id, link_number)) AS name,
    'https://' || any_value(host) || '/' || arg_min(repository_owner, (paper_id, link_number)) || '/'
        || arg_min(repository_name, (paper_id, link_number)) AS url
FROM repository_mentions
GROUP BY repository_id
ORDER BY repository_id
