"""Forms as data: the definition, the answers and their evaluation."""
