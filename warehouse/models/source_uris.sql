-- Grain: one row per name under which a content was seen.
SELECT source_id, uri, first_seen_at FROM lake.source_uris ORDER BY source_id, uri
