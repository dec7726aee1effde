-- Grain: one row per record that was refused.
SELECT source_id, record_number, line_number, stage, reason, detail, text_raw
FROM lake.rejects
ORDER BY source_id, record_number
