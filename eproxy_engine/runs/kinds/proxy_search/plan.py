"""Plan of a proxy search: DPS, then its judgement on architectures it has not seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from eproxy_engine.proxy import Evaluation, preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs.kinds.evaluation.plan import scored, summary
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.scoring import Proxy, first_of
from eproxy_engine.scoring.proxy import plain_values, proxy_of
from eproxy_engine.search.proxy_search.found import Found, proxy_found
from eproxy_engine.search.proxy_search.search import Dps


class ProxySearchPlan(Plan):
    """Plan of a proxy search."""

    def __init__(self, specification: ProxySearchSpecification) -> None:
        self._specification = specification
        self._dps = Dps(specification.problem(), specification.settings)
        self._searched = False

    def steps(self) -> Steps:
        """Yield the steps of DPS, then the evaluations of the judged proxies on the held-out architectures."""
        yield from self._dps.steps()
        self._searched = True
        judging = self._judging(self._found())
        if judging:
            yield [evaluation for each in judging.values() for evaluation in each.evaluations()]

    def ahead(self, outcomes: Outcomes) -> list[Evaluation]:
        return self._dps.ahead(outcomes)

    def remaining(self) -> int:
        return self._dps.remaining + (0 if self._searched else self._specification.most_judging)

    def progress(self) -> dict[str, Any]:
        """Return the trials done and in all, and the best and the living population's mean ρ on the sample."""
        given, rhos = self._specification.settings, [trial.rho for trial in self._dps.trials]
        return {
            "trials": len(rhos),
            "trials_total": given.trials,
            "best_rho": max(rhos) if rhos else None,
            "population_rho": float(np.mean(rhos[-given.population :])) if rhos else None,
        }

    def history(self) -> list[dict[str, Any]]:
        return [trial.as_dict() for trial in self._dps.trials]

    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """Return the proxy found, its ρ on the sample and, once judged, statistics on the held-out architectures.

        Those of the proxy, such as ``rho``, are at the top level. ``judged`` has them for the proxy, its best single
        configuration and the default preset.
        """
        if not any(trial.scores for trial in self._dps.trials):
            return None
        found, trials = self._found(), self._dps.trials
        values: dict[str, Any] = {
            "proxy": plain_values(found.proxy),
            "places": list(found.places),
            "sample_rho": found.rho,
            "best_rho": trials[found.places[0]].rho,
            "trials": len(trials),
            "reused_trials": sum(trial.reused for trial in trials),
            "cut_short": sum(not trial.scores for trial in trials),
            "evaluations": len(outcomes),
            "evaluations_saved": self._saved(),
            "diverged_evaluations": sum(trial.diverged for trial in trials),
            "seconds_of_training": sum(outcome.seconds for outcome in outcomes.values()),
        }
        if not self._searched:
            return values
        judged = {name: summary(each, scored(each, outcomes)) for name, each in self._judging(found).items()}
        return values | judged.get("proxy", {}) | {"judged": judged}

    def _saved(self) -> int:
        """Count the evaluations that racing saved."""
        whole = len(self._dps.problem.architectures)
        return sum(whole - trial.evaluated for trial in self._dps.trials) * self._specification.settings.seeds

    def _found(self) -> Found:
        return proxy_found(self._dps.problem, self._dps.trials, self._specification.settings)

    def _judging(self, found: Found) -> dict[str, EvaluationSpecification]:
        """Return the evaluation runs that judge; empty if nothing is held out."""
        if not self._specification.held_out:
            return {}
        judge = self._specification.judge
        return {
            "proxy": judge(found.proxy),
            "best": judge(first_of(found.proxy)),
            "default": judge(preset(DEFAULT)),
        }


def proxy_in(result: dict[str, Any] | None) -> Proxy | None:
    """Return the proxy in the result of a proxy search; None while there is none."""
    values = (result or {}).get("proxy")
    return None if values is None else proxy_of(values)
