"""The insurer's endpoint: who may speak, what was acknowledged, what was exported."""
