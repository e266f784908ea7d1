"""What one browser session has chosen, and its form in the address bar."""

from app.shell.choice.address import from_query
from app.shell.choice.choice import DEFAULT_SPECIFICATION, Choice, with_space, with_specification, with_task
from app.shell.choice.opened import with_run

__all__ = [
    "DEFAULT_SPECIFICATION",
    "Choice",
    "from_query",
    "with_run",
    "with_space",
    "with_specification",
    "with_task",
]
