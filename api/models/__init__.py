"""The tables of the API: who may talk to us, and what is owed to them."""

from api.models.callbacks import CallbackLane, CallbackTarget
from api.models.clients import PortalClient, PortalFigure, UsedAssertion
from api.models.fit_connect import (
    FitConnectDestination,
    FitConnectNotice,
    FitConnectReply,
    FitConnectSubmission,
)
from api.models.open311 import Open311Key

__all__ = [
    "CallbackLane",
    "CallbackTarget",
    "FitConnectDestination",
    "FitConnectNotice",
    "FitConnectReply",
    "FitConnectSubmission",
    "Open311Key",
    "PortalClient",
    "PortalFigure",
    "UsedAssertion",
]
