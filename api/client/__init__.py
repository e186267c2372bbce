"""A client of the portal API: typed, repeat-safe, and usable without anything else of this project.

It needs Python 3.11, httpx, cryptography and rfc8785. ``Portal`` has a method for each operation;
the rest is what a portal needs around them: ``Dispatch`` hands in an application once, whatever
dies in between, ``Bookmark`` reads the feed without missing anything, ``Listener`` takes callbacks.
"""

from api.client.calling import Damaged, Refused, Unreachable
from api.client.dispatching import Dispatch
from api.client.feed import Bookmark
from api.client.files import Attachment
from api.client.listening import Listener
from api.client.portal import Portal, Reply
from api.client.proving import NotGenuine, check_callback, check_receipt

__all__ = [
    "Attachment",
    "Bookmark",
    "Damaged",
    "Dispatch",
    "Listener",
    "NotGenuine",
    "Portal",
    "Refused",
    "Reply",
    "Unreachable",
    "check_callback",
    "check_receipt",
]
