"""Figure as a separate HTML page in which turning one scene turns all others."""

from __future__ import annotations

import json
from html import escape

import plotly.graph_objects as go

from app.charts.tool_bar import TOOL_BAR_CSS

LINK = """
const plot = document.getElementById("{plot_id}"), store = "camera-" + __KEY__;
const scenes = () => Object.keys(plot._fullLayout).filter((name) => /^scene[0-9]*$/.test(name));
const seen = (name) => plot._fullLayout[name]._scene.getCamera();
const far = (a, b) => ["eye", "center", "up"].some((part) =>
  ["x", "y", "z"].some((axis) => Math.abs(a[part][axis] - b[part][axis]) > 1e-4));
let common = null, following = false, until = 0;

function turnAll(camera) {
  common = camera;
  try { sessionStorage.setItem(store, JSON.stringify(camera)); } catch { /* a file may not store anything */ }
  return Plotly.relayout(plot, Object.fromEntries(scenes().map((name) => [name + ".camera", camera])));
}
function follow() {
  const turned = scenes().find((name) => far(seen(name), common));
  if (turned) {
    common = seen(turned);
    until = performance.now() + 400;
    for (const name of scenes()) {
      const layout = plot._fullLayout[name];
      if (name !== turned) layout._scene.setViewport({...layout, camera: common});
    }
  }
  if (performance.now() < until) return requestAnimationFrame(follow);
  following = false;
  if (scenes().some((name) => far(plot._fullLayout[name].camera, common))) turnAll(common);
}
function watch() {
  if (!common) return;
  until = performance.now() + 400;
  if (!following) { following = true; requestAnimationFrame(follow); }
}
plot.on("plotly_relayouting", watch);
plot.on("plotly_relayout", watch);
for (const kind of ["wheel", "pointerdown", "touchmove"]) {
  plot.addEventListener(kind, watch, {capture: true, passive: true});
}

function start() {
  if (!scenes().length) return;
  let before = null;
  try { before = JSON.parse(sessionStorage.getItem(store)); } catch { /* nothing kept */ }
  if (before) turnAll(before); else common = seen(scenes()[0]);
}
start();
"""
"""Script that copies the camera of a turning scene to the others in every frame, because events come too late.

It keeps the camera for when the page is made again.
"""


PICTURE = """
async function picture() {
  const {width, height, _size: size} = plot._fullLayout, scale = __SCALE__;
  const canvas = Object.assign(document.createElement("canvas"), {width: width * scale, height: height * scale});
  for (const [i, name] of scenes().entries()) {
    const data = plot.data.filter((trace) => (trace.scene || "scene") === name);
    const drawn = new Image();
    drawn.src = await Plotly.toImage({data, layout: plot.layout}, {format: "png", width, height, scale});
    await drawn.decode();
    const {x, y} = plot._fullLayout[name].domain;
    const part = [size.l + size.w * x[0], size.t + size.h * (1 - y[1]), size.w * (x[1] - x[0]), size.h * (y[1] - y[0])];
    const box = i ? part.map((pixels) => Math.round(pixels * scale)) : [0, 0, canvas.width, canvas.height];
    canvas.getContext("2d").drawImage(drawn, ...box, ...box);
  }
  Object.assign(document.createElement("a"), {download: __KEY__ + ".png", href: canvas.toDataURL()}).click();
}
plot.addEventListener("click", (event) => {
  if (scenes().length < 2 || !event.target.closest("[data-title='Download plot as a PNG']")) return;
  event.stopPropagation();
  picture();
}, true);
"""
"""Script that draws the scenes of a picture one by one.

Plotly 7.1 draws all on one canvas without clearing depths, so one scene's surface cuts holes into the next.
"""
SCALE = 2
"""Pixels of a picture per pixel on the page."""


def linked_html(figure: go.Figure, library: str | bool, key: str) -> str:
    """Return the page, which fills its window or frame.

    ``library``: address of plotly.min.js, or True to embed it, so that the page opens anywhere. ``key``: unique name of
    the chart, used for the kept camera, the picture's file and the element.
    """
    script = (
        (LINK + PICTURE).replace("__KEY__", json.dumps(key).replace("<", "\\u003c")).replace("__SCALE__", str(SCALE))
    )
    page = figure.to_html(
        config={
            "responsive": True,
            "displaylogo": False,
            "showSendToCloud": False,  # nothing leaves this machine
            "modeBarButtonsToRemove": ["resetCameraDefault3d"],  # it resets to plotly's camera, the other one to ours
            "toImageButtonOptions": {"format": "png", "scale": SCALE, "filename": key},
        },
        include_plotlyjs=library,
        post_script=script,
        auto_play=False,
        default_height="100%",
        div_id=key,  # a random one would change the page of an unchanged figure, and the browser would reload it
    )
    background = figure.layout.paper_bgcolor or "transparent"
    style = f"html, body, body > div {{ height: 100%; margin: 0; overflow: hidden; background: {background}; }}"
    head = f"<head><title>{escape(key)}</title><style>{style}{TOOL_BAR_CSS}</style>"
    return str(page).replace("<head>", head, 1)
