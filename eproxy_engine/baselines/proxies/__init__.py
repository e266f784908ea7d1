"""Zero-cost proxies, one per file; :mod:`eproxy_engine.baselines.registry` imports them all."""
