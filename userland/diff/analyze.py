# SPDX-License-Identifier: BSD-2-Clause
"""Which lines of two files differ: Myers' O(ND) algorithm, from both ends at once.

Three things make its hunks those that people expect, all from the literature on diff: lines
that match nothing, or far too much, are left out of the comparison; a block of changes
that could stand in several places is moved to where it meets one of the other file; and
what the files begin and end with in common is not looked at.
"""

from typing import Final, NamedTuple

_NOWHERE: Final = 1 << 60
_KEEP: Final = 0
_DISCARD: Final = 1
_PERHAPS: Final = 2  # discarded only in the middle of a run


class Change(NamedTuple):
    """Lines old[line0:line0+deleted] became new[line1:line1+inserted]."""

    line0: int
    line1: int
    deleted: int
    inserted: int


def compare(old: list[bytes], new: list[bytes], horizon: int = 0) -> list[Change]:
    """Return the changes from old to new, lines being equal as bytes are.

    Args:
        horizon: lines at the edge of what is in common that are looked at too.
    """
    first, last = _common(old, new, horizon)
    classes: dict[bytes, int] = {}
    sides = [
        [classes.setdefault(line, len(classes)) for line in lines[first : len(lines) - last]]
        for lines in (old, new)
    ]
    changed = [bytearray(len(side) + 1) for side in sides]  # the last one stays 0
    discards = _discards(sides)
    kept = []
    for side, discard, marks in zip(sides, discards, changed, strict=True):
        places = [at for at in range(len(side)) if discard[at] == _KEEP]
        for at in range(len(side)):
            marks[at] = discard[at] != _KEEP
        kept.append((places, [side[at] for at in places]))
    _Sequences(kept[0][1], kept[1][1], kept[0][0], kept[1][0], changed).compare()
    for f in (0, 1):
        _shift(sides[f], changed[f], changed[1 - f])
    return _script(changed, len(sides[0]), len(sides[1]), first)


def _common(old: list[bytes], new: list[bytes], horizon: int) -> tuple[int, int]:
    """Return how many lines at the start and at the end need not be looked at."""
    least = min(len(old), len(new))
    first = 0
    while first < least and old[first] == new[first]:
        first += 1
    last = 0
    while last < least - first and old[-1 - last] == new[-1 - last]:
        last += 1
    return max(first - horizon, 0), max(last - horizon, 0)


def _discards(sides: list[list[int]]) -> list[bytearray]:
    """Return for each line of both files whether it is left out."""
    counts: list[dict[int, int]] = [{}, {}]
    for side, count in zip(sides, counts, strict=True):
        for line in side:
            count[line] = count.get(line, 0) + 1
    found = []
    for f in (0, 1):
        side, others = sides[f], counts[1 - f]
        many, rest = 5, len(side) // 64
        while (rest := rest >> 2) > 0:
            many *= 2
        discard = bytearray(len(side))
        for at, line in enumerate(side):
            matches = others.get(line, 0)
            discard[at] = _DISCARD if not matches else _PERHAPS if matches > many else _KEEP
        _settle(discard)
        found.append(discard)
    return found


def _settle(discard: bytearray) -> None:
    """Keep the lines marked _PERHAPS that are not well inside a run of others."""
    at, end = 0, len(discard)
    while at < end:
        if discard[at] == _PERHAPS:
            discard[at] = _KEEP
        elif discard[at] == _DISCARD:
            stop = at
            while stop < end and discard[stop] != _KEEP:
                stop += 1
            while discard[stop - 1] == _PERHAPS:
                stop -= 1
                discard[stop] = _KEEP
            _settle_run(discard, at, stop)
            at = stop - 1
        at += 1


def _settle_run(discard: bytearray, start: int, stop: int) -> None:
    """Settle a run whose first and last line are discarded for certain."""
    length = stop - start
    perhaps = [at for at in range(start, stop) if discard[at] == _PERHAPS]
    if len(perhaps) * 4 > length:
        for at in perhaps:
            discard[at] = _KEEP
        return
    minimum, rest = 1, length >> 2
    while (rest := rest >> 2) > 0:
        minimum <<= 1
    minimum += 1
    at = start
    while at < stop:  # runs of too many are kept
        end = at
        while end < stop and discard[end] == _PERHAPS:
            end += 1
        if end - at >= minimum:
            discard[at:end] = bytes(end - at)
        at = max(end, at + 1)
    _settle_edge(discard, range(start, stop))
    _settle_edge(discard, range(stop - 1, start - 1, -1))


def _settle_edge(discard: bytearray, places: range) -> None:
    """Keep doubtful lines near an edge, until three in a row are discarded for certain."""
    in_a_row = 0
    for count, at in enumerate(places):
        if count >= 8 and discard[at] == _DISCARD:
            return
        if discard[at] == _DISCARD:
            in_a_row += 1
        else:
            in_a_row = 0
            discard[at] = _KEEP
        if in_a_row == 3:
            return


class _Sequences:
    """Two sequences, where their items stand in the files, and the marks of what changed."""

    def __init__(
        self,
        x: list[int],
        y: list[int],
        x_places: list[int],
        y_places: list[int],
        changed: list[bytearray],
    ) -> None:
        self.x, self.y = x, y
        self.x_places, self.y_places = x_places, y_places
        self.changed = changed
        self.offset = len(y) + 1  # of diagonal 0 in the tables
        self.forward = [0] * (len(x) + len(y) + 3)
        self.backward = [0] * (len(x) + len(y) + 3)

    def compare(self) -> None:
        """Mark what changed."""
        pending = [(0, len(self.x), 0, len(self.y))]
        x, y = self.x, self.y
        while pending:
            xoff, xlim, yoff, ylim = pending.pop()
            while xoff < xlim and yoff < ylim and x[xoff] == y[yoff]:
                xoff += 1
                yoff += 1
            while xoff < xlim and yoff < ylim and x[xlim - 1] == y[ylim - 1]:
                xlim -= 1
                ylim -= 1
            if xoff == xlim:
                for at in range(yoff, ylim):
                    self.changed[1][self.y_places[at]] = 1
            elif yoff == ylim:
                for at in range(xoff, xlim):
                    self.changed[0][self.x_places[at]] = 1
            else:
                xmid, ymid = self._middle(xoff, xlim, yoff, ylim)
                pending.append((xmid, xlim, ymid, ylim))
                pending.append((xoff, xmid, yoff, ymid))

    def _middle(self, xoff: int, xlim: int, yoff: int, ylim: int) -> tuple[int, int]:
        """Return where the shortest edit path from both ends meets."""
        x, y, o = self.x, self.y, self.offset
        fd, bd = self.forward, self.backward
        dmin, dmax = xoff - ylim, xlim - yoff
        fmin = fmax = fmid = xoff - yoff
        bmin = bmax = bmid = xlim - ylim
        odd = (fmid - bmid) & 1
        fd[fmid + o], bd[bmid + o] = xoff, xlim
        while True:
            if fmin > dmin:
                fmin -= 1
                fd[fmin - 1 + o] = -1
            else:
                fmin += 1
            if fmax < dmax:
                fmax += 1
                fd[fmax + 1 + o] = -1
            else:
                fmax -= 1
            for d in range(fmax, fmin - 1, -2):
                low, high = fd[d - 1 + o], fd[d + 1 + o]
                at = high if low < high else low + 1
                to = at - d
                while at < xlim and to < ylim and x[at] == y[to]:
                    at += 1
                    to += 1
                fd[d + o] = at
                if odd and bmin <= d <= bmax and bd[d + o] <= at:
                    return at, to
            if bmin > dmin:
                bmin -= 1
                bd[bmin - 1 + o] = _NOWHERE
            else:
                bmin += 1
            if bmax < dmax:
                bmax += 1
                bd[bmax + 1 + o] = _NOWHERE
            else:
                bmax -= 1
            for d in range(bmax, bmin - 1, -2):
                low, high = bd[d - 1 + o], bd[d + 1 + o]
                at = low if low < high else high - 1
                to = at - d
                while xoff < at and yoff < to and x[at - 1] == y[to - 1]:
                    at -= 1
                    to -= 1
                bd[d + o] = at
                if not odd and fmin <= d <= fmax and at <= fd[d + o]:
                    return at, to


def _shift(lines: list[int], changed: bytearray, other: bytearray) -> None:
    """Move each block of changes down as far as it goes, or to where it meets one of the other."""
    i = j = 0
    end = len(lines)
    while True:
        while i < end and not changed[i]:
            while other[j]:
                j += 1
            j += 1
            i += 1
        if i == end:
            return
        start = i
        while changed[i]:
            i += 1
        while other[j]:
            j += 1
        while True:
            length = i - start
            while start and lines[start - 1] == lines[i - 1]:
                start -= 1
                i -= 1
                changed[start], changed[i] = 1, 0
                while changed[start - 1]:
                    start -= 1
                j -= 1
                while other[j]:
                    j -= 1
            meets = i if other[j - 1] else end
            while i != end and lines[start] == lines[i]:
                changed[start], changed[i] = 0, 1
                start += 1
                i += 1
                while changed[i]:
                    i += 1
                j += 1
                while other[j]:
                    meets = i
                    j += 1
            if length == i - start:
                break
        while meets < i:
            start -= 1
            i -= 1
            changed[start], changed[i] = 1, 0
            j -= 1
            while other[j]:
                j -= 1


def _script(changed: list[bytearray], size0: int, size1: int, skipped: int) -> list[Change]:
    """Return the changes that the marks mean."""
    changes = []
    i0 = i1 = 0
    while i0 < size0 or i1 < size1:
        if changed[0][i0] or changed[1][i1]:
            start0, start1 = i0, i1
            while changed[0][i0]:
                i0 += 1
            while changed[1][i1]:
                i1 += 1
            changes.append(Change(start0 + skipped, start1 + skipped, i0 - start0, i1 - start1))
        i0 += 1
        i1 += 1
    return changes
