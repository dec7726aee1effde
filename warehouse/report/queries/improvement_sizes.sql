-- Grain: one row per measure and size class, empty ones too.
-- Why: a percentage that the text leaves open may be points or relative, so it is a measure of its own. Points are
-- percentage points and points of a score alike. Classes grow with the size: gains of 1 and of 50 fit one picture.
-- A range counts at its low end, "up to 8%" at 8; a factor of 0.1 is one of 10 the other way.
WITH sizes AS (
    SELECT
        CASE
            WHEN kind = 'factor' THEN 'factor'
            WHEN basis = 'absolute' AND (unit IN ('%', 'pp', 'points') OR unit IS NULL) THEN 'points'
            WHEN basis = 'relative' AND unit = '%' THEN 'relative'
            WHEN basis IS NULL AND unit = '%' THEN 'open'
        END AS measure,
        CASE WHEN kind = 'factor' AND value < 1 THEN 1 / nullif(value, 0) ELSE value END AS size
    FROM improvements
),
classes (measure, class_number, low, high) AS (
    VALUES
        ('points', 1, 0, 1), ('points', 2, 1, 2), ('points', 3, 2, 5), ('points', 4, 5, 10), ('points', 5, 10, 20),
        ('points', 6, 20, 50), ('points', 7, 50, NULL),
        ('relative', 1, 0, 2), ('relative', 2, 2, 5), ('relative', 3, 5, 10), ('relative', 4, 10, 20),
        ('relative', 5, 20, 50), ('relative', 6, 50, 100), ('relative', 7, 100, NULL),
        ('open', 1, 0, 2), ('open', 2, 2, 5), ('open', 3, 5, 10), ('open', 4, 10, 20), ('open', 5, 20, 50),
        ('open', 6, 50, 100), ('open', 7, 100, NULL),
        ('factor', 1, 1, 2), ('factor', 2, 2, 5), ('factor', 3, 5, 10), ('factor', 4, 10, 20), ('factor', 5, 20, 50),
        ('factor', 6, 50, 100), ('factor', 7, 100, 200), ('factor', 8, 200, 500), ('factor', 9, 500, 1000),
        ('factor', 10, 1000, NULL)
)
SELECT classes.measure, class_number, low, high, count(size) AS improvement_count
FROM classes
LEFT JOIN sizes ON sizes.measure = classes.measure AND size >= low AND (size < high OR high IS NULL)
GROUP BY ALL
ORDER BY classes.measure, class_number
