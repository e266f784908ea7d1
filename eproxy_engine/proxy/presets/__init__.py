"""Named proxy configurations: one YAML file each in this folder."""

from pathlib import Path

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.proxy.configuration import Configuration

DEFAULT = "laptop"
PRESETS = {
    path.stem: Configuration.from_yaml(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("*.yaml"))
}


def preset(name: str = DEFAULT) -> Configuration:
    """The configuration of that name. Raises UserError."""
    if name not in PRESETS:
        raise UserError(one_of(name, PRESETS, "preset"))
    return PRESETS[name]
