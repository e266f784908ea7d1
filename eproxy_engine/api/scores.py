"""``ep.score``: proxies on networks of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from eproxy_engine.api.arguments import ProxyLike, named_proxies
from eproxy_engine.api.result import Result
from eproxy_engine.baselines import Baseline
from eproxy_engine.counted import counted
from eproxy_engine.runs.foreground import counting
from eproxy_engine.scoring.named import SLOW, names

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from torch import nn

    Network = nn.Module | type[nn.Module] | Callable[[], nn.Module] | str


@dataclass(frozen=True, eq=False, repr=False)
class Scored(Result):
    """Scores of networks.

    ``frame`` has a row per network, indexed by its name: ``parameters``, ``flops`` (multiply–accumulates for one image
    of side ``size``), ``size`` (pixels), and a column per proxy, higher is better; nan where ``notes`` say why.
    """

    notes: pd.DataFrame
    """``network``, ``proxy`` and ``note``: why a score is missing, or what was done differently."""

    @property
    def summary(self) -> str:
        missing = int(self.frame.isna().to_numpy().sum())
        return counted(len(self.frame.columns) - 3, "proxy", "proxies") + (
            f", {counted(missing, 'score')} missing (see notes)" if missing else ""
        )

    def __str__(self) -> str:
        """Show a row per proxy and a column per network."""
        return f"{self!r}\n{self.frame.T.to_string(float_format=_shown)}"

    def plot(self) -> go.Figure:
        """Draw the rank of each network by each proxy, 1 being the best."""
        from eproxy_engine.api.figures import SURFACE, figure, go

        ranks = self.frame.drop(columns="size").rank(ascending=False)
        drawn = figure(
            go.Heatmap(z=ranks, x=list(ranks), y=list(map(str, ranks.index)), colorscale=SURFACE, reversescale=True),
            title="Rank of each network by each proxy, 1 is the best",
        )
        return drawn


def score(
    networks: Network | Iterable[Network] | Mapping[str, Network],
    proxies: ProxyLike | Iterable[ProxyLike] | Mapping[str, ProxyLike] | None = None,
    *,
    size: int | None = None,
    batch: int = Baseline.batch,
    images: str = "bundled",
    seed: int = 1,
    device: str = "auto",
    progress: bool = True,
) -> Scored:
    """Score networks that belong to no search space: any ``torch.nn.Module`` that takes images.

    Zero-cost proxies see the whole network. Eproxy puts its heads on what the network computes before each
    downsampling (Li et al. 2022, §2.2), which is found by watching its modules, and on its deepest grid. Nothing is
    stored, as the weights are your own.

    Args:
        networks: A network, several, or a mapping of names to them. Each is a ``torch.nn.Module`` from images
            ``[b, 3, h, h]`` to logits ``[b, classes]``, which is copied with the weights that it has (the proxies are
            meant for weights before training); a class or function that makes one, called with the seed; or a text:
            ``FILE.py:NAME``, or the name of a model of torchvision or timm where they are installed.
        proxies: Names, files or configurations as for :func:`compare`; by default all that take seconds.
        size: Side of the images in pixels; by default the smallest of 32, 64, 128, 224 and 299 that leaves the network
            a deepest grid of 4 x 4. Images are enlarged from 32 pixels.
        batch: Images that a proxy other than Eproxy sees.
        images: Image source, as for :func:`evaluate`.
        seed: Seed of images, targets, labels and all else that is random.
        device: ``auto``, ``cpu`` or ``cuda``.
        progress: Whether to show a progress bar.

    Returns:
        The scores, and why some are missing.

    Raises:
        UserError: If a network cannot be used; the message says why.

    Example:
        >>> import eproxy_engine as ep
        >>> from torch import nn
        >>> network = nn.Sequential(
        ...     nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)
        ... )
        >>> found = ep.score(network, ["parameters", "grad_norm"], progress=False)
        >>> int(found.frame["parameters"].iloc[0]), bool(found.frame["grad_norm"].iloc[0] > 0)
        (314, True)
    """
    from eproxy_engine.scoring.own import evaluations_of, scores_of_networks
    from eproxy_engine.spaces.own.reading import by_name
    from eproxy_engine.spaces.own.space import OwnNetworks

    space = OwnNetworks(by_name(networks), size)
    default = [name for name in names() if name not in SLOW]
    wanted = named_proxies(default if proxies is None else proxies, batch, Baseline.width)
    with counting("scores", evaluations_of(space, wanted), progress) as told:
        frame, notes = scores_of_networks(space, wanted, images, seed, device, told)
    title = ", ".join(space.networks) if len(space.networks) < 4 else f"{len(space.networks)} networks"
    return Scored(title, frame, notes)


def _shown(value: float) -> str:
    """Write a number: sizes in full, scores with four digits."""
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"
