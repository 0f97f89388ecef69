"""The whole of params.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator

from voxgate.errors import ConfigError
from voxgate.field_faults import field_faults
from voxgate.params.cut import CutParams
from voxgate.params.evaluate import EvaluateParams
from voxgate.params.featurize import FeaturizeParams
from voxgate.params.gate import GateParams
from voxgate.params.ingest import IngestParams
from voxgate.params.section import Section
from voxgate.params.sizes import SizesParams
from voxgate.params.speakers import SpeakersParams
from voxgate.params.train import TrainParams
from voxgate.params.validate import ValidateParams
from voxgate.strict_yaml import read_yaml

__all__ = ["Params", "load_params"]

_SHOWN_FAULTS = 50


class Params(Section):
    """Every parameter, grouped by who reads it: import, stages, gate, service.

    The section `validate` is the attribute `validate_`: pydantic's models have a method of that
    name already.
    """

    cut: CutParams
    sizes: SizesParams
    ingest: IngestParams
    validate_: ValidateParams = Field(alias="validate")
    featurize: FeaturizeParams
    train: TrainParams
    evaluate: EvaluateParams
    gate: GateParams
    speakers: SpeakersParams

    @model_validator(mode="after")
    def _recogniser_exists(self) -> Self:
        self.evaluate.require_kind("validate.recogniser", self.validate_.recogniser, "whisper")
        self.evaluate.require_kind("cut.recogniser", self.cut.recogniser, "whisper")
        return self


def load_params(path: Path) -> Params:
    """Read params.yaml.

    Raises:
        ConfigError: the file is absent, is no YAML mapping, or has unknown, missing or wrong
            values; the faults are listed, of hundreds the first.
    """
    try:
        raw = read_yaml(path)
    except FileNotFoundError:
        raise ConfigError(str(path), ["the file is missing"]) from None
    if not isinstance(raw, dict):
        raise ConfigError(str(path), [f"expected a mapping of sections, got {type(raw).__name__}"])
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(str(path), field_faults(error)[:_SHOWN_FAULTS]) from None
