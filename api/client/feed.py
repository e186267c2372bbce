"""The feed, read from where one stopped, however one stopped."""

import os
from collections.abc import Callable
from pathlib import Path

from api.client.portal import Portal
from api.client.shapes import Event


class Bookmark:
    """How far the feed has been read, kept in a file: after a crash it goes on from there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def cursor(self) -> str | None:
        """The cursor to go on from; None: from the beginning."""
        try:
            return self._path.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def move(self, cursor: str) -> None:
        """Put the bookmark to ``cursor``, on the disk before this returns."""
        beside = self._path.with_name(f".{self._path.name}")
        with beside.open("w", encoding="ascii") as file:
            file.write(cursor)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    def read(self, portal: Portal, take: Callable[[Event], object], *, limit: int = 100) -> int:
        """Hand every event since to ``take``, in order; returns how many.

        The bookmark moves after a page was taken: a crash in between hands a page out again and
        never misses one, so let ``take`` know events by their id.
        """
        taken = 0
        while True:
            events, following = portal.events(self.cursor, limit)
            for event in events:
                take(event)
            if not events or following is None:
                return taken
            taken += len(events)
            self.move(following)
