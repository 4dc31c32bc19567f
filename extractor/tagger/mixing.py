"""Columns of numbers, one for each character of a laid out text, and how two of them become one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
PAD = 4
"""Separators on either side of a sentence: no template looks further than three characters."""
# arrays without a dimension: numpy takes a third longer to begin with its own scalars
K1, K2, K3, _HALF = (np.array(told, dtype=np.uint32) for told in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 16))


def mix(a: Codes, b: Codes) -> Codes:
    """One number for two."""
    told = a * K1
    told ^= b + K2
    told *= K3
    told ^= told >> _HALF
    return told
