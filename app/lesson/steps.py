"""Steps of the lesson, in order: modules with ``TITLE`` and ``show(store)``, which raises UserError."""

from app.lesson import (
    learning_rate,
    ranking,
    sorting,
    surfaces,
    table_1,
    take_away,
    the_task,
    two_architectures,
    when,
    with_the_barrier,
    without_the_barrier,
)

STEPS = (
    two_architectures,
    the_task,
    sorting,
    without_the_barrier,
    with_the_barrier,
    ranking,
    surfaces,
    learning_rate,
    table_1,
    when,
    take_away,
)
