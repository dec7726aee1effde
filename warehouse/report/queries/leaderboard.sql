-- Grain: one row per place on the board of the dataset and metric that most papers report: the best of each paper.
-- Why: only where the metric says which way is better, and two papers or more can be compared.
WITH places AS (
    SELECT
        leaderboard.* EXCLUDE (system),
        higher_is_better,
        coalesce(leaderboard.system, papers.system_name, leaderboard.title) AS system
    FROM leaderboard
    JOIN papers USING (paper_id)
    JOIN metric_names USING (metric)
    WHERE place_number IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY dataset, metric, comparable_unit, leaderboard.paper_id ORDER BY place_number, metric_id
    ) = 1
),
board AS (
    SELECT dataset, metric, comparable_unit, count(*) AS paper_count
    FROM places
    GROUP BY dataset, metric, comparable_unit
    HAVING paper_count >= 2
    ORDER BY paper_count DESC, bool_or(dataset_id IS NOT NULL) DESC, dataset, metric, comparable_unit
    LIMIT 1
)
SELECT
    places.dataset,
    metric_label,
    places.comparable_unit,
    higher_is_better,
    paper_count,
    rank() OVER (ORDER BY place_number) AS place,
    comparable_value,
    system,
    title,
    repository_url
FROM places
JOIN board
    ON places.dataset = board.dataset
    AND places.metric = board.metric
    AND places.comparable_unit IS NOT DISTINCT FROM board.comparable_unit
ORDER BY place, title, paper_id
LIMIT $limit
