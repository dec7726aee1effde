-- Grain: one row per distinct paper.
-- Why: the text comes from the best record of its cluster; the arXiv id and the day of publication, if that one states
-- none, and what counts sources come from all of them.
SELECT
    best.cluster_id AS paper_id,
    best.title,
    best.title_key,
    best.system_name,
    best.abstract,
    coalesce(best.arxiv_id, seen.arxiv_id) AS arxiv_id,
    coalesce(best.published_on, seen.published_on) AS published_on,
    best.word_count,
    best.sentence_count,
    seen.source_count,
    seen.first_seen_at,
    seen.last_seen_at
FROM ranked_records AS best
JOIN (
    SELECT
        cluster_id,
        count(DISTINCT source_id) AS source_count,
        min(extracted_at) AS first_seen_at,
        max(extracted_at) AS last_seen_at,
        min(arxiv_id) AS arxiv_id,
        min(published_on) AS published_on
    FROM ranked_records
    GROUP BY cluster_id
) AS seen USING (cluster_id)
WHERE best.record_rank = 1
ORDER BY paper_id
