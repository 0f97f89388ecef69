"""Tell the point of an abbreviation from one that ends a sentence too."""

from __future__ import annotations

import re

__all__ = ["OPENERS", "POINT", "point_after"]

OPENERS = (
    "A|About|After|Afterwards|All|Also|Although|An|And|Another|Any|Are|As|At|Be|Because|Before|Both|"
    "But|By|Call|Can|Could|Did|Do|Does|Don't|During|Each|Even|Every|Everybody|Everyone|Everything|Finally|"
    "For|From|Go|Had|Has|Have|He|Hence|Her|Here|His|How|However|I|If|In|Instead|Is|It|It's|Its|Just|"
    "Later|Let|Let's|Many|Maybe|Meanwhile|Most|My|Next|No|Nobody|None|Nor|Not|Nothing|Now|Of|Often|On|"
    "Once|One|Only|Or|Our|Perhaps|Please|Press|She|Should|Since|So|Some|Somebody|Someone|Soon|Still|Such|"
    "Thank|Thanks|That|That's|The|Their|Then|There|There's|Therefore|These|They|Third|This|Those|"
    "Though|Thus|To|Today|Together|Tomorrow|Tonight|Two|Under|Unless|Until|We|Well|Were|What|When|"
    "Where|Whether|Which|While|Who|Why|Will|With|Within|Without|Would|Yes|Yesterday|Yet|You|Your"
)
"""Words that open sentences and are seldom names."""

POINT = r"(?P<point>\.(?!\w))"
"""What `point_after` looks behind."""

_AT_END = re.compile(r"[\"')\]]{0,9}\s*$")
_BEFORE_OPENER = re.compile(rf"[\"')\]]{{0,9}}\s+[\"'(]{{0,9}}(?:{OPENERS})\b(?!(?<=\s[AI])\.)")
_BEFORE_CAPITAL = re.compile(r"[\"')\]]{0,9}\s+[\"'(]{0,9}[A-Z]")


def point_after(match: re.Match[str], *, before_any_capital: bool = False) -> str:
    """Return "." where the point at the end of `match` ends a sentence as well, else "".

    It does at the end of the text, and before a word that opens sentences, or before any capital
    letter where names do not follow such an abbreviation ("5 min. Tom").
    """
    if not match.group().endswith("."):
        return ""
    text, end = match.string, match.end()
    following = _BEFORE_CAPITAL if before_any_capital else _BEFORE_OPENER
    return "." if _AT_END.match(text, end) or following.match(text, end) else ""
