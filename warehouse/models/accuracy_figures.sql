-- Grain: one row per figure of accuracy against labelled papers.
-- Why: who reads a number in SQL finds beside it how often such numbers are right.
SELECT gold, part, figure, CAST(value AS DOUBLE) AS value, pipeline_version
FROM vocabulary.accuracy_figures
ORDER BY gold, part, figure
