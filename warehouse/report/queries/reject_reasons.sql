-- Grain: one row per stage and reason for which records were refused, the most frequent first.
SELECT stage, reason, count(*) AS reject_count, count(DISTINCT source_id) AS source_count
FROM rejects
GROUP BY stage, reason
ORDER BY reject_count DESC, stage, reason
