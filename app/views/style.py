"""What the theme in ``app/.streamlit/config.toml`` cannot say: contrast (WCAG AA), keyboard focus, charts' tool bar."""

from __future__ import annotations

from app.charts import palette
from app.charts.tool_bar import TOOL_BAR_CSS

_BLUE = f"rgb({', '.join(str(int(palette.BLUE[i : i + 2], 16)) for i in (1, 3, 5))})"
"""As browsers write it."""
STYLE = f"""<style>
/* Streamlit writes the shortcut in a fainter white than the button's text. */
button kbd {{ color: inherit !important; opacity: 1 !important; }}

/* Numbers and titles of axes are grey by Streamlit's template of charts, 3.7 : 1 on white. So are names of points, but
   for those that are white on a surface. */
.js-plotly-plot :is([class$="tick"], .cbaxis, .xaxislayer-above, .yaxislayer-above) text,
.js-plotly-plot .textpoint text:not([style*="rgb(255, 255, 255)"]),
.js-plotly-plot :is([class^="x"][class$="title"], [class^="y"][class$="title"], .cbtitle text, .annotation-text) {{
  fill: currentColor !important;
  fill-opacity: 0.8 !important;
}}

/* One blue serves both themes; on a dark page it is too dark for lines and points. */
.js-plotly-plot [style*="fill: {_BLUE}"] {{ fill: light-dark({palette.BLUE}, {palette.BLUE_ON_DARK}) !important; }}
.js-plotly-plot [style*="stroke: {_BLUE}"] {{ stroke: light-dark({palette.BLUE}, {palette.BLUE_ON_DARK}) !important; }}

/* On a dark page the primary colour is light, as it is also that of text, and Streamlit's white on it is at 2.8 : 1. */
button[kind^="primary"]:not(:disabled), [data-tag] {{ color: light-dark(#FFFFFF, #0B1218) !important; }}
[data-tag] :is(span, button, svg) {{ color: inherit !important; fill: currentColor; }}

/* Names of rows and columns of a table are text at 60%, 4.2 : 1 on white, and so are captions. */
[data-testid="stTable"] th {{ color: inherit !important; opacity: 0.8; }}
[data-testid="stCaptionContainer"] {{ opacity: 0.8 !important; }}

:is(button, a, summary, [role="tab"], [role="button"], [tabindex="0"]):focus-visible {{
  outline: 2px solid currentColor !important;
  outline-offset: 2px;
}}
{TOOL_BAR_CSS}
</style>"""
