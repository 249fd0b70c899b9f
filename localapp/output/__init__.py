"""Documents for paper and signature; comes with the printed offer."""
