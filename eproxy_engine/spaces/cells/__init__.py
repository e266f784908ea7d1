"""Networks of two repeated cells, normal and reduction: NDS (Radosavovic et al., 2019) and DARTS (Liu et al., 2019)."""
