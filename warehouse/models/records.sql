-- Grain: one row per record of the lake that parsed (papers of the lake, with what is known of their source).
-- Why: the clusters, the papers and the paper_sources below all start from it. Private to the build.
SELECT normalised.*, raw.line_number, raw.title_raw, raw.abstract_raw, sources.extracted_at, sources.markup
FROM lake.papers AS normalised
JOIN lake.raw_records AS raw USING (source_id, record_number)
JOIN lake.sources AS sources USING (source_id)
