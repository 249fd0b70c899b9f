"""The tables of v0001, by what they hold. Frozen with it."""
