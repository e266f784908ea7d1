"""Search spaces: ``get(name)`` finds one, ``register`` adds one (docs/your-own-space.md).

>>> from eproxy_engine import spaces
>>> space = spaces.get("nasbench201")
>>> str(space.parse("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"))
'|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|'
"""

from eproxy_engine.spaces.interface import Architecture, SearchSpace, Task
from eproxy_engine.spaces.registry import get, names, plugin_problems, register

__all__ = ["Architecture", "SearchSpace", "Task", "get", "names", "plugin_problems", "register"]
