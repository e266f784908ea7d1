"""Eproxy (§2.1, §2.2): configuration, evaluation, score. Importing this does not import torch."""

from eproxy_engine.proxy.configuration import Branch, Configuration
from eproxy_engine.proxy.evaluation import Evaluation, Outcome
from eproxy_engine.proxy.presets import PRESETS, preset

__all__ = ["PRESETS", "Branch", "Configuration", "Evaluation", "Outcome", "preset"]
