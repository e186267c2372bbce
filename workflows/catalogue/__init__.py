"""The catalogue of services: what differs from one to the next, as data, checked when loaded."""

from workflows.catalogue.definition import Definition, compiled
from workflows.catalogue.loading import load_catalogue, parse

__all__ = ["Definition", "compiled", "load_catalogue", "parse"]
