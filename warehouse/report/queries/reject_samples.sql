-- Grain: one row per sampled reject: the first few of each stage and reason.
SELECT
    stage,
    reason,
    (
        SELECT min(regexp_replace(uri, '^.*[/\\]', ''))
        FROM source_uris
        WHERE source_uris.source_id = rejects.source_id
    ) AS name,
    line_number,
    detail,
    left(text_raw, $text_chars) AS text_start,
    length(text_raw) > $text_chars AS is_cut
FROM rejects
QUALIFY row_number() OVER (PARTITION BY stage, reason ORDER BY source_id, record_number) <= $samples
ORDER BY stage, reason, name, line_number
