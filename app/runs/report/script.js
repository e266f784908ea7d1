// Figures take the width of the window, and that of the paper while it is printed.
const drawn = () => document.querySelectorAll(".js-plotly-plot");
const fit = () => drawn().forEach((figure) => Plotly.Plots.resize(figure));
addEventListener("beforeprint", () => { document.body.style.width = "680px"; fit(); });
addEventListener("afterprint", () => { document.body.style.width = ""; fit(); });
