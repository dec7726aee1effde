-- Grain: one row per check of the run that made the release, the failed ones first.
SELECT table_name, expectation, column_name, scope, severity, is_success, unexpected_count, checked_count, detail
FROM validation_results
WHERE run_id = (SELECT run_id FROM release)
ORDER BY is_success, severity, table_name, expectation, column_name, scope
