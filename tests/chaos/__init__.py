"""The real desk killed at random moments of editing, and what must be there afterwards."""
