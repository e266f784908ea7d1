"""Proxy page: one proxy on one sample."""
