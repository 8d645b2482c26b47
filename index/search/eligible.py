"""Which articles a filter allows, told from memory: the catalogue would read them one by one."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from index.articles import Filters
from index.catalog import Catalog, outlet_key

OUTLETS_HELD = 64


class Eligible:
    """Days and outlets of a finished generation's articles. Any thread may call it.

    The days are read at once; an outlet's articles when it is first asked for.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._outlets: OrderedDict[str, NDArray[np.int64]] = OrderedDict()
        # By row: the day's ordinal (from 1), 0 without a date, -1 where there is no article.
        self._days = catalog.days()

    def __call__(self, filters: Filters) -> NDArray[np.int64]:
        """Return the rows of the articles that the filters allow, ascending.

        An article counts for the day of its first origin and for the outlets of
        all. Articles without a date are left out once a date is asked for.
        """
        days = self._days
        if filters.since is not None:
            allowed = days >= filters.since.toordinal()
        else:
            allowed = days >= (0 if filters.until is None else 1)
        if filters.until is not None:
            allowed &= days <= filters.until.toordinal()
        if filters.outlet is None:
            return np.flatnonzero(allowed)
        own = self._of_outlet(outlet_key(filters.outlet))
        rows: NDArray[np.int64] = own[allowed[own]]
        return rows

    def _of_outlet(self, key: str) -> NDArray[np.int64]:
        with self._lock:
            if key in self._outlets:
                self._outlets.move_to_end(key)
                return self._outlets[key]
        rows = self._catalog.rows_of_outlet(key)
        with self._lock:
            self._outlets[key] = rows
            if len(self._outlets) > OUTLETS_HELD:
                self._outlets.popitem(last=False)
        return rows
