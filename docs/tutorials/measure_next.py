# %% [markdown]
# # Bring your own space, and loop "measure next"
#
# You have a family of networks of your own, and training one takes a day. Which should you train first? This notebook
# teaches Eproxy Studio a family, and lets a learned ranking choose: train a few, rank all, train the most promising,
# again.
#
# The family is the one of [A search space of your own](../your-own-space.md): 192 plain convolutional networks in one
# Python file, of which sixty were really trained. Run the notebook in the folder of the project.

# %%
import os

os.environ["EPROXY_PLUGINS"] = "docs/examples/plain_convnets.py"

# %% tags=["parameters"]
FIRST = 10  # networks that are trained before anything is known
BATCH = 5  # networks that are trained in each round
ROUNDS = 4
PANEL = "quick"  # cheap scores that the model weighs; "instant" runs no network at all

# %% [markdown]
# ## The family
#
# The file names the space `plain-convnets`. `eproxy plugins check FILE.py` says whether a file of your own keeps what
# search spaces promise.

# %%
import numpy as np
import pandas as pd

import eproxy_engine as ep
from eproxy_engine import spaces

space = spaces.get("plain-convnets")
example = space.sample(np.random.default_rng(1))
print(space.title, "for example", example)

# %% [markdown]
# ## Training
#
# Sixty accuracies are in a file. `train` looks one up; here you would really train the network.

# %%
measured = pd.read_csv("docs/examples/plain_convnets.csv", index_col="architecture")["patches (%)"]


def train(architecture):
    return measured[architecture]


# %% [markdown]
# ## The loop
#
# Begin with a few at random. Then rank all candidates by what is known, ask which to measure next, and train those.

# %%
first = measured.sample(FIRST, random_state=1)
known = {architecture: train(architecture) for architecture in first.index}
history = [(len(known), max(known.values()))]
for _ in range(ROUNDS):
    ranked = ep.rank("plain-convnets", known, measured.index, panel=PANEL, progress=False)
    for architecture in ranked.next(BATCH):
        known[architecture] = train(architecture)
    history.append((len(known), max(known.values())))

pd.DataFrame(history, columns=["trained", "best accuracy (%)"])

# %% [markdown]
# ## Was that better than chance?
#
# Whoever trains all in random order meets the best of n networks after (n + 1) / 2 of them, on average.

# %%
order = list(known)
place = order.index(max(known, key=known.get)) + 1
print(f"best of the {len(known)} trained: {max(known.values()):.2f}%, met after {place} trainings")
print(f"best of all {len(measured)}: {measured.max():.2f}%, at random met after {(len(measured) + 1) / 2} on average")

# %% [markdown]
# And how well do the trained ones rank those that were not trained? Each point is a network.

# %%
ranked.plot()

# %% [markdown]
# ## The same by hand
#
# On the page *Learned ranking*, the tab *Measure next* writes the list to a CSV file. Fill in the accuracies and import
# it. On the command line:
#
# ```
# eproxy plugins add docs/examples/plain_convnets.py
# eproxy rank --space plain-convnets --labels labels.csv --rule space --sample 192 --next 5
# ```
