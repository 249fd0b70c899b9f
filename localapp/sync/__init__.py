"""Exchange with the endpoint; comes with activation."""
