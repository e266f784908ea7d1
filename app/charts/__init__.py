"""Charts: pure functions from data to a Plotly figure or a Graphviz drawing, without Streamlit."""
