"""Let phones that a base never met begin as the nearest ones that it knows.

A base of English speech has trained the rows of English phones only. A Chinese or Japanese phone
that begins as a copy of the nearest English row needs less speech than one that begins at random:
the tones of a final begin alike, and a final as its vowel.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from voxgate.text.symbols import SymbolTable

__all__ = ["NEAREST", "begin_near"]

_INITIALS = (
    "b=B p=P m=M f=F d=D t=T n=N l=L g=G k=K h=HH j=JH q=CH x=SH zh=JH ch=CH sh=SH r=R z=Z c=S "
    "s=S y=Y w=W AA=AA1 EE=AH1 OO=AO1"
)
_FINALS = (
    "a=AA ai=AY an=AE ang=AA ao=AW e=AH ei=EY en=AH eng=AH er=ER E=EH En=EH i=IY i0=IH ir=ER ia=AA "
    "ian=EH iang=AA iao=AW ie=EH in=IH ing=IH iong=OW iu=OW o=AO ong=OW ou=OW u=UW ua=AA uai=AY "
    "uan=AE uang=AA ui=EY un=UH uo=AO v=UW van=EH ve=EH vn=IH"
)
_JAPANESE = (
    "a=AA1 i=IY1 u=UW1 e=EH1 o=OW1 I=IH0 U=UH0 k=K ky=K g=G gy=G s=S sh=SH z=Z j=JH t=T ts=S "
    "ch=CH d=D dy=D n=N ny=N h=HH hy=HH f=F b=B by=B p=P py=P m=M my=M y=Y r=L ry=L w=W v=V cl=T"
)
_TONES = "12345"


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


NEAREST: Mapping[str, str] = {
    **_pairs(_JAPANESE),
    **_pairs(_INITIALS),
    **{
        final + tone: vowel + ("0" if tone == "5" else "1")
        for final, vowel in _pairs(_FINALS).items()
        for tone in _TONES
    },
}
"""Each Chinese and Japanese symbol of the table v2, and the English one that it begins as.

Symbols that both languages write alike (k, s, y) are one row of the table; the Japanese N is the
row of the English one.
"""


@torch.no_grad()
def begin_near(network: nn.Module, table: SymbolTable) -> int:
    """Copy rows in every embedding of the table's size; return how many symbols were given one."""
    known = [pair for pair in NEAREST.items() if all(symbol in table for symbol in pair)]
    rows = list(table.ids_of(new for new, _ in known))
    sources = list(table.ids_of(old for _, old in known))
    for module in network.modules():
        if isinstance(module, nn.Embedding) and module.num_embeddings == len(table):
            module.weight[rows] = module.weight[sources].clone()
    return len(known)
