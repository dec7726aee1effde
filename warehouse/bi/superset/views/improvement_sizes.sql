-- How large are the improvements that papers report?
-- Grain: one row per change or factor with role result, as in the mart improvements.
-- `measured_as` keeps apart what can't be compared; a factor below 1 ("1/10 of the time") counts as its inverse.
-- The ranges begin with a space where that makes them sort by size.
WITH sizes AS (
    SELECT
        *,
        CASE
            WHEN kind = 'factor' THEN 'factor'
            WHEN unit IS NOT NULL AND unit NOT IN ('%', 'pp', 'points') THEN 'other units'
            WHEN basis = 'absolute' THEN 'points'
            WHEN basis = 'relative' THEN 'relative %'
            ELSE '%, not said of what'
        END AS measured_as,
        CASE WHEN kind = 'factor' AND value BETWEEN 0 AND 1 THEN 1 / nullif(value, 0) ELSE value END AS size
    FROM improvements
)
SELECT
    *,
    CASE
        WHEN size IS NULL THEN NULL
        WHEN size < 1 THEN '  0–1'
        WHEN size < 2 THEN '  1–2'
        WHEN size < 5 THEN '  2–5'
        WHEN size < 10 THEN '  5–10'
        WHEN size < 20 THEN ' 10–20'
        WHEN size < 50 THEN ' 20–50'
        WHEN size < 100 THEN ' 50–100'
        ELSE '100+'
    END AS size_range
FROM sizes
