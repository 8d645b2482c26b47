"""Words that news uses for one another, so that "deaths" is found in "have been killed".

Each line is a group of words of one sense as reports use them; they are
compared by their terms (stems). Only what is asked and what is quoted are
compared by it: the index itself holds the words as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from index.lexical import terms

# What a relative of a term counts, where the term itself counts 1.
RELATIVE = 0.7

_GROUPS = """
death die dead died kill killed fatal fatality deadly perish slain toll
injure injured hurt wound wounded injury casualty
attack strike raid assault bomb bombing shell shelling
shoot shot gunfire downed
explode explosion blast detonate
crash collide collision wreck derail
ground aground stranded
fly flew flight plane airliner
fly flying travel head return bound route journey way
leave left depart departure evacuate flee fled
arrive reach land landed
arrest detain detained custody seize
accuse charge charged indict blame
sentence jail jailed prison imprison
court trial judge tribunal
police officer officers
soldier troop army military
rebel militant insurgent fighter
say said tell told state report announce
deny denied reject rejected dismiss
confirm confirmed verify acknowledge
want demand seek ask
win won victory defeat beat
vote election poll ballot elect
president leader head
company firm business corporation
boss chief chairman director executive
buy bought purchase acquire acquisition
pay paid cost price
money fund funding finance
rise rose increase grow grew climb
fall fell drop decline decrease
job work employ employment
build built construct construction
begin began start open launch
end ended finish stop halt
close closed closure shut
cause caused reason because due
name named identity called
child kid boy girl
doctor physician surgeon
illness disease sick
storm hurricane cyclone typhoon
quake earthquake tremor
flood flooding inundate
fire blaze burn
help aid assist relief
rescue rescued save
agree agreement deal accord treaty
talk negotiate negotiation
law legislation bill act
"""


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = set(terms(line))
        for term in group:
            found.setdefault(term, set()).update(group)
    return {term: frozenset(group) for term, group in found.items()}


def related(term: str) -> frozenset[str]:
    """Return the terms that stand for a term, itself among them.

    >>> "kill" in related("death"), related("ferri")
    (True, frozenset({'ferri'}))
    """
    return _groups().get(term, frozenset({term}))


def covered(asked: Iterable[str], given: set[str]) -> dict[str, float]:
    """Return for each asked term how well it is among the given ones: 1, or less for a relative.

    >>> covered(["death", "ferri"], {"kill", "boat"})
    {'death': 0.7, 'ferri': 0.0}
    """
    return {
        term: 1.0 if term in given else RELATIVE * (not given.isdisjoint(related(term)))
        for term in asked
    }
