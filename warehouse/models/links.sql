-- Grain: one row per URL mention in the text of a paper or beside it on a page.
SELECT
    paper_id,
    link_number,
    url,
    url_raw,
    host,
    kind,
    role,
    field,
    char_start,
    char_end,
    rule_id,
    repository_id
FROM paper_links
ORDER BY paper_id, link_number
