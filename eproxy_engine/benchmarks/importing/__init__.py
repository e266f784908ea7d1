"""Ground truth that a user brings: read and checked as a whole, shown to him, and only then kept.

Every importer answers with a :class:`~eproxy_engine.benchmarks.importing.checked.Checked` for a space; only its
``keep`` writes, all of it or nothing. Files may come from anywhere: they are read as plain values and never executed.
"""
