-- How complete is this release, what was refused and which checks failed?
-- Grain: one row per measure; `share` is null where it is a plain count.
SELECT measure, value_count, of_count, round(value_count / nullif(of_count, 0), 4) AS share, description
FROM (
    SELECT 'records loaded' AS measure, sum(loaded_count) AS value_count, sum(record_count) AS of_count,
        'records that gave a paper its text, of all read' AS description FROM sources
    UNION ALL
    SELECT 'records duplicate', sum(duplicate_count), sum(record_count),
        'records whose paper has its text from another record' FROM sources
    UNION ALL
    SELECT 'records rejected', sum(rejected_count), sum(record_count), 'records refused, see rejects' FROM sources
    UNION ALL
    SELECT 'papers with own code', (SELECT count(DISTINCT paper_id) FROM papers_with_code), count(*),
        'papers that name a repository of their own' FROM papers
    UNION ALL
    SELECT 'papers with a metric', (SELECT count(DISTINCT paper_id) FROM reported_metrics), count(*),
        'papers that report a number in title or abstract' FROM papers
    UNION ALL
    SELECT 'metrics with a dataset', count(dataset), count(*), 'numbers whose dataset is named' FROM reported_metrics
    UNION ALL
    SELECT 'metrics with a known dataset', count(dataset_id), count(*), 'of these, datasets of the vocabulary'
    FROM reported_metrics
    UNION ALL
    SELECT 'metrics of listed names', count(*) FILTER (family <> 'unlisted'), count(*),
        'numbers whose metric is in the vocabulary' FROM reported_metrics JOIN metric_names USING (metric)
    UNION ALL
    SELECT 'checks passed', count(*) FILTER (is_success), count(*), 'checks of the run that made this release'
    FROM validation_results WHERE run_id = (SELECT run_id FROM release)
    UNION ALL
    SELECT 'files not read', count(*), NULL, 'in the run that made this release, see source_failures'
    FROM source_failures WHERE run_id = (SELECT run_id FROM release)
)
