"""Cells of four nodes, shared by NAS-Bench-201 and TransNAS-Bench-101 Micro."""
