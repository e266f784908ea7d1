"""Any network as a backbone: its stage outputs are caught on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from eproxy_engine.errors import UserError, shown
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.own.stages import StageOutput

NO_STAGES = (
    "most of its layers do not work on a grid [b, c, h, h], which this proxy needs; accepted: a convolutional network"
)


class OwnBackbone(Backbone):
    """A network that comes with its own head.

    Args:
        network: Images ``[b, 3, h, h]`` -> logits ``[b, classes]``. It is changed: to train mode, without activations
            that work in place.
        stages: Its stage outputs, deepest first; none if it has none.
        parts: Its largest parts that return grids, in order.
        size: Side in pixels of the images that it takes; others are resized.
    """

    def __init__(
        self, network: nn.Module, stages: Sequence[StageOutput], parts: Sequence[nn.Module], size: int
    ) -> None:
        super().__init__()
        self.network = network.train()
        self.stage_channels = tuple(stage.channels for stage in stages)  # type: ignore[assignment]
        self._stages, self._parts, self._size = tuple(stages), tuple(parts), size
        for module in network.modules():
            if getattr(module, "inplace", None) is True:
                module.inplace = False  # type: ignore[assignment]  # stage outputs and proxies look at what it is given

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return the stage outputs. Raises UserError if the network has none."""
        if not self._stages:
            raise UserError(NO_STAGES)
        caught: dict[tuple[str, int], Tensor] = {}
        numbers: dict[str, int] = {}

        def catch(name: str, output: Tensor) -> None:
            caught[name, numbers.setdefault(name, 0)] = output
            numbers[name] += 1

        hooks = [
            self.network.get_submodule(name).register_forward_hook(lambda m, i, output, name=name: catch(name, output))
            for name in dict.fromkeys(stage.name for stage in self._stages)
        ]
        try:
            self.logits(x)
        finally:
            for hook in hooks:
                hook.remove()
        return [caught[stage.name, stage.number] for stage in self._stages]

    def logits(self, images: Tensor) -> Tensor:
        """Return what the network makes of images ``[b, 3, h, w]``: logits ``[b, classes]``."""
        images = images.contiguous()  # for networks that view tensors in another shape
        if images.shape[-1] != self._size:
            images = nn.functional.interpolate(images, (self._size, self._size), mode="bilinear")
        return logits_of(self.network(images))

    def classifier(self, classes: int) -> nn.Module:
        """Return nothing to compute: the network has its own head, see :meth:`logits`."""
        return nn.Identity()

    @property
    def parts(self) -> tuple[nn.Module, ...]:
        """Its largest parts that return grids, in order."""
        return self._parts


class Whole(OwnBackbone):
    """A network whose only output is its logits, as a grid of one pixel ``[b, classes, 1, 1]``, to count its layers."""

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.logits(x)[..., None, None]]


def logits_of(returned: object) -> Tensor:
    """Return the logits ``[b, classes]`` in what a network has returned: itself, the first of several, or named so.

    Raises:
        UserError: If there are none.
    """
    found = returned
    if isinstance(found, Mapping):
        found = found.get("logits", next(iter(found.values()), None))
    elif hasattr(found, "logits"):
        found = found.logits
    elif isinstance(found, tuple | list) and found:
        found = found[0]
    if not isinstance(found, Tensor) or found.ndim != 2:
        what = f"a tensor of shape {list(found.shape)}" if isinstance(found, Tensor) else shown(found)
        raise UserError(f"it returns {what}; accepted: logits [b, classes]")
    return found
