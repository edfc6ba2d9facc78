"""Offices and forms of address that are written with a capital before a name and are no part of it.

A closed class in each language that writes them so; the Romance and Slavic languages mostly use small letters. Those by which people are
known (King Charles, Pope Francis) are parts of the name.
"""

from __future__ import annotations

from functools import lru_cache

from clusterer.core.text import folded, listed

_OFFICES = listed(
    folded("""
    mr|mrs|ms|miss|dr|prof|professor|sen|senator|senators|rep|reps|representative|congressman|congresswoman|gov|governor|mayor|president
    |vice-president|pm|minister|chancellor|secretary|ambassador|judge|attorney|prosecutor|sheriff|detective|inspector|officer|sergeant
    |sgt|lt|lieutenant|col|colonel|capt|captain|maj|gen|adm|admiral|chairman|chairwoman|chief|ceo|cfo|director|deputy|leader|speaker
    |spokesman|spokeswoman|spokesperson|commissioner|coach|candidate|rev|reverend|former|then
    |manager|coroner|superintendent|administrator|warden|reporter|attorney-general|mp|msp|mep|trooper|investigator|agent|charge
    |herr|frau|kanzler|präsident|sprecher|direktor|trainer|vorsitzender|vorsitzende|monsieur|madame|mme|mlle|señor|señora|sra|doña|signor|signora|meneer|mevrouw|dhr|mevr|senhor|senhora
    |sayın|cumhurbaşkanı|başbakan|bakanı|bakan|başkanı|başkan|valisi|milletvekili
""")
)
_GERMAN_ENDS = folded("""
    minister|präsident|kanzler|chef|sprecher|meister|sekretär|senator|direktor|trainer|vorsitzender|vorsitzende
""")
_KNOWN_ENDS = tuple(listed(_GERMAN_ENDS))
_LEAST_BEFORE = 3  # letters of a compound; "Meister" by itself is a name as well


@lru_cache(maxsize=8_192)  # names come again
def is_office(word: str) -> bool:
    """Whether a word, as written, is an office or a form of address."""
    plain = folded(word.rstrip(".")).removesuffix("'s")
    man = plain.removesuffix("in")
    if plain in _OFFICES or man in _OFFICES:
        return True
    if not (word[:1].isupper() and man.endswith(_KNOWN_ENDS)):
        return False
    return any(man.endswith(end) and len(man) >= len(end) + _LEAST_BEFORE for end in _KNOWN_ENDS)
