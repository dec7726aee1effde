-- Grain: one row per distinct paper_id of the records.
-- Why: two records are one paper when their arXiv ids agree (then their ids are equal already), or when their title
-- keys agree and their abstracts share more than half of their words. A title alone never merges. The smallest id of
-- a cluster stands. A title key with more than 100 different texts is a stub ("Introduction"): comparing all its
-- pairs would cost its square, so nothing is merged there. Private to the build.
WITH RECURSIVE texts AS (
    SELECT paper_id, min(title_key) AS title_key,
        list_distinct(string_split(lower(min(abstract)), ' ')) AS words
    FROM records
    WHERE title_key IN (
        SELECT title_key FROM records GROUP BY title_key HAVING count(DISTINCT paper_id) BETWEEN 2 AND 100
    )
    GROUP BY paper_id
),
pairs AS (
    SELECT a.paper_id, b.paper_id AS other_paper_id
    FROM texts AS a
    JOIN texts AS b ON a.title_key = b.title_key AND a.paper_id <> b.paper_id
    WHERE 2 * len(list_intersect(a.words, b.words)) > len(list_distinct(list_concat(a.words, b.words)))
),
reached AS (
    SELECT paper_id, paper_id AS member_id FROM (SELECT DISTINCT paper_id FROM pairs)
    UNION
    SELECT reached.paper_id, pairs.other_paper_id FROM reached JOIN pairs ON pairs.paper_id = reached.member_id
),
smallest AS (SELECT paper_id, min(member_id) AS cluster_id FROM reached GROUP BY paper_id)
SELECT ids.paper_id, coalesce(smallest.cluster_id, ids.paper_id) AS cluster_id
FROM (SELECT DISTINCT paper_id FROM records) AS ids
LEFT JOIN smallest USING (paper_id)
