-- Grain: one row per distinct content, the newest first, as far as the page shows them.
-- Why: names without their folders: a page is passed on, and folders tell of the machine that it was made on.
SELECT
    source_id,
    (
        SELECT string_agg(DISTINCT regexp_replace(uri, '^.*[/\\]', ''), ', ')
        FROM source_uris
        WHERE source_uris.source_id = sources.source_id
    ) AS names,
    byte_size,
    record_count,
    loaded_count,
    duplicate_count,
    rejected_count,
    extracted_at
FROM sources
ORDER BY extracted_at DESC, source_id
LIMIT $limit
