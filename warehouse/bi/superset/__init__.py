"""Apache Superset over the warehouse: a bundle of datasets, charts and a dashboard, and what serves it on loopback."""
