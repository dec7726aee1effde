-- What became of the records of each source?
-- Grain: one row per source and outcome: loaded, duplicate, or rejected for a reason.
WITH names AS (
    SELECT source_id, regexp_extract(min(uri), '[^/\\]+$') AS source
    FROM source_uris
    GROUP BY source_id
),
outcomes AS (
    SELECT source_id, 'loaded' AS outcome, loaded_count AS record_count FROM sources
    UNION ALL
    SELECT source_id, 'duplicate', duplicate_count FROM sources
    UNION ALL
    SELECT source_id, 'rejected: ' || reason, count(*) FROM rejects GROUP BY source_id, reason
)
SELECT source, source_id, outcome, outcomes.record_count, extracted_at
FROM outcomes
JOIN sources USING (source_id)
JOIN names USING (source_id)
WHERE outcomes.record_count > 0
