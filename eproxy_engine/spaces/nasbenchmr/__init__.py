"""NAS-Bench-MR (Ding et al., 2021): networks of up to four resolutions side by side, on nine tasks."""
