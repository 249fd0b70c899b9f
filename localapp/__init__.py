"""The advisor's desk."""
