"""Scoring: Eproxy and the proxies it is compared with as one kind of thing, alone or several together.

Importing it does not import torch.
"""

from eproxy_engine.scoring.proxy import Ensemble, Member, Proxy, combined, first_of, is_computed, members_of, title_of

__all__ = ["Ensemble", "Member", "Proxy", "combined", "first_of", "is_computed", "members_of", "title_of"]
