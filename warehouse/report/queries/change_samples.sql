-- Grain: one row per sampled row and, for a changed one, column.
-- Why: names of files stand without their folders, because a report is passed on and folders tell of the machine.
SELECT
    table_name,
    change,
    sample_number,
    CASE WHEN table_name = 'source_uris' THEN regexp_replace(row_key, 'uri=.*[/\\]', 'uri=') ELSE row_key END AS row_key,
    column_name,
    old_value,
    new_value
FROM release_change_samples
ORDER BY table_name, change, sample_number, column_name
