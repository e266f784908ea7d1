"""TransNAS-Bench-101 (Duan et al., 2021): 4,096 cells and 3,256 skeletons, measured on seven tasks."""
