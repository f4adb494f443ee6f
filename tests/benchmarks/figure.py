"""One line of the result."""

from collections.abc import Sequence

import numpy as np

Figure = dict[str, object]


def figure(name: str, value: float, unit: str, reference: str = "", reference_value: float | None = None) -> Figure:
    """A measured value beside its floor or rival of the same run."""
    ratio = round(value / reference_value, 3) if reference_value else None
    shown = None if reference_value is None else round(reference_value, 3)
    return {
        "id": name,
        "value": round(value, 3),
        "unit": unit,
        "reference": reference,
        "reference_value": shown,
        "ratio": ratio,
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    return float(np.quantile(np.asarray(values), share))
