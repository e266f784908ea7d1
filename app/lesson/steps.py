"""Steps of the lesson, in order: modules with ``TITLE`` and ``show(store)``, which raises UserError."""

from app.lesson import (
    learning_rate,
    ranking,
    surfaces,
    table_1,
    the_task,
    two_architectures,
    with_the_barrier,
    without_the_barrier,
)

STEPS = (
    two_architectures,
    the_task,
    without_the_barrier,
    with_the_barrier,
    surfaces,
    learning_rate,
    ranking,
    table_1,
)
