"""What is computed: params.yaml, parsed once into one frozen object.

DVC hashes the same file, so a change of a value here re-runs the stages that name it and no other.
"""

from voxgate.params.cut import CutParams
from voxgate.params.document import Params, load_params
from voxgate.params.evaluate import EvaluateParams
from voxgate.params.featurize import FeaturizeParams
from voxgate.params.gate import GateParams, TradeParams
from voxgate.params.ingest import IngestParams
from voxgate.params.sizes import SizeParams, SizesParams
from voxgate.params.speakers import SpeakersParams
from voxgate.params.train import TrainParams
from voxgate.params.validate import ValidateParams

__all__ = [
    "CutParams",
    "EvaluateParams",
    "FeaturizeParams",
    "GateParams",
    "IngestParams",
    "Params",
    "SizeParams",
    "SizesParams",
    "SpeakersParams",
    "TradeParams",
    "TrainParams",
    "ValidateParams",
    "load_params",
]
