"""What desk and endpoint say to each other, once for both. The protocol in prose: docs/sync-protocol.md."""
