-- Grain: one row per record, with its cluster and its rank in it; rank 1 gives the paper its text.
-- Why: which record that is must not depend on the order in which sources came. The better text wins: the one with
-- more words in its abstract, as pages cut texts short; then one whose source holds LaTeX as its authors wrote it; then
-- one that states the paper's arXiv id; then the smaller source_id and record number. Private to the build.
SELECT
    records.*,
    clusters.cluster_id,
    row_number() OVER (
        PARTITION BY clusters.cluster_id
        ORDER BY
            records.word_count DESC,
            records.markup <> 'source',
            records.arxiv_id IS NULL,
            records.source_id,
            records.record_number
    ) AS record_rank
FROM records
JOIN clusters USING (paper_id)
