"""NAS-Bench-201 (Dong and Yang, 2020): 15,625 cells of six edges, with one of five operations on each."""
