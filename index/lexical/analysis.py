"""Text to terms: the same analysis for what is indexed and for what is asked.

Folding is ours, in Python; the tokeniser and the Snowball stemmer are tantivy's,
run both by the index and by `terms`, so that the two cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import tantivy

QUESTION_CHARS = 20_000
MUTE = "\0"  # a term of its own, which `folded` keeps out of texts and questions
LONGEST_TERM = 64  # bytes; longer runs are addresses and payloads, not words

_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_POSSESSIVE = re.compile(r"(?<=\w)'[sS]\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOTTED = re.compile(r"(?<![\w.])[^\W\d_]\.(?:[^\W\d_]\.)+")
_TOKEN = r"\x00|\p{Nd}+\.\p{Nd}+|[\p{Alphabetic}\p{M}\p{N}]+"  # noqa: S105 - a pattern, no secret

# Left out of questions only, and only while another word remains.
_FUNCTION_WORDS = """
a an and are as at be been but by did do does for from had has have her his how i if in into is its
my of on or our that the their them then there these they this those to was we were what when
where which whom whose why with would you your
"""
# Function words that are names when they are written in capitals: "WHO", "US", "IT".
_NAMES_IN_CAPITALS = re.compile(r"\b(?:[Ww]ho|[Uu]s|[Ii]t)\b")


def terms(text: str) -> list[str]:
    """Return the terms of ``text`` in order, repeats included, as they are indexed and searched.

    Case, accents, compatibility forms and possessives are folded, dotted
    abbreviations and thousands joined, words stemmed as English (Snowball),
    and scripts without spaces cut into overlapping pairs of characters.

    >>> terms("Erdoğan’s U.S. visits cost $1,500.50")
    ['erdogan', 'us', 'visit', 'cost', '1500.50']
    """
    return analyser().analyze(folded(text))


def question_terms(question: str) -> list[str]:
    """Return the distinct terms that ``question`` is searched by, in order of appearance.

    English function words are left out unless there is nothing else ("who" is
    one, "WHO" is not). Only the first 20,000 code points count. Nothing in a
    question is query syntax.

    >>> question_terms('Where did "the" flight AND (the pilots) go?')
    ['flight', 'pilot', 'go']
    >>> question_terms("Who leads the WHO?")
    ['lead', 'who']
    """
    text = question[:QUESTION_CHARS]
    every = list(dict.fromkeys(terms(text)))
    distinct = list(dict.fromkeys(terms(_NAMES_IN_CAPITALS.sub(" ", text))))
    function_words = _function_terms()
    return [term for term in distinct if term not in function_words] or every


def folded(text: str) -> str:
    """Return ``text`` as the engine's tokeniser gets it.

    >>> folded("Straße in 東京都: Putin’s 1,500 men")
    'strasse in  東京 京都 : putin 1500 men'
    """
    if not text.isascii():
        sound = _sound(text).replace("’", "'").replace("‘", "'").replace("ʼ", "'")
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", sound.casefold()))
        text = _UNSPACED.sub(_pairs, unicodedata.normalize("NFKC", bare))
    text = text.replace(MUTE, " ")
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if "." in text:
        text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    return text


def _pairs(run: re.Match[str]) -> str:
    word = run.group()
    pairs = [word[at : at + 2] for at in range(max(1, len(word) - 1))]
    return f" {' '.join(pairs)} "


@cache
def analyser() -> tantivy.TextAnalyzer:
    """Return the engine's part of the analysis, which takes what `folded` returns."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_TOKEN))
    for step in (
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.remove_long(LONGEST_TERM),
        tantivy.Filter.stemmer("English"),
    ):
        builder = builder.filter(step)
    return builder.build()


@cache
def _function_terms() -> frozenset[str]:
    return frozenset(terms(_FUNCTION_WORDS))


def outlet_key(outlet: str) -> str:
    """Return the form under which an outlet's name is compared.

    >>> outlet_key(" Hill  GAZETTE ")
    'hill gazette'
    """
    return " ".join(unicodedata.normalize("NFKC", _sound(outlet)).casefold().split())


def _sound(text: str) -> str:
    """Return ``text`` with question marks for lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
