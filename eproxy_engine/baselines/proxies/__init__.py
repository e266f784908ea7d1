"""One zero-cost proxy a file; :mod:`eproxy_engine.baselines.registry` imports them all."""
