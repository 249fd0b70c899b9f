"""Taking in operations: read, decided and recorded, each by itself, acknowledged in one transaction."""
