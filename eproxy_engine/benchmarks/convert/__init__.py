"""Conversion of the raw published figures into the compact tables that this package ships (PROVENANCE.md).

    python -m eproxy_engine.benchmarks.convert RAW_FOLDER [SPACE …]

``RAW_FOLDER`` holds the files that PROVENANCE.md names. Each family has one module here. Parameters, FLOPs and
activations are counted on the built network (:mod:`eproxy_engine.spaces.complexity`).
"""
