"""The steps of a run, what orders them, and the command line."""
