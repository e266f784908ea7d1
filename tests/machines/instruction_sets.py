"""Instruction sets of processors: one that has the newest can compute as older ones do."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch
from numpy._core._multiarray_umath import __cpu_dispatch__  # what NumPy chooses from when it is imported

NEWEST_LAST = ("DEFAULT", "AVX2", "AVX512")
"""As PyTorch calls what a processor is capable of."""


@dataclass(frozen=True)
class InstructionSet:
    """What PyTorch, oneDNN, MKL, OpenBLAS and NumPy are told, each in its own words, before they are imported."""

    capability: str
    onednn: str
    mkl: str
    openblas: str
    numpy_without: tuple[str, ...]
    """Beginnings of the names of what NumPy is to leave alone."""

    @property
    def variables(self) -> dict[str, str]:
        without = [name for name in __cpu_dispatch__ if name.startswith(self.numpy_without)]
        return {
            "ATEN_CPU_CAPABILITY": self.capability.lower(),
            "ONEDNN_MAX_CPU_ISA": self.onednn,
            "MKL_CBWR": self.mkl,
            "OPENBLAS_CORETYPE": self.openblas,
            "NPY_DISABLE_CPU_FEATURES": " ".join(without),
        }

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that computes with it alone."""
        return {**os.environ, **self.variables, "OMP_NUM_THREADS": "1"}

    @property
    def available(self) -> bool:
        """Whether this processor has it."""
        there = torch.backends.cpu.get_cpu_capability()
        newest = NEWEST_LAST.index(there) if there in NEWEST_LAST else 0  # others have one way each, the default
        return NEWEST_LAST.index(self.capability) <= newest


INSTRUCTION_SETS = {
    "SSE4": InstructionSet("DEFAULT", "SSE41", "COMPATIBLE", "Nehalem", ("",)),
    "AVX2": InstructionSet("AVX2", "AVX2", "AVX2", "Haswell", ("AVX512", "X86_V4")),
    "AVX-512": InstructionSet("AVX512", "AVX512_CORE", "AVX512", "SkylakeX", ()),
}
