"""One machine that stands for many: other instruction sets of its processor, and a stand-in for a GPU."""
