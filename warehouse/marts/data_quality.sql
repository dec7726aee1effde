-- How complete is this release, what was refused, which checks failed, and how right are its numbers?
-- Grain: one row per topic (coverage, rejects, checks, corrections, accuracy) and measure.
-- `share` is value_count of of_count, or a figure of accuracy between 0 and 1; null where there is a plain count.
WITH measures AS (
    SELECT 1 AS topic_number, 'coverage' AS topic, 'records loaded' AS measure, sum(loaded_count) AS value_count,
        sum(record_count) AS of_count, 'records that gave a paper its text, of all read' AS description FROM sources
    UNION ALL
    SELECT 1, 'coverage', 'records duplicate', sum(duplicate_count), sum(record_count),
        'records whose paper has its text from another record' FROM sources
    UNION ALL
    SELECT 1, 'coverage', 'papers with own code', (SELECT count(DISTINCT paper_id) FROM papers_with_code), count(*),
        'papers that name a repository of their own' FROM papers
    UNION ALL
    SELECT 1, 'coverage', 'papers with a metric', (SELECT count(DISTINCT paper_id) FROM reported_metrics), count(*),
        'papers that report a number in title or abstract' FROM papers
    UNION ALL
    SELECT 1, 'coverage', 'metrics with a dataset', count(dataset), count(*), 'numbers whose dataset is named'
    FROM reported_metrics
    UNION ALL
    SELECT 1, 'coverage', 'metrics with a known dataset', count(dataset_id), count(*),
        'of these, datasets of the vocabulary' FROM reported_metrics
    UNION ALL
    SELECT 1, 'coverage', 'metrics of listed names', count(*) FILTER (family <> 'unlisted'), count(*),
        'numbers whose metric is in the vocabulary' FROM reported_metrics JOIN metric_names USING (metric)
    UNION ALL
    SELECT 2, 'rejects', 'records rejected', sum(rejected_count), sum(record_count), 'records refused, see rejects'
    FROM sources
    UNION ALL
    SELECT 2, 'rejects', reason, count(*), (SELECT sum(record_count) FROM sources), 'records refused for this reason'
    FROM rejects GROUP BY reason
    UNION ALL
    SELECT 2, 'rejects', 'files not read', count(*), NULL, 'in the run that made this release, see source_failures'
    FROM source_failures WHERE run_id = (SELECT run_id FROM release)
    UNION ALL
    SELECT 3, 'checks', concat(severity, ' checks passed'), count(*) FILTER (is_success), count(*),
        'in the run that made this release, see validation_results'
    FROM validation_results WHERE run_id = (SELECT run_id FROM release) GROUP BY severity
    UNION ALL
    SELECT 4, 'corrections', 'corrections applied', count(*) FILTER (outcome = 'applied'), count(*),
        'values that a person put in place of what the rules gave, see corrections' FROM corrections
)
SELECT topic, measure, value_count::BIGINT AS value_count, of_count::BIGINT AS of_count, share, description
FROM (
    SELECT topic_number, topic, measure, value_count, of_count,
        round(value_count / nullif(of_count, 0), 4) AS share, description
    FROM measures
    UNION ALL
    SELECT 5, 'accuracy', concat_ws(' ', gold, part, figure), NULL, NULL, value,
        CASE
            WHEN pipeline_version = (SELECT pipeline_version FROM release)
                THEN 'on labelled papers, measured of this version of the pipeline'
            ELSE concat('on labelled papers, measured of another version of the pipeline: ', pipeline_version)
        END
    FROM accuracy_figures
    WHERE figure IN ('detection.f1', 'tuple.f1', 'urls.f1', 'code_links.f1', 'repairs.made')
)
ORDER BY topic_number, measure
