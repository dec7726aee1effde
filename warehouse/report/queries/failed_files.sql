-- Grain: one row per file that the run of this release could not read.
SELECT regexp_replace(uri, '^.*[/\\]', '') AS name, reason, detail
FROM source_failures
WHERE run_id = (SELECT run_id FROM release)
ORDER BY name, reason
