"""Scores of networks that belong to no search space."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.proxy.evaluation import LONGEST_NOTE
from eproxy_engine.scoring.computing import evaluate
from eproxy_engine.scoring.flops import flops_norm
from eproxy_engine.scoring.named import NamedProxy
from eproxy_engine.scoring.proxy import Ensemble, Member, combined, is_computed, members_of
from eproxy_engine.spaces import registry
from eproxy_engine.spaces.own.backbone import NO_STAGES
from eproxy_engine.spaces.own.space import Network, OwnNetworks

LOG = logging.getLogger(__name__)
COUNTED = ("parameters", "flops")
WATCH_RELUS = ("naswot", "swap")
NO_RELUS = "none of its activations is a module torch.nn.ReLU, which this proxy watches; accepted: modules of ReLUs"
ALONE = "ranks networks among each other; accepted: two or more"


def scores_of_networks(
    space: OwnNetworks,
    proxies: Sequence[NamedProxy],
    images: str = "bundled",
    seed: int = 1,
    device: str = "auto",
    told: Callable[[], None] = lambda: None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score networks by several proxies.

    Args:
        space: The networks.
        proxies: The proxies.
        images: Image source.
        seed: Seed of images, weights that a function draws, targets and all else that is random.
        device: ``auto``, ``cpu`` or ``cuda``.
        told: Called after each computed score.

    Returns:
        First, one row per network, indexed by ``network``: ``parameters``; ``flops``, multiply–accumulates for one
        image of side ``size``; and a column per proxy, higher is better, nan where it cannot be computed. Then, one row
        for each of those and for each score that was computed differently: ``network``, ``proxy`` and the ``note`` that
        says why.

    Raises:
        UserError: If the device or the images cannot be used.
    """
    rows = pd.DataFrame([_counted(space, name) for name in space.networks]).set_index("network")
    notes: list[dict[str, str]] = []
    with registry.lent(space):
        for proxy in proxies:
            rows[proxy.name] = _scores(space, proxy, rows, (images, seed, device), notes, told)
    return rows, pd.DataFrame(notes, columns=["network", "proxy", "note"]).drop_duplicates(ignore_index=True)


def evaluations_of(space: OwnNetworks, proxies: Sequence[NamedProxy]) -> int:
    """Return how many scores have to be computed."""
    computed = [member for proxy in proxies for member in members_of(proxy.proxy) if is_computed(member)]
    return len(computed) * len(space.networks)


def _counted(space: OwnNetworks, name: str) -> dict[str, object]:
    try:
        counts = space.counts(name)
        parameters, flops = counts.parameters, float(counts.flops)
    except UserError:  # a network that the meta device cannot run
        network = space.networks[name].make()
        parameters, flops = sum(each.numel() for each in network.parameters() if each.requires_grad), math.nan
    return {"network": name, "parameters": parameters, "flops": flops, "size": space.networks[name].size}


def _scores(
    space: OwnNetworks,
    proxy: NamedProxy,
    rows: pd.DataFrame,
    how: tuple[str, int, str],
    notes: list[dict[str, str]],
    told: Callable[[], None],
) -> np.ndarray:
    """Return one score per network, shape (n,), and add to ``notes``."""
    if isinstance(proxy.proxy, Ensemble) and len(rows) < 2:
        notes += [{"network": name, "proxy": proxy.name, "note": ALONE} for name in rows.index]
        return np.full(len(rows), math.nan)
    found = np.empty((len(members_of(proxy.proxy)), len(rows)))
    for place, member in enumerate(members_of(proxy.proxy)):
        for column, name in enumerate(rows.index):
            found[place, column], note = _score(space, member, name, float(rows.at[name, "flops"]), rows, how)
            if note:
                notes.append({"network": str(name), "proxy": proxy.name, "note": note})
            if is_computed(member):
                told()
    failed = np.isnan(found).any(axis=0)
    scores = combined(proxy.proxy, np.nan_to_num(found, nan=-math.inf), rows["flops"].to_numpy(float))
    return np.where(failed, math.nan, scores)


def _score(
    space: OwnNetworks, member: Member, name: str, flops: float, rows: pd.DataFrame, how: tuple[str, int, str]
) -> tuple[float, str | None]:
    """Return a score, nan where there is none, and a note that says why."""
    if not is_computed(member):
        assert isinstance(member, Baseline)
        if member.name not in COUNTED:
            return math.nan, "is read from a benchmark's table, where this network is not"
        return float(rows.at[name, member.name]), None
    images, seed, device = how
    if refused := _refusal(space.networks[name], member):
        return math.nan, refused
    try:
        outcome = evaluate(Evaluation.of(space.name, name, member, images, seed), device)
        return _read(outcome, member, flops_norm(member, space.name, flops) if flops > 0 else 0.0)
    except Exception as error:  # one proxy's failure does not stop the others
        LOG.info("%s of %s failed", member, name, exc_info=True)
        said = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        return math.nan, " ".join(said.split())[:LONGEST_NOTE]


def _refusal(network: Network, member: Member) -> str | None:
    """Say why a proxy can see nothing of a network; None if it can."""
    if isinstance(member, Configuration):
        return None if network.stages else NO_STAGES
    return NO_RELUS if member.name in WATCH_RELUS and not network.has_relus else None


def _read(outcome: Outcome, member: Member, norm: float) -> tuple[float, str | None]:
    score = outcome.score(member, norm)
    if math.isfinite(score):
        return score, outcome.note
    return math.nan, (outcome.note or "its training diverged").removeprefix("UserError: ")
