"""Animation of a loss surface from update to update."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty
from app.charts.playing import buttons
from app.charts.scene import (
    LOG_LOSS,
    LOSS,
    common_range,
    dressed,
    heights,
    lift,
    place,
    scenes,
    spanned,
    surface_trace,
    themed,
)
from app.charts.shown import Shown
from app.charts.surface_titles import by_barrier, figures, with_remarks
from app.charts.surfaces import remarks

MOST_SCENES = 2
_MILLISECONDS = 700  # per frame


class Frame(NamedTuple):
    """Surfaces after some number of updates, one entry per scene."""

    iteration: int
    x: list[NDArray[np.float64]]
    y: list[NDArray[np.float64]]
    z: list[NDArray[np.float64]]
    """Losses or their log10; nan is a gap."""
    centre: list[float]
    """Height of the middle, where the path is."""


class AnimationData(NamedTuple):
    """Data of the chart."""

    title: str
    titles: list[str]
    """Titles of the scenes."""
    frames: list[Frame]
    loss_title: str
    z_range: tuple[float, float] | None
    """Range over all frames."""


def animation_data(frames: Sequence[tuple[int, Sequence[Shown]]], logarithmic: bool) -> AnimationData:
    """Prepare the ``frames``: updates so far and the landscapes around the point reached, the same scenes in each.

    Raises: ValueError for more than two scenes, or frames of different scenes.
    """
    scenes_of = {tuple((each.title, each.barrier) for each in shown) for _, shown in frames}
    if len(scenes_of) > 1 or any(len(found) > MOST_SCENES for found in scenes_of):
        raise ValueError(f"all frames show the same one or two scenes, but got {sorted(scenes_of)}")
    made = [_frame(iteration, shown, logarithmic) for iteration, shown in frames]
    return AnimationData(
        title=_title(frames, logarithmic),
        titles=[title for found in scenes_of for title, _ in found],
        frames=made,
        loss_title=LOG_LOSS if logarithmic else LOSS,
        z_range=common_range([z for frame in made for z in frame.z]),
    )


def animation_figure(data: AnimationData, dark: bool | None = None) -> go.Figure:
    """Draw the frames with buttons to play and pause and a slider to pick an update; all share heights and colours."""
    if data.z_range is None:
        return themed(empty(data.title, "no row computed yet"), dark)
    figure = scenes(data.titles)
    first, up = data.frames[0], lift(data.z_range)
    for i in range(len(data.titles)):
        where = place(i, len(data.titles))
        spanned(figure, first.x[i], first.y[i], where)
        for trace in _traces(first, i, data.loss_title, up):
            figure.add_trace(trace, **where)
    figure.frames = [
        go.Frame(
            name=str(frame.iteration),
            data=[trace for i in range(len(data.titles)) for trace in _traces(frame, i, data.loss_title, up)],
            traces=list(range(len(figure.data))),
        )
        for frame in data.frames
    ]
    dressed(figure, data.title, data.loss_title, data.z_range, dark)
    return figure.update_layout(
        updatemenus=[_buttons()], sliders=[_slider([frame.iteration for frame in data.frames])], margin_b=90
    )


def _frame(iteration: int, shown: Sequence[Shown], logarithmic: bool) -> Frame:
    found = [each.landscape for each in shown]
    centre = [float(heights(np.array([each.centre_loss]), logarithmic)[0]) for each in found]
    z = [heights(each.loss, logarithmic) for each in found]
    return Frame(iteration, [each.x for each in found], [each.y for each in found], z, centre)


def _traces(frame: Frame, i: int, loss_title: str, up: float) -> list[go.Surface | go.Scatter3d]:
    """Draw one surface, and the point reached in its middle."""
    point = {"symbol": "diamond", "size": 7, "color": palette.SELECTED, "line": {"color": palette.BLACK, "width": 1}}
    centre = go.Scatter3d(
        x=[0],
        y=[0],
        z=[frame.centre[i] + up],
        mode="markers",
        marker=point,
        hovertemplate=f"the point reached after {frame.iteration} updates<extra></extra>",
        showlegend=False,
    )
    return [surface_trace(frame.x[i], frame.y[i], frame.z[i], loss_title), centre]


def _buttons() -> dict[str, Any]:
    go_on = {"frame": {"duration": _MILLISECONDS, "redraw": True}, "transition": {"duration": 0}, "fromcurrent": True}
    return buttons("Play", go_on, redraw=True, top=30)


def _slider(iterations: list[int]) -> dict[str, Any]:
    at_once = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}}
    steps = [{"label": str(n), "method": "animate", "args": [[str(n)], at_once]} for n in iterations]
    return {
        "active": 0,
        "currentvalue": {"prefix": "updates: "},
        "x": 0.16,
        "len": 0.84,
        "y": 0,
        "pad": {"t": 10},
        "steps": steps,
    }


def _title(frames: Sequence[tuple[int, Sequence[Shown]]], logarithmic: bool) -> str:
    if not frames:
        return "Loss surfaces from update to update"
    (start, first), (end, last) = frames[0], frames[-1]
    everything = [each for _, shown in frames for each in shown]
    told = by_barrier(
        (f"{_rugged(one)} → {_rugged(other)}", one.barrier) for one, other in zip(first, last, strict=True)
    )
    finding = f"Ruggedness of log₁₀ loss from {start} to {end} updates: {told}"
    return with_remarks(finding, remarks(everything, logarithmic)[:2])


def _rugged(shown: Shown) -> str:
    return figures(shown.landscape.measures.log_ruggedness)
