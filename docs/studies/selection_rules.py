"""Which rule of choosing a proxy by twenty architectures ranks the others best?

Random configurations of the proxy space `lean` are evaluated on a sample of architectures. Then, again and again,
twenty of them are drawn; each rule chooses by those twenty and is judged on all the others. Resampling costs nothing,
so rules can be compared over many draws, which no handful of searches could.

    PYTHONPATH=. python docs/studies/selection_rules.py --space nasbench101 [--task …] [--configurations 24]
        [--architectures 80]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from contextlib import closing
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from eproxy_engine import benchmarks, spaces
from eproxy_engine.proxy import Configuration, Evaluation, Outcome, preset
from eproxy_engine.runs import Store
from eproxy_engine.runs.executors import make
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble
from eproxy_engine.search.proxy_search.proxy_space import tenths
from eproxy_engine.search.proxy_search.settings import settings
from eproxy_engine.statistics import spearman

SEED, TWENTY, DRAWS = 1, 20, 200
ALPHAS = tenths(-5, 5)
SHARES = (0.0, 0.5, 1.0)
Floats = NDArray[np.float64]


def main() -> None:
    """Evaluate, resample, print one line a rule."""
    given = _arguments()
    rng = np.random.default_rng(SEED)
    robust = settings("robust")
    space = robust.space()
    configurations = [robust.prior_configuration(), *(space.sample(rng) for _ in range(given.configurations))]
    tasks = given.task or [benchmarks.task(given.space).name]
    architectures = list(Sample("random", given.architectures, SEED).draw(given.space, tasks[0])["architecture"])
    curves = _curves(given.space, architectures, configurations, given.store)
    for task in tasks:
        _study(given.space, task, architectures, curves)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--space", required=True)
    parser.add_argument("--task", action="append")
    parser.add_argument("--configurations", type=int, default=24)
    parser.add_argument("--architectures", type=int, default=80)
    parser.add_argument("--store")
    return parser.parse_args()


def _curves(space: str, architectures: list[str], configurations: list[Configuration], path: str | None) -> Floats:
    """Losses at each iteration, shape (iterations, configurations, architectures); inf where a training diverged."""
    asked = [[Evaluation.of(space, a, c, "bundled", SEED) for a in architectures] for c in configurations]
    store = Store(path)
    found: dict[str, Outcome] = store.outcomes(e for row in asked for e in row)
    with closing(make()) as executor:
        for row in asked:
            missing = {e.key: e for e in row if e.key not in found}
            for evaluation, outcome in executor.run(missing.values()):
                store.put(evaluation, outcome)
                found[evaluation.key] = outcome
    plain = [replace(c, flops_weight=0.0) for c in configurations]
    read_outs = range(1, preset().iterations + 1)
    read = [[replace(c, read_out=at) for c in plain] for at in read_outs]
    return np.array(
        [[[-found[e.key].score(c, 0.0) for e in row] for c, row in zip(each, asked, strict=True)] for each in read]
    )


def _study(space: str, task: str, architectures: list[str], curves: Floats) -> None:
    table = Sample("picked", picked=tuple(architectures)).draw(space, task)
    known = table["accuracy"].notna().to_numpy()
    accuracy = table["accuracy"].to_numpy(float)[known]
    flops = table["flops"].to_numpy(float)[known] / spaces.get(space).largest_flops
    rng, found = np.random.default_rng(SEED), defaultdict(list)
    for _ in range(DRAWS):
        order = rng.permutation(len(accuracy))
        for rule, rho in _judged(curves[..., known], accuracy, flops, order[:TWENTY], order[TWENTY:]).items():
            found[rule].append(rho)
    print(
        f"{space}, {task}: {curves.shape[1]} configurations, n = {len(accuracy) - TWENTY} others, {DRAWS} draws of "
        f"{TWENTY}"
    )
    for rule, rhos in found.items():
        print(f"  {rule:<56} {np.mean(rhos):.3f} ± {np.std(rhos):.3f}")


def _judged(
    curves: Floats, accuracy: Floats, flops: Floats, chosen_by: NDArray[np.int64], others: NDArray[np.int64]
) -> dict[str, float]:
    """ρ on the others of what each rule chooses."""
    losses = curves[-1]

    def rank(scores: Floats, places: NDArray[np.int64], share: float = 0.0) -> Floats:
        members = (preset(),) * len(scores)
        return Ensemble(members, share).combine(scores[:, places], flops[places])

    on_twenty = _rhos(losses, accuracy, chosen_by)
    best = np.argsort(-on_twenty)
    rules = {
        "FLOPs alone": spearman(flops[others], accuracy[others]),
        "the best configuration": spearman(-losses[best[0]][others], accuracy[others]),
        "the best configuration and α (the paper's rule)": _with_alpha(losses, accuracy, flops, chosen_by, others),
    }
    read = _at_best_read_outs(curves, accuracy, chosen_by)
    best_read = np.argsort(-_rhos(read, accuracy, chosen_by))
    rules["the best configuration and read-out"] = spearman(-read[best_read[0]][others], accuracy[others])
    rules["mean rank of the best 5, each at its best read-out"] = spearman(
        rank(-read[best_read[:5]], others), accuracy[others]
    )
    rules["the default proxy at its best read-out"] = spearman(-read[0][others], accuracy[others])
    for members in (3, 5, 10):
        scores = rank(-losses[best[:members]], others)
        rules[f"mean rank of the best {members}"] = spearman(scores, accuracy[others])
    five = -losses[best[:5]]
    for share in SHARES[1:]:
        mixed = rank(five, others, share)
        rules[f"the best 5, FLOPs' rank with weight {share}"] = spearman(mixed, accuracy[others])
    by_twenty = [spearman(rank(five, chosen_by, share), accuracy[chosen_by]) for share in SHARES]
    chosen = SHARES[int(np.nanargmax(by_twenty))]
    rules["the best 5, FLOPs' weight 0, 0.5 or 1 by ρ of the whole"] = spearman(
        rank(five, others, chosen), accuracy[others]
    )
    own = max(0.0, spearman(flops[chosen_by], accuracy[chosen_by]))
    rules["the best 5, FLOPs' weight their own ρ on the 20"] = spearman(rank(five, others, own), accuracy[others])
    with_prior = -losses[[0, *[place for place in best if place != 0][:4]]]
    rules["the best 4 and the default proxy"] = spearman(rank(with_prior, others), accuracy[others])
    rules["the same with FLOPs by their own ρ (robust)"] = spearman(rank(with_prior, others, own), accuracy[others])
    rules["the default proxy alone"] = spearman(-losses[0][others], accuracy[others])
    weights = np.maximum(on_twenty, 0.0) ** 4
    weighed = sum(w * rank(-row[None], others) for w, row in zip(weights, losses, strict=True))
    rules["mean rank of all, weighed by ρ to the fourth"] = spearman(weighed, accuracy[others])
    rules["(the best there is, known only afterwards)"] = max(
        spearman(-row[others], accuracy[others]) for row in losses
    )
    return rules


def _rhos(losses: Floats, accuracy: Floats, places: NDArray[np.int64]) -> Floats:
    """ρ of each configuration on some architectures, shape (configurations,); −1 where it is undefined."""
    rhos = [spearman(-row[places], accuracy[places]) for row in losses]
    return np.nan_to_num(rhos, nan=-1.0)


def _at_best_read_outs(curves: Floats, accuracy: Floats, chosen_by: NDArray[np.int64]) -> Floats:
    """Losses of each configuration at the iteration that ranks the twenty best, the last one among equals."""
    rhos = np.array([_rhos(losses, accuracy, chosen_by) for losses in curves[::-1]])
    return np.array([curves[::-1][at, place] for place, at in enumerate(rhos.argmax(axis=0))])


def _with_alpha(
    losses: Floats, accuracy: Floats, flops: Floats, chosen_by: NDArray[np.int64], others: NDArray[np.int64]
) -> float:
    scores = [-row * (1 + alpha * flops) for row in losses for alpha in ALPHAS]
    best = max(scores, key=lambda score: spearman(score[chosen_by], accuracy[chosen_by]))
    return spearman(best[others], accuracy[others])


if __name__ == "__main__":
    main()
