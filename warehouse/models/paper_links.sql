-- Grain: one row per URL mention of a paper.
-- Why: what stands in a text comes from the record that gives the paper its text, because offsets are its; what pages
-- show beside a paper comes from all its records, each URL once. Private to the build.
WITH mentions AS (
    SELECT
        ranked_records.cluster_id,
        ranked_records.record_rank,
        record_links.*
    FROM lake.links AS record_links
    JOIN ranked_records USING (source_id, record_number)
    WHERE record_rank = 1 OR field = 'page'
    QUALIFY field <> 'page'
        OR row_number() OVER (PARTITION BY cluster_id, field, url ORDER BY record_rank, link_number) = 1
)
SELECT
    cluster_id AS paper_id,
    row_number() OVER (PARTITION BY cluster_id ORDER BY field = 'page', record_rank, link_number) AS link_number,
    * EXCLUDE (cluster_id, record_rank, paper_id, link_number)
FROM mentions
