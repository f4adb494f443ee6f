"""Two cases that a report shows to be one: whether their reports, taken together, say the same."""

import numpy as np

from commandcenter.intake.repeats.shelf import Floats, Numbers, Shelf


def alike(shelf: Shelf, numbers: Numbers) -> Floats:
    """Cosines of the weighted terms of some reports, each with each; 0 for one without any."""
    flat, owner = shelf.terms.rows(numbers)
    counts, _ = shelf.counts.rows(numbers)
    terms, column = np.unique(flat, return_inverse=True)
    weights = np.zeros((len(numbers), len(terms)))
    weights[owner, column] = shelf.rarity(flat) * counts
    norms = np.sqrt((weights**2).sum(axis=1, keepdims=True))
    weights /= np.where(norms > 0, norms, 1.0)
    return np.asarray(weights @ weights.T)


def together(cosines: Floats, first: int) -> float:
    """The cosine of what the first so many say in sum, and what the others say."""
    inner, outer = cosines[:first, :first].sum(), cosines[first:, first:].sum()
    return float(cosines[:first, first:].sum() / np.sqrt(inner * outer)) if inner * outer > 0 else 0.0
