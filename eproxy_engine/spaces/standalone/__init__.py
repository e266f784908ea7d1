"""An architecture's network as one Python file that needs torch and nothing of this project.

:func:`module_source` writes it: the definitions that the backbone's class needs are copied out of their modules
(``copied.py``), and the call that made the backbone is written out (``expressions.py``).
"""

from eproxy_engine.spaces.standalone.file import NETWORK, module_source

__all__ = ["NETWORK", "module_source"]
