-- Grain: one row: the release, the run that made it and how its checks ended.
SELECT
    release_id,
    run_id,
    published_at,
    release.pipeline_version,
    release.paper_count,
    release.link_count,
    release.metric_count,
    (SELECT count(DISTINCT paper_id) FROM links) AS linked_paper_count,
    (SELECT count(*) FROM sources) AS source_count,
    (SELECT count(DISTINCT paper_id) FROM reported_metrics) AS measured_paper_count,
    (SELECT count(DISTINCT paper_id) FROM paper_repositories WHERE role = 'own') AS code_paper_count,
    (SELECT count(*) FROM validation_results WHERE run_id = release.run_id AND is_success) AS passed_count,
    (SELECT count(*) FROM validation_results WHERE run_id = release.run_id AND NOT is_success) AS failed_count
FROM release
