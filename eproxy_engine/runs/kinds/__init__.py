"""The kinds of runs, a folder each; :mod:`eproxy_engine.runs.kinds.registry` lists them."""
