"""Turns the raw published figures into the compact tables this package ships (PROVENANCE.md).

    python -m eproxy_engine.benchmarks.convert RAW_FOLDER [SPACE …]

``RAW_FOLDER`` holds the files that PROVENANCE.md names. One file here a family; parameters, FLOPs and activations
are counted on the built network (:mod:`eproxy_engine.spaces.complexity`).
"""
