"""Architectures: pick a search space, a task and a sample, and look at what is in it."""

from dataclasses import replace

import streamlit as st

from app import state
from app.charts.distribution import distribution_data, distribution_figure
from app.choice import with_specification
from app.forms.sample import sample_form
from app.panels.architecture import architecture_panel
from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import Sample

with st.sidebar:
    st.subheader("Architectures")
    state.keep(sample_form(state.choice()))

choice = state.choice()
space, task = choice.specification.space, choice.specification.task
family = spaces.get(space)
known = benchmarks.known(space, task)
sample = choice.specification.architectures()

st.title("Architectures")
st.caption(
    f"{family.title} · {family.task(task).title} · {len(known):,} with a known accuracy, {len(sample):,} in the sample"
)
unit = family.task(task).unit
st.plotly_chart(
    distribution_figure(distribution_data(known["accuracy"], sample["accuracy"], unit)),
    key="distribution",
    height=300,
    alt="Accuracies of all known architectures and of the sample",
)

left, right = st.columns([5, 3])
with left:
    st.subheader("The sample")
    early = [c for c in sample if "@" in c]
    columns = ["accuracy", "parameters", "flops", *early, "architecture"]
    event = st.dataframe(
        sample[columns].assign(parameters=sample["parameters"] / 1e6, flops=sample["flops"] / 1e6),
        hide_index=True,
        height=460,
        on_select="rerun",
        selection_mode="single-row",
        key=f"sample-{space}-{task}-{hash(choice.specification.sample)}",
        column_config={
            "architecture": st.column_config.TextColumn("architecture", width="large"),
            "accuracy": st.column_config.NumberColumn(f"accuracy ({unit})", format="%.2f"),
            "parameters": st.column_config.NumberColumn("parameters (M)", format="%.2f"),
            "flops": st.column_config.NumberColumn(
                "FLOPs (M)", format="%.0f", help="Millions of multiply–accumulates for one image."
            ),
            **{
                c: st.column_config.NumberColumn(
                    f"after {c.split('@')[1]} epochs", format="%.2f", help="Accuracy after early stopping."
                )
                for c in early
            },
        },
    )
    rows = event.selection.rows
    if rows:
        state.keep(replace(state.choice(), architecture=str(sample["architecture"].iloc[rows[0]])))

with right:
    st.subheader("The cell")
    selected = state.choice().architecture or str(sample["architecture"].iloc[0])
    if not rows:
        st.caption("Select a row to see its cell." if state.choice().architecture is None else "Selected before.")
    architecture_panel(space, selected)
    picked = choice.specification.sample.picked
    if selected not in picked and selected in set(known["architecture"]):
        add = st.button(
            "Add to my picks",
            icon=":material/add:",
            help="Makes the sample one picked by hand, with this architecture in it.",
        )
        if add:
            mine = Sample("picked", len(picked) + 1, choice.specification.sample.seed, (*picked, selected))
            state.show(with_specification(state.choice(), sample=mine))
            st.rerun()
st.page_link("../pages/proxy.py", label="Next: tune a proxy on this sample", icon=":material/arrow_forward:")
