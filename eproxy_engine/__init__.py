"""The engine of Eproxy Studio: an extensible training-free proxy for architecture search (Li et al. 2022)."""
