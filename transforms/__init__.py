"""Pure transforms, one module per table: a Polars frame in, a Polars frame out."""
