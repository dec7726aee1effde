-- Grain: one row per record loaded from a source.
-- Why: leads from a paper back to the line of the file it came from.
SELECT
    cluster_id AS paper_id,
    source_id,
    record_number,
    line_number,
    title_raw,
    abstract_raw,
    record_rank > 1 AS is_duplicate
FROM ranked_records
ORDER BY source_id, record_number
