"""Dashboards over the warehouse."""
