-- Grain: one row per URL mention in the text of a paper.
SELECT
    best_records.cluster_id AS paper_id,
    link_number,
    url,
    url_raw,
    host,
    kind,
    role,
    field,
    char_start,
    char_end,
    rule_id,
    repository_id
FROM lake.links
JOIN best_records USING (source_id, record_number)
ORDER BY paper_id, link_number
