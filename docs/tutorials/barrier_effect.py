# %% [markdown]
# # The barrier effect, for a class
#
# *Eproxy* rates a network by a small exercise: ten steps of training on a made-up task. A *barrier* is a layer of
# random weights, never trained, between the network and the target. Why would one make an exercise harder on purpose?
# This notebook measures it. It takes a few minutes on a laptop.
#
# Before you run a cell, let the class guess.

# %% tags=["parameters"]
NETWORKS = 40  # architectures of NAS-Bench-101, whose accuracies are known
WIDTH = 16  # channels with which each network begins; the benchmark's own have 128
RATES = (1.0, 0.1)  # learning rates
WORKERS = None  # processes; None for one a core

# %% [markdown]
# ## The same exercise, with and without the barrier
#
# Networks, images, initial weights and targets are the same. Only the barrier differs.

# %%
import pandas as pd

import eproxy_engine as ep


def exercise(barrier, rate=1.0):
    settings = {"barrier": barrier, "learning_rate": rate, "width": WIDTH}
    return ep.evaluate("nasbench101", NETWORKS, "paper", settings=settings, workers=WORKERS, progress=False)


with_barrier, without = exercise(True), exercise(False)
print("with the barrier:   ", with_barrier.summary)
print("without the barrier:", without.summary)

# %% [markdown]
# ρ (Spearman's) says how well the order by score agrees with the order by accuracy: 1 is the same order, 0 none, −1 the
# reverse. The brackets say what other samples of this size could give. **Do the brackets overlap?** If so, you have too
# few networks to decide.

# %%
with_barrier.plot()

# %%
without.plot()

# %% [markdown]
# ## Look at two networks
#
# The loss of the most and of the least accurate network of the sample, step by step. In which column can you tell them
# apart?

# %%
rows = with_barrier.frame.sort_values("accuracy")
pair = {"worst": rows["architecture"].iloc[0], "best": rows["architecture"].iloc[-1]}
losses = {
    (title, name): run.frame.set_index("architecture").loc[architecture, "losses"]
    for title, run in (("with barrier", with_barrier), ("without", without))
    for name, architecture in pair.items()
}
pd.DataFrame(losses).rename_axis("iteration").round(4)

# %% [markdown]
# ## Smaller steps
#
# The paper takes steps ten times as large as usual (a learning rate of 1), because it makes only ten. Is the barrier
# still of use with smaller ones?

# %%
table = {rate: {"with barrier": exercise(True, rate).rho, "without": exercise(False, rate).rho} for rate in RATES}
pd.DataFrame(table).rename_axis("ρ", axis=0).rename_axis("learning rate", axis=1).round(2)

# %% [markdown]
# ## What to take home
#
# - An exam that everybody passes ranks nobody: without the barrier every network learns the task, and what is left of
#   the differences says little, or the opposite.
# - This is so for the paper's target. With other targets the barrier changes little: try `"laptop"` for `"paper"`.
# - One sample, one seed. Draw another (`seed=2`) before you believe it.
#
# The page *Why a barrier?* of the dashboard walks through the same idea step by step, with everything computed
# already: `eproxy studio`.
