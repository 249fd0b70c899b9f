"""The only SQL of the desk."""
