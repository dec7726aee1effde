-- Grain: one row per table that was compared with the release before.
SELECT
    table_name,
    before_release_id,
    is_comparable,
    reason,
    added_count,
    removed_count,
    changed_count,
    changed_columns
FROM release_changes
ORDER BY coalesce(added_count, 0) + coalesce(removed_count, 0) + coalesce(changed_count, 0) DESC, table_name
