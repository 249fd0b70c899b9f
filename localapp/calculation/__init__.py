"""Loads, checks and runs calculation libraries and form expressions in a worker process."""
