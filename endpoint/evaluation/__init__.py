"""The re-evaluation: what a desk has completed, judged again with the insurer's own copies."""
