"""Signs and publishes components: what desks may fetch is decided here. In prose: docs/components.md."""
