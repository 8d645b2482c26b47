"""Words whose full stop does not by itself end a sentence, and words that begin one.

All sets hold lower-case words without their final full stop. They are grouped
by what decides after them, not by what they mean:

- `TITLES` and `CONNECTORS` never end a sentence that goes on;
- `NUMBERED` bind to a number, `CALENDAR` to the rest of a date;
- `NAME_TAILS` may end one, and do when a word of `STARTERS` follows.
"""

from __future__ import annotations


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


TITLES = _words(
    "mr mrs ms mx dr drs prof profs messrs mme mmes mlle mgr msgr fr rev revs hon pres",
    "gen lt col maj capt cpt cpl sgt adm cmdr comdr cdr brig pvt pfc spc ens vadm radm ssgt msgt",
    "sen sens rep reps gov govs amb atty asst assoc dep del det insp supt sec secy treas",
    "comm commr hr frl dipl ing sra srta dña dn mons ven vice-pres rt sgt-maj ald cllr ste",
)
"""Written with a capital in front of a name."""

CONNECTORS = _words(
    "vs v cf viz e.g i.e eg ie z.b d.h u.a p.ex p.e incl esp resp bzw feat ca approx",
    "aka a.k.a nb n.b gest geb sog evtl ggf",
)
"""Always followed by the rest of the sentence."""

NUMBERED = _words(
    "no nos nr nrs vol vols p pp pg pgs fig figs ch chap chs art arts eq eqs op opp ver para",
    "rs sect secs sec ed eds tel ext b d c r fl abs bd núm núms pág págs n s ss str",
    "pt pts ex mss reg apt ste rm bldg flt rte hwy",
    "cor gal rom eph thess heb matt ps prov isa jer ezek exod lev deut",
)
"""Bound to the number, the roman numeral or the single capital behind them."""

CALENDAR = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec",
    "mon tue tues wed weds thu thur thurs fri sat sun",
)
"""Shortened months and weekdays, bound to the date behind them."""

CALENDAR_NAMES = CALENDAR | _words(
    "january february march april may june july august september october november december",
    "monday tuesday wednesday thursday friday saturday sunday",
)
"""What makes up the rest of a date."""

NAME_TAILS = _words(
    "inc ltd corp co cos llc llp plc bros assn intl natl univ inst dept mfg pty pte gmbh pvt spa",
    "jr sr esq phd md st sts ave blvd rd hwy sq mt mts ft ctr bldg dist hosp acad govt mtn pk pkwy",
)
"""Part of a name that may stand at the end of a sentence."""

LOWER_TAILS = _words("al dept govt assn")
"""The same without a capital: `Weber et al. (2010)`."""

STATES = _words(
    "ala ariz ark calif colo conn del fla ga ill ind kan kans ky la md mass mich minn miss mo mont",
    "neb nebr nev okla ore pa penn tenn tex va vt wash wis wisc wyo ont que alta sask man",
)
"""Associated Press state names; most are also words, so they count only behind a comma."""

LETTERED = _words(
    "vitamin plan group class type grade section schedule hepatitis team category appendix",
    "exhibit block war division league serie series part phase stage tier option figure item",
    "gruppe groupe influenza",
)
"""Nouns followed by a letter that is no initial: `Vitamin C. Studies …`."""

SHOUTED = _words("yahoo jeopardy yum wham e")
"""Names that carry an exclamation mark."""

ORDINAL_NOUNS = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember",
    "jahrhundert jahrhunderts jahrhunderte weltkrieg weltkriegs januari februari maart mei",
)
"""Follow a German or Dutch ordinal, which is a number with a full stop."""

ZONES = _words("eastern central pacific mountain gmt utc local greenwich standard")
"""Follow a time of day."""

STARTERS = _words(
    "the a an this that these those it its he she they we i you his her their our my your",
    "there here what who whose when where why how which while whether",
    "in on at by for from with without within after before during since until despite upon",
    "under over between among amid throughout through against about above below beyond behind",
    "as if although though because unless but and or yet so nor however moreover furthermore",
    "nevertheless nonetheless meanwhile also additionally according then thus therefore hence",
    "still instead otherwise consequently subsequently finally eventually similarly indeed",
    "both some many most several each every all another other others such one two three only even",
    "once today yesterday tomorrow earlier later recently now not no perhaps maybe",
    "to of is are was were has have had do does did can could will would should may might must",
    "it's he's she's that's there's they've we've i'm don't didn't",
    "prior due given including like unlike following based",
)
"""Words that, capitalised in the middle of a text, nearly always begin a sentence."""

SAID = _words(
    "said says say asked asks replied answered added wondered wrote shouted cried exclaimed",
    "continued explained quipped joked recalled demanded inquired tweeted told",
)
"""Verbs that attribute a quotation."""
