"""What people and programs state in the ledger beside decisions: measurements, and trades.

Pure like `candidates`: from the book to the event to append, or None when it stands already.
"""

from __future__ import annotations

from dataclasses import asdict

from voxgate.errors import ApproverError, ReleaseError
from voxgate.gate.trade import SignedTrade, Trade
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind
from voxgate.release.policy import Policy, require_person, require_words
from voxgate.release.records import UNDECIDED, Release, evidence_name

__all__ = ["is_sealed", "revoke_trade", "seal_evidence", "sign_trade", "standing_trade"]


def seal_evidence(
    book: Book, *, model_digest: str, frame_digest: str, evidence_sha256: str, by: str
) -> Draft | None:
    """Note the digest of evidence that was measured here, and by whom."""
    if is_sealed(book, model_digest, frame_digest, evidence_sha256):
        return None
    return Draft(
        kind=Kind.MEASURED,
        model=book.model,
        version=None,
        actor=by,
        reason="a voice was measured",
        facts={
            "model_digest": model_digest,
            "frame_digest": frame_digest,
            "evidence_sha256": evidence_sha256,
        },
    )


def is_sealed(book: Book, model_digest: str, frame_digest: str, evidence_sha256: str) -> bool:
    """Tell whether this very evidence is what was measured last of a voice in a frame."""
    return book.measured.get(evidence_name(model_digest, frame_digest)) == evidence_sha256


def sign_trade(
    book: Book, trade: Trade | None, policy: Policy, *, by: str, reason: str
) -> Draft | None:
    """Sign the rule of params.yaml; the signature is for this rule alone.

    Raises:
        ReleaseError: there is no rule, or it is beyond what may be signed.
        ApproverError: `by` is no person, may not approve, or trained a version that waits.
    """
    require_words(by, reason)
    require_person(by)
    if trade is None:
        raise ReleaseError("gate.trade in params.yaml is null: there is no rule to sign")
    if trade.faults:
        raise ReleaseError(f"gate.trade cannot be signed: {'; '.join(trade.faults)}")
    _require_signer(book, policy, by)
    standing = book.trade
    if standing is not None and (standing.digest, standing.by) == (trade.digest, by):
        return None
    facts = {"digest": trade.digest, "rule": asdict(trade)}
    return Draft(
        kind=Kind.TRADE_SIGNED, model=book.model, version=None, actor=by, reason=reason, facts=facts
    )


def revoke_trade(book: Book, *, by: str, reason: str) -> Draft | None:
    """Take a signature back: any person may, for it only makes the gate stricter.

    Raises:
        ApproverError: `by` is no person.
    """
    require_words(by, reason)
    require_person(by)
    if book.trade is None:
        return None
    return Draft(
        kind=Kind.TRADE_REVOKED,
        model=book.model,
        version=None,
        actor=by,
        reason=reason,
        facts={"digest": book.trade.digest},
    )


def standing_trade(
    book: Book, trade: Trade | None, policy: Policy, release: Release
) -> SignedTrade | None:
    """Return the rule with its signature, where one stands that counts for this version.

    It does not where the rule was changed since, or where the one who signed trained the version.
    """
    if trade is None:
        return None
    signature = book.trade
    if (
        signature is None
        or signature.digest != trade.digest
        or policy.is_trainer(signature.by, release)
    ):
        return SignedTrade(trade=trade)
    return SignedTrade(trade=trade, signed_by=signature.by, reason=signature.reason)


def _require_signer(book: Book, policy: Policy, by: str) -> None:
    policy.require_listed(by)
    waiting = (r for r in book.releases.values() if r.state in UNDECIDED)
    own = next((release for release in waiting if policy.is_trainer(by, release)), None)
    if own is not None:
        raise ApproverError(
            f"{by!r} trained version {own.version}, which a trade could release; somebody else "
            "has to sign it"
        )
