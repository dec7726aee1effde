-- Grain: one row per measure, as the mart has them.
FROM data_quality
