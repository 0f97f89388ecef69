"""The path of a recording: Prefect flows and the command line."""
