-- Grain: one row per dataset id of the vocabulary.
SELECT dataset_id, label, field_of_study, description FROM vocabulary.datasets ORDER BY dataset_id
