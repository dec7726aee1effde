-- Grain: one row per repair of a title or an abstract.
SELECT best_records.cluster_id AS paper_id, field, repair_number, char_start, found, repaired, rule_id
FROM lake.text_repairs
JOIN best_records USING (source_id, record_number)
ORDER BY paper_id, field, repair_number
