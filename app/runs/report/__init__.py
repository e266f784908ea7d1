"""A report: one file in HTML with figures, tables and settings of runs, which opens anywhere without a network."""
