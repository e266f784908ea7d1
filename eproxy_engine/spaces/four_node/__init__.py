"""Cells of four nodes, which NAS-Bench-201 and TransNAS-Bench-101 Micro are made of."""
