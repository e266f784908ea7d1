"""How far two trainings of the same network agree: a bound on what any ranking can reach.

Architectures with an equal network (``SearchSpace.equivalent``) were trained and measured apart in NAS-Bench-201 and
TransNAS-Bench-101 Micro. ``python -m docs.studies.twins`` compares the first with the last of each such group.
"""

from __future__ import annotations

import math

from eproxy_engine import benchmarks, spaces, statistics

SPACES = ("transnas101-micro", "nasbench201")


def twins(space: str, task: str) -> tuple[int, float, float]:
    """Return the number of networks that were measured more than once, and ρ and top-10% agreement of two of each."""
    family, known = spaces.get(space), benchmarks.known(space, task)
    network = [str(family.equivalent(family.parse(text))) for text in known["architecture"]]
    groups = known.groupby(network)["accuracy"]
    several = groups.size() > 1
    first, last = groups.first()[several].to_numpy(), groups.last()[several].to_numpy()
    return len(first), statistics.spearman(first, last), statistics.top_retrieval(first, last)


def main() -> None:
    for space in SPACES:
        found = [(task.name, *twins(space, task.name)) for task in spaces.get(space).tasks if "-test" not in task.name]
        for name, count, rho, top10 in found:
            print(f"{space}, {name}: {count} networks, ρ {rho:.2f}, top-10% {top10:.0%}")
        print(
            f"{space}, mean: ρ {math.fsum(f[2] for f in found) / len(found):.2f}, "
            f"top-10% {math.fsum(f[3] for f in found) / len(found):.0%}"
        )


if __name__ == "__main__":
    main()
