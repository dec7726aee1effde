-- Grain: one row per sampled row and, for a changed one, column.
SELECT table_name, change, sample_number, row_key, column_name, old_value, new_value
FROM release_change_samples
ORDER BY table_name, change, sample_number, column_name
