"""The desk's synchronization."""
