from __future__ import annotations

import pytest

from tests.fakes.imports import an_import, doubtful, kept, rejected, silence
from voxgate.corpus.cutting.accounting import account_for, add_accounts
from voxgate.corpus.cutting.stretches import Status

IMPORTED = an_import(
    kept(0, 2), silence(2, 3), doubtful(3, 5), rejected(5, 6), rejected(6, 9, "noise"), kept(9, 10)
)


def test_every_second_is_in_the_table() -> None:
    account = account_for(IMPORTED.stretches, IMPORTED.source.n_samples)
    assert account.seconds == 10
    assert [(e.status, e.reason, e.stretches, e.seconds) for e in account.entries] == [
        (Status.KEPT, "", 2, 3),
        (Status.DOUBTFUL, "", 1, 2),
        (Status.REJECTED, "noise", 1, 3),
        (Status.REJECTED, "music", 1, 1),
        (Status.SILENCE, "", 1, 1),
    ]
    assert account.seconds_of(Status.REJECTED) == 4
    assert account.doubts == {"passes_differ": 1}


def test_a_table_that_does_not_add_up_is_never_made() -> None:
    with pytest.raises(ValueError, match="160001 samples went in, 160000 are accounted for"):
        account_for(IMPORTED.stretches, IMPORTED.source.n_samples + 1)


def test_accounts_of_several_recordings_add_up() -> None:
    account = account_for(IMPORTED.stretches, IMPORTED.source.n_samples)
    both = add_accounts([account, account])
    assert both.seconds == 20
    assert both.seconds_of(Status.KEPT) == 6
    assert both.doubts == {"passes_differ": 2}
