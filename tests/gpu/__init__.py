"""What a GPU is good for, measured where there is one: ``python -m tests.gpu FOLDER``."""
