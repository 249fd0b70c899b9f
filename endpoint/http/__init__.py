"""The endpoint over HTTP: thin routes around the cores."""
