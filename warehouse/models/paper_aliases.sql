-- Grain: one row per paper_id that was merged into another.
-- Why: a note that names the old id still finds the paper.
SELECT
    cluster_id AS paper_id,
    paper_id AS merged_paper_id,
    greatest(
        min(extracted_at),
        (SELECT min(extracted_at) FROM ranked_records AS kept WHERE kept.paper_id = merged.cluster_id)
    ) AS merged_at
FROM ranked_records AS merged
WHERE paper_id <> cluster_id
GROUP BY paper_id, cluster_id
ORDER BY merged_paper_id
