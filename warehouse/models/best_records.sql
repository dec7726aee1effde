-- Grain: one row per paper: the record that gives it its text.
-- Why: links, numbers and repairs belong to a text, so they are taken from that record alone. Private to the build.
SELECT cluster_id, source_id, record_number FROM ranked_records WHERE record_rank = 1
