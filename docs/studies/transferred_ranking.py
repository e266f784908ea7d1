"""Do twenty labels of one NDS space rank the architectures of the others?

The Gaussian process sees the scores of the panel ``quick`` alone, as normal scores within each space, since descriptors
of different cells cannot be compared: twenty spread-out labels of one space, none of the space that it ranks.

    python -m docs.studies.transferred_ranking [DRAWS]
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from eproxy_engine import statistics
from eproxy_engine.learning.candidates import Candidates
from eproxy_engine.learning.models import GaussianProcess
from eproxy_engine.runs.kinds.ranking.problem import Problem, problem_of
from eproxy_engine.scoreboard.learned import specification

NAMES = ("darts", "darts-fix-w-d", "amoeba", "enas", "nasnet", "pnas", "resnext-a", "resnext-b")


def together(labelled: Problem, ranked: Problem) -> Candidates:
    """Return the candidates of two spaces as one, the ranked ones last; each space has its own normal scores."""
    pair = [labelled.candidates, ranked.candidates]
    joined = {name: np.concatenate([getattr(each, name) for each in pair]) for name in ("scores", "prior", "taught")}
    return replace(pair[0], **joined, descriptors=np.zeros((len(joined["prior"]), 0)))


def main(draws: int = 20) -> None:
    problems = {}
    for name in NAMES:
        found = problem_of(specification(f"nds-imagenet-{name}", "imagenet"), {})
        assert found is not None, f"the panel of {name} does not ship"
        problems[name] = found
    means = []
    for name, ranked in problems.items():
        rhos, tops = [], []
        for other, labelled in problems.items():
            if other == name:
                continue
            candidates, start = together(labelled, ranked), len(labelled.rows)
            for number in range(draws):
                places = labelled.draw(number)
                predicted = GaussianProcess().fit(candidates, places, labelled.accuracies[places]).mean[start:]
                rhos.append(statistics.spearman(predicted, ranked.accuracies))
                tops.append(statistics.top_retrieval(predicted, ranked.accuracies))
        means.append((np.mean(rhos), np.mean(tops)))
        print(f"{name}: ρ {means[-1][0]:.3f} ± {np.std(rhos):.3f}, top-10% {means[-1][1]:.0%}, n = {len(ranked.rows)}")
    rho, top10 = np.mean(means, axis=0)
    print(f"mean: ρ {rho:.3f}, top-10% {top10:.0%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
