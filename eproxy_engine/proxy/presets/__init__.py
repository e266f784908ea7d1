"""Named proxy configurations, one YAML file each in this folder."""

from pathlib import Path

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.proxy.configuration import Configuration

DEFAULT = "laptop"
PRESETS = {
    path.stem: Configuration.from_yaml(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("*.yaml"))
}


def preset(name: str = DEFAULT) -> Configuration:
    """Return the configuration of that name.

    Raises:
        UserError: If no preset has that name. The message lists the accepted names.

    Example:
        >>> preset("paper").learning_rate
        1.0
    """
    if name not in PRESETS:
        raise UserError(one_of(name, PRESETS, "preset"))
    return PRESETS[name]
