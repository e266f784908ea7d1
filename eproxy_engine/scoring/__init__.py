"""Scoring: Eproxy and other proxies behind one interface, alone or as ensembles.

Importing it does not import torch.
"""

from eproxy_engine.scoring.flops import flops_norm
from eproxy_engine.scoring.proxy import Ensemble, Member, Proxy, combined, first_of, is_computed, members_of, title_of

__all__ = ["Ensemble", "Member", "Proxy", "combined", "first_of", "flops_norm", "is_computed", "members_of", "title_of"]
