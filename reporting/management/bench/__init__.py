"""Performance figures as ratios taken side by side in one run: docs/performance.md."""
