"""Read digits that are dialled or typed, not counted: telephone numbers, pins, star codes."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import digits

__all__ = ["speak_codes", "speak_labelled_codes"]

_TELEPHONE = re.compile(
    r"""(?<![\w.-])
    (?P<country>\+\d{1,3}[ .-]?|1[ .-])?
    (?:\((?P<area>\d{3})\)[ .-]?|(?P<area2>\d{3})[ .-])?
    (?P<exchange>\d{3})[.-](?P<line>\d{4})
    (?![\w-]|\.\d)""",
    re.VERBOSE,
)
_SPACED_TELEPHONE = re.compile(
    r"(?<![\w.,-])(?:\+?\d{1,3}[ .-])?(?:\(\d{3}\) ?|\d{3} )\d{3} \d{4}(?![\w-]| ?\d|[.,]\d)"
)
_PLUS_NUMBER = re.compile(r"(?<!\w)\+\d(?:[ .-]?\(?\d\)?){6,14}(?!\w|[.-]?\d)")
_TRUNK = re.compile(r"(?<![\w.,+-])\(?0\d{1,5}\)?(?:[ /-]\d{2,8}){1,5}(?![\w-]|[ .,]\d)")
_SPELLED_OUT = re.compile(
    r"(?<![\w.-])(1[ -])?(8(?:00|33|44|55|66|77|88))[ -]([A-Z]{4,8}|[A-Z]{3}-[A-Z]{4})\b"
)
_GROUPED = re.compile(
    r"(?<![\w.,+-])(?:\d{4}(?:[ -]\d{4}){2,4}|\d{4}[ -]\d{6}[ -]\d{5}|\d{3}-\d{2}-\d{4}"
    r"|\d{1,5}(?:-\d{1,7}){3,5})(?![\w-]|[ ,.]\d)"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_LABEL = (
    r"(?:extension|ext|dial|pin|passcode|password|room|code|channel|port|flight|zip|account|acct|card|cvv|cvc|"
    r"id|order|invoice|case|ticket|confirmation|reference|tracking|serial|booking|customer|member|routing|policy)"
)
_AFTER_WORD = re.compile(
    rf"\b({_LABEL}s?(?: (?:is|was|number|code|no\.|#|num)){{0,2}}:? #?)(\d{{3,}}+"
    rf"(?:[ -]\d{{2,6}}){{0,5}})(?![\w-]|[.,]\d| \d)",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"(?<= )no\.", re.IGNORECASE)
_CALLED = re.compile(
    r"\b((?:call|phone|ring|text|tel|telephone|fax)(?: (?:me|us|him|her|it))?"
    r"(?: (?:at|on|is))?\.?:? )(\d{3} \d{3,4}|\d{7,15})(?![\w-]|[.,]\d| \d)",
    re.IGNORECASE,
)
_SORT_CODE = re.compile(r"((?i:\bsort code)(?: (?:is|was))?:? )(\d\d-\d\d-\d\d)(?![\w-])")
_STAR_CODE = re.compile(r"(?<![\w*#])(?:\*\d+#?|#\d+#)(?![\w*#])")
_ZIP_CODE = re.compile(
    r"(?<=\b[A-Z]{2} )(\d{5})(?:-(\d{4}))?\b|(?<![\w.,-])(\d{5})-(\d{4})(?![\w-]|[.,]\d)"
)
_LETTERS_DIGITS = re.compile(r"((?<!\w)#)?\b(?!FY|CY)([A-Z]{1,3})[.-]?(\d{3,})\b(?![.,]\d)")
_EMERGENCY = re.compile(r"(?<![\w.,$-])911(?![\w-]|[.,]\d)")
_KEYS = {"*": "star", "#": "pound"}


def speak_labelled_codes(text: str) -> str:
    """Speak digits that the word before them makes a code ("PIN 0420"), and account numbers."""
    text = _IBAN.sub(_speak_iban, text)
    text = _SORT_CODE.sub(lambda m: f"{m[1]}{_groups(m[2])}", text)
    text = _CALLED.sub(lambda m: f"{m[1]}{_groups(m[2])}", text)
    return _AFTER_WORD.sub(_speak_labelled, text)


def _speak_labelled(match: re.Match[str]) -> str:
    """Speak "account no. 0012"; the point of "no." would end the sentence."""
    return f"{_NUMBER_SIGN.sub('number', match[1])}{_groups(match[2])}"


def speak_codes(text: str) -> str:
    """Speak codes digit by digit, with a pause between the groups of a telephone number."""
    text = _STAR_CODE.sub(_speak_keys, text)
    text = _ZIP_CODE.sub(lambda m: ", ".join(digits(part) for part in m.groups() if part), text)
    text = _SPELLED_OUT.sub(_speak_spelled_out, text)
    text = _GROUPED.sub(lambda m: _groups(m.group()), text)
    text = _TELEPHONE.sub(_speak_telephone, text)
    text = _SPACED_TELEPHONE.sub(_speak_plain_telephone, text)
    text = _PLUS_NUMBER.sub(_speak_plain_telephone, text)
    text = _TRUNK.sub(_speak_trunk, text)
    text = _LETTERS_DIGITS.sub(_speak_part_number, text)
    return _EMERGENCY.sub("nine one one", text)


def _speak_keys(match: re.Match[str]) -> str:
    return " ".join(_KEYS.get(key) or digits(key) for key in match.group())


def _speak_part_number(match: re.Match[str]) -> str:
    return f"{'number ' if match[1] else ''}{match[2]} {digits(match[3])}"


def _speak_telephone(match: re.Match[str]) -> str:
    country = re.sub(r"\D", "", match["country"] or "")
    area = match["area"] or match["area2"] or ""
    plus = "plus " if (match["country"] or "").startswith("+") else ""
    return plus + _groups(f"{country} {area} {match['exchange']} {match['line']}")


def _speak_plain_telephone(match: re.Match[str]) -> str:
    return ("plus " if "+" in match.group() else "") + _groups(match.group())


def _speak_trunk(match: re.Match[str]) -> str:
    """Speak a number with its trunk zero; a few digits more are none ("007 12")."""
    number = match.group()
    is_long = sum(char.isdigit() for char in number) > 7  # noqa: PLR2004 - the shortest with area code
    return _groups(number) if is_long else number


def _speak_spelled_out(match: re.Match[str]) -> str:
    """Speak "1-800-FLOWERS"; its word stays a word."""
    word = ", ".join(part.capitalize() for part in match[3].split("-"))
    return ", ".join([digits(part.strip(" -")) for part in (match[1], match[2]) if part] + [word])


def _speak_iban(match: re.Match[str]) -> str:
    plain = match.group().replace(" ", "")
    if sum(char.isdigit() for char in plain) < len(plain) // 2 or len(plain) < 15:  # noqa: PLR2004 - the shortest IBAN
        return match.group()
    groups = [plain[at : at + 4] for at in range(0, len(plain), 4)]
    return ", ".join(
        " ".join(digits(char) if char.isdigit() else char for char in group) for group in groups
    )


def _groups(number: str) -> str:
    return ", ".join(digits(group) for group in re.findall(r"\d+", number))
