"""Write out the abbreviations of postal addresses: streets, directions, flats and states."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import digits
from voxgate.text.english.sentence_ends import point_after

__all__ = ["STREETS", "speak_places"]

STREETS = {
    "St": "Street",
    "Dr": "Drive",
    "Ave": "Avenue",
    "Av": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Ln": "Lane",
    "Hwy": "Highway",
    "Pkwy": "Parkway",
    "Ct": "Court",
    "Pl": "Place",
    "Sq": "Square",
    "Ter": "Terrace",
    "Cir": "Circle",
    "Expy": "Expressway",
    "Tpke": "Turnpike",
}
"""Kinds of streets, after their names."""

_ROOMS = {
    "Apt": "Apartment",
    "Apts": "Apartments",
    "Ste": "Suite",
    "Bldg": "Building",
    "Rm": "Room",
    "Fl": "Floor",
    "Dept": "Department",
}
_DIRECTIONS = {
    "N": "North",
    "S": "South",
    "E": "East",
    "W": "West",
    "NE": "Northeast",
    "NW": "Northwest",
    "SE": "Southeast",
    "SW": "Southwest",
}
_STATES = dict(
    pair.split(":")
    for pair in (
        "AL:Alabama,AK:Alaska,AZ:Arizona,AR:Arkansas,CA:California,CO:Colorado,CT:Connecticut,"
        "DE:Delaware,FL:Florida,GA:Georgia,HI:Hawaii,ID:Idaho,IL:Illinois,IN:Indiana,IA:Iowa,"
        "KS:Kansas,KY:Kentucky,LA:Louisiana,ME:Maine,MD:Maryland,MA:Massachusetts,MI:Michigan,"
        "MN:Minnesota,MS:Mississippi,MO:Missouri,MT:Montana,NE:Nebraska,NV:Nevada,"
        "NH:New Hampshire,NJ:New Jersey,NM:New Mexico,NY:New York,NC:North Carolina,"
        "ND:North Dakota,OH:Ohio,OK:Oklahoma,OR:Oregon,PA:Pennsylvania,RI:Rhode Island,"
        "SC:South Carolina,SD:South Dakota,TN:Tennessee,TX:Texas,UT:Utah,VT:Vermont,"
        "VA:Virginia,WA:Washington,WV:West Virginia,WI:Wisconsin,WY:Wyoming"
    ).split(",")
)
_KINDS = "|".join(STREETS)
_WAYS = r"N\.?E|N\.?W|S\.?E|S\.?W|N|S|E|W"
_STREET_WORD = rf"(?:{_KINDS}|{'|'.join(sorted(set(STREETS.values())))})\b"

_AFTER_ORDINAL = re.compile(rf"(?<=\d(?:st|nd|rd|th)) ({_KINDS})\b(?:\.(?!\w))?(?=\W|$)")
_PLAIN_STREET = re.compile(
    rf"(?<=[A-Z][a-z]{{2}}|[a-z]{{3}}) (?P<kind>{_KINDS})(?:\.(?=\s+[a-z])|(?=\s*"
    rf"(?:$|[,;:!?)\"]|\.\s*$| (?:[a-z]|(?:{_WAYS})\b|(?:Apt|Ste|Suite|Unit)\b))))"
)
_CAPITALISED = re.compile(r"(?:^|[\s(\"])[A-Z][\w'-]*$")
_ROOM = re.compile(rf"\b(?P<kind>{'|'.join(_ROOMS)})\b\.? ?#?(?=[A-Z]?-?\d|[A-Z]\b)")
_FLAT = re.compile(r"(?<=\w,) #(?=\d+[A-Z]?\b)")
_FLOOR = re.compile(r"(?<=\d(?:st|nd|rd|th)) (Fl|fl)\b(?! oz)\.?(?!\w)")
_HEADING = re.compile(
    rf"(?<=\d )(?P<way>{_WAYS})\b\.? (?=(?:[A-Z0-9][\w']*\.? ){{1,3}}{_STREET_WORD})"
)
_TRAILING = re.compile(
    rf"(?P<street>\b(?:{_KINDS}|{'|'.join(sorted(set(STREETS.values())))})\b\.? )"
    rf"(?P<way>{_WAYS})\b(?:\.(?!\w))?(?=\s*(?:$|[,.;)]|\s))"
)
_STATE = re.compile(
    rf"(?<=[a-z], )(?P<state>{'|'.join(_STATES)})"
    r"(?: (?P<zip>\d{5})(?:-(?P<more>\d{4}))?\b|(?=\s*(?:$|[,.;:!?)\"]| [a-z]| USA\b)))"
    r"(?!'|\.[A-Z]|\.\d)"
)
_CITY = re.compile(r"\b[A-Z][a-z]+, $")
_CAPITAL = re.compile(r"(?<=Washington, )D\.?C\b\.?(?!\w)")
_BOX = re.compile(r"\b[Pp]\. ?[Oo]\. ?(?=[Bb]ox\b)|\bPO (?=[Bb]ox\b)")
_WINDOW = 40


def speak_places(text: str) -> str:
    """Speak "42nd St, Apt. 4B" and "123 N. Main St, Austin, TX"."""
    text = _HEADING.sub(lambda m: f"{_direction(m)} ", text)
    text = _AFTER_ORDINAL.sub(lambda m: f" {STREETS[m[1]]}{point_after(m)}", text)
    text = _PLAIN_STREET.sub(_speak_street, text)
    text = _TRAILING.sub(
        lambda m: f"{m['street']}{_direction(m)}{point_after(m, before_any_capital=True)}", text
    )
    text = _FLOOR.sub(" Floor", _FLAT.sub(" number ", text))
    text = _ROOM.sub(lambda m: f"{_ROOMS[m['kind']]} ", text)
    text = _BOX.sub("P O ", text)
    text = _CAPITAL.sub(lambda m: f"D C{point_after(m)}", text)
    return _STATE.sub(_speak_state, text)


def _direction(match: re.Match[str]) -> str:
    return _DIRECTIONS[match["way"].replace(".", "")]


def _speak_street(match: re.Match[str]) -> str:
    """Write a street out behind a capitalised word; "the Dr is in" has none."""
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    return f" {STREETS[match['kind']]}" if _CAPITALISED.search(before) else match.group()


def _speak_state(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    if not _CITY.search(before):
        return match.group()
    code = ", ".join(digits(part) for part in (match["zip"], match["more"]) if part)
    return f"{_STATES[match['state']]} {code}".strip()
