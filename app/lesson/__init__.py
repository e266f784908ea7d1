"""The lesson: why a barrier? Its steps are in :mod:`app.lesson.steps`."""
