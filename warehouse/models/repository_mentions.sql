-- Grain: one row per link into a repository.
-- Why: repositories and paper_repositories both need owner, name and path, which links does not show. Private to the build.
SELECT
    best_records.cluster_id AS paper_id,
    mentions.link_number,
    mentions.repository_id,
    mentions.repository_owner,
    mentions.repository_name,
    mentions.repository_path,
    mentions.role,
    split_part(mentions.repository_id, '/', 1) AS host
FROM lake.links AS mentions
JOIN best_records USING (source_id, record_number)
WHERE repository_id IS NOT NULL
