"""Rows of the frame around every page: tags and links, navigation, login, error pages."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["neutral", "info", "success", "warning", "danger"]
Theme = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A short fact in a frame; ``icon`` (KERN's name) and text carry it, the tone only helps.

    ``spoken`` replaces the text for screen readers where the text is abbreviated.
    """

    text: str
    tone: Tone = "neutral"
    icon: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A text and where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class EmptyState:
    """Why a list is empty, and the one step that helps."""

    text: str
    hint: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """``key`` is what follows ``g`` on the keyboard; ``count`` None shows no number."""

    label: str
    url: str
    icon: str
    key: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A heading of the side navigation and what stands below it."""

    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame; built from the user and the memberships alone.

    ``path`` is where language and settings return to: address with query, no fragment.
    ``query`` refills the search field on the result page only.
    """

    tenant: str
    user: str
    nav: tuple[NavGroup, ...]
    path: str
    unit: str = ""
    language: str = "de"
    theme: Theme = "system"
    keys_enabled: bool = True
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """``locked_minutes`` None lets the visitor try; a number closes the form for that long."""

    username: str = ""
    next: str = ""
    failed: bool = False
    locked_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """``reference`` is the correlation id that the log knows; ``steps`` are ways out.

    ``helpers`` says who may do what the reader may not.
    """

    title: str
    text: str
    helpers: str = ""
    reference: str = ""
    steps: tuple[Link, ...] = ()
