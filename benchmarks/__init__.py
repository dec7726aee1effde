"""How fast the parts are, each beside a peer in the same run. Results are in docs/benchmarks.md."""
