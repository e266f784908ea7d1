"""Networks as compiled programs: the fast way to train on a CPU.

A network is traced once into a list of operations (:mod:`eproxy_engine.native.trace`), which is simplified
(:mod:`eproxy_engine.native.simplify`), laid out in memory (:mod:`eproxy_engine.native.plan`) and carried out by a
library of kernels (``kernels/``, :mod:`eproxy_engine.native.library`). The networks of torch are the reference: tests
compare every operation and every family of networks with them.
"""
