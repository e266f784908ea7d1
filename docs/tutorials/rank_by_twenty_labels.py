# %% [markdown]
# # Rank NAS-Bench-201 by twenty labels
#
# You have trained twenty networks of a search space. How good are the other fifteen thousand? This notebook answers it
# in about a minute, without running a network: the cheap scores of NAS-Bench-201 come with Eproxy Studio.
#
# *Labels* are accuracies that you know. A *learned ranking* weighs many cheap scores by them and predicts the order of
# all the rest.

# %% tags=["parameters"]
CANDIDATES = 520  # twenty with labels, and five hundred that judge
DRAWS = 50  # how often the twenty are drawn anew

# %%
import pandas as pd

import eproxy_engine as ep

ranked = ep.rank("nasbench201", 20, CANDIDATES, draws=DRAWS, progress=False)
print(ranked.summary)

# %% [markdown]
# ρ is Spearman's rank correlation between the predicted order and the measured one, on networks whose accuracy the
# model has *not* seen. It is a mean over draws of the twenty, because one draw may be lucky.
#
# Is that better than what costs nothing? Here are other models on the very same networks. `best` takes the single score
# that ranks the twenty best, `prior` does without labels.

# %%
models = pd.DataFrame({name: found["rho"] for name, found in ranked.found["models"].items()}).T
models.loc["FLOPs"] = ranked.found["flops"]
models.sort_values("mean", ascending=False).round(2)

# %% [markdown]
# Each point below is a network. Those in orange are the twenty; the others were predicted.

# %%
ranked.plot()

# %% [markdown]
# ## How many labels does it take?

# %%
pd.DataFrame([{"labels": point["labels"], **point["rho"]} for point in ranked.found["curve"]]).round(2)

# %% [markdown]
# ## With labels of your own
#
# Give a mapping from architecture to accuracy instead of a number. The text of an architecture is the benchmark's own.
# Here the "own" accuracies are those of twenty networks at random.

# %%
mine = ranked.frame.sample(20, random_state=1).set_index("architecture")["accuracy"]
own = ep.rank("nasbench201", mine, CANDIDATES, draws=DRAWS, progress=False)
own.frame[["rank", "architecture", "predicted", "deviation", "labelled"]].head()

# %% [markdown]
# `next` names the networks to train next: those that are most likely to be better than all you have.

# %%
own.next(3)

# %% [markdown]
# The same on the command line, and on the dashboard's page *Learned ranking*:
#
# ```
# eproxy rank --space nasbench201 --labels mine.csv --next 10 --out ranking.csv
# eproxy studio
# ```
