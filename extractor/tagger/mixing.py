"""Columns of numbers, one for each character of a laid out text, and how two of them become one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
PAD = 4
"""Separators on either side of a sentence: no template looks further than three characters."""
# arrays without a dimension: numpy takes a third longer to begin with its own scalars
K1, K2, K3 = (np.array(told, dtype=np.uint32) for told in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D))
FIFTEEN, _HALF = (np.array(told, dtype=np.uint32) for told in (15, 16))


def mix(a: Codes, b: Codes) -> Codes:
    """One number for two; both arrays are written to, and the first is returned."""
    a *= K1
    b += K2
    a ^= b
    a *= K3
    np.right_shift(a, _HALF, out=b)
    a ^= b
    return a
