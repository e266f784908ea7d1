"""Controls: each draws widgets for a part of the choice and returns the choice they describe."""
