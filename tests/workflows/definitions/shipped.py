"""The shipped definitions, read once for all tests of documents."""

from workflows.catalogue import load_catalogue
from workflows.definitions.documents import document_of

SHIPPED = load_catalogue()
PERMIT = next(document_of(one) for one in SHIPPED if one.key == "resident-parking")
