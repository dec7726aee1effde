-- Grain: one row per distinct content.
-- Why: loaded and duplicate depend on all sources, so they are counted here: read = loaded + duplicate + rejected.
SELECT
    source_id,
    format,
    markup,
    byte_size,
    record_count,
    count(*) FILTER (NOT is_duplicate) AS loaded_count,
    count(*) FILTER (is_duplicate) AS duplicate_count,
    rejected_count,
    pipeline_version,
    extracted_at
FROM lake.sources
LEFT JOIN paper_sources USING (source_id)
GROUP BY ALL
ORDER BY source_id
