"""A zero-cost proxy of one's own (docs/your-own-proxy.md): how differently an untrained network answers images."""

from eproxy_engine.baselines import zero_cost_proxy


@zero_cost_proxy(
    "logit_spread",
    title="Logit spread",
    source="docs/your-own-proxy.md",
    cost="one forward pass",
    passes=1,
    assumes="A network whose answers hardly depend on the image has little to learn from.",
)
def logit_spread(network, images, labels):
    """Standard deviation over the images of each logit, averaged."""
    return network(images).std(dim=0).mean().item()
