-- Grain: one row: all sources together.
SELECT
    count(*) AS source_count,
    coalesce(sum(byte_size), 0)::BIGINT AS byte_size,
    coalesce(sum(record_count), 0)::BIGINT AS record_count,
    coalesce(sum(loaded_count), 0)::BIGINT AS loaded_count,
    coalesce(sum(duplicate_count), 0)::BIGINT AS duplicate_count,
    coalesce(sum(rejected_count), 0)::BIGINT AS rejected_count
FROM sources
