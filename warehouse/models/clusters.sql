-- Grain: one row per distinct paper_id of the records.
-- Why: two records are one paper when their arXiv ids agree (then their ids are equal already), or when their title
-- keys agree and their abstracts share more than half of their words (common words / all words; Chinese and Japanese,
-- which set no spaces, have a word per character). A title alone never merges. A paper_id may come with several texts,
-- and any of them may agree with another's. The smallest id of a cluster stands. A title key with more than 100
-- different texts is a stub ("Introduction"): comparing all its pairs would cost its square, so nothing is merged there.
-- Private to the build.
WITH RECURSIVE texts AS (SELECT DISTINCT paper_id, title_key, abstract FROM records),
worded AS (
    SELECT
        paper_id,
        title_key,
        list_distinct(
            string_split_regex(
                regexp_replace(lower(abstract), '([\p{Han}\p{Hiragana}\p{Katakana}])', ' \1 ', 'g'), '[\s\p{P}]+'
            )
        ) AS words
    FROM texts
    WHERE title_key IN (
        SELECT title_key FROM texts GROUP BY title_key HAVING count(*) <= 100 AND count(DISTINCT paper_id) > 1
    )
),
pairs AS (
    SELECT DISTINCT a.paper_id, b.paper_id AS other_paper_id
    FROM worded AS a
    JOIN worded AS b ON a.title_key = b.title_key AND a.paper_id <> b.paper_id
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
