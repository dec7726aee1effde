-- Grain: one row per paper and address: its own code first, then what else is its own, then references.
SELECT paper_id, url, kind, role, role = 'own' AND repository_id IS NOT NULL AS is_own_code
FROM links
QUALIFY row_number() OVER (PARTITION BY paper_id, url ORDER BY role, link_number) = 1
ORDER BY paper_id, is_own_code DESC, role, link_number
