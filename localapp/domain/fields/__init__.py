"""Fields: how what was typed becomes a value, or a problem code. The raw text is kept by the caller either way."""
