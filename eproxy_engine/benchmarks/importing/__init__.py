"""Importers of a user's own ground truth: read and check the whole file, show it, and only then keep it.

Every importer returns a :class:`~eproxy_engine.benchmarks.importing.checked.Checked` for a space; only its ``keep``
writes, all or nothing. Files are untrusted: they are read as plain values and never executed.
"""
