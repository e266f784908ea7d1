"""Scoring: Eproxy and the proxies it is compared with as one kind of thing, alone or several together.

Importing it does not import torch.
"""

from eproxy_engine.scoring.ensemble import Ensemble
from eproxy_engine.scoring.member import Member, is_computed, member_of

__all__ = ["Ensemble", "Member", "is_computed", "member_of"]
