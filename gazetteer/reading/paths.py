"""How likely each name is over all paths through a lattice, for training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gazetteer.reading.lattice import Column
    from gazetteer.reading.sequence import Chain, Table


def pair_ends(chain: Chain) -> tuple[Column, Column]:
    """Return for each pair of a chain the stretch before and the stretch after."""
    number = chain.near - chain.free
    component = np.repeat(np.arange(len(chain.sizes)), chain.sizes)
    after = np.repeat(np.arange(len(number)), number)
    before = np.repeat(chain.first[component] + chain.free - chain.offsets[:-1], number) + np.arange(number.sum())
    return before, after


def weigh_paths(chain: Chain, scores: Table, moves: Table) -> tuple[Table, Table, float]:
    """Return the probability of each stretch and of each pair, and the logarithm of the sum over all paths.

    Parameters
    ----------
    chain
        Which stretch may follow which.
    scores
        Logarithmic weight of each stretch.
    moves
        Logarithmic weight of each move.
    """
    steps = moves.ravel()[chain.pairs]
    before, _ = pair_ends(chain)
    # By stretch: all paths that end with it. By component and number of stretches used: all paths so far.
    ending = np.full(len(scores), -np.inf)
    total = np.zeros(len(scores) + len(chain.sizes))
    rounds = list(_rounds(chain))
    for now, place, at, some, pair, edge in rounds:
        value = total[at + chain.free[now]]
        if len(some):
            come = np.logaddexp.reduceat(ending[before[pair]] + steps[pair], edge)
            value[some] = np.logaddexp(value[some], come)
        value += scores[now]
        ending[now] = value
        total[place + 1] = np.logaddexp(total[place], value)
    last = chain.first + np.arange(len(chain.sizes)) + chain.sizes
    # Backwards: how much the sum changes with each part of it.
    of_total, of_ending, of_pair = np.zeros(len(total)), np.zeros(len(scores)), np.zeros(len(steps))
    of_total[last] = 1.0
    for now, place, at, some, pair, edge in reversed(rounds):
        flow = of_total[place + 1]
        of_total[place] += flow * np.exp(total[place] - total[place + 1])
        of_ending[now] += flow * np.exp(ending[now] - total[place + 1])
        flow, inner = of_ending[now], ending[now] - scores[now]
        of_total[at + chain.free[now]] += flow * np.exp(total[at + chain.free[now]] - inner)
        if len(some):
            width = np.diff(np.append(edge, len(pair)))
            share = np.exp(ending[before[pair]] + steps[pair] - np.repeat(inner[some], width))
            of_pair[pair] += np.repeat(flow[some], width) * share
            np.add.at(of_ending, before[pair], np.repeat(flow[some], width) * share)
    return of_ending, of_pair, float(total[last].sum())


def _rounds(chain: Chain) -> Iterator[tuple[Column, Column, Column, Column, Column, Column]]:
    """Yield the first stretch of all components, then the second, and so on, with the pairs that end in them.

    Each round holds: the stretches; their places among the sums; the places where their components begin there; which
    of the stretches have pairs; these pairs; where the pairs of each begin among them.
    """
    order = np.argsort(-chain.sizes, kind="stable")
    alive = np.searchsorted(-chain.sizes[order], -np.arange(int(chain.sizes.max(initial=0))), side="left")
    first, shift = chain.first[order], chain.first[order] + order
    for step, count in enumerate(alive.tolist()):
        now, at = first[:count] + step, shift[:count]
        number = (chain.near - chain.free)[now]
        some = np.flatnonzero(number)
        width = number[some]
        edge = np.cumsum(width) - width
        pair = np.repeat(chain.offsets[now[some]] - edge, width) + np.arange(width.sum())
        yield now, at + step, at, some, pair, edge


__all__ = ["pair_ends", "weigh_paths"]
