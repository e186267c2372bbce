"""People before their screens."""

import os
from collections.abc import Callable

import pytest
from django.test import Client

from efile.kernel.models import User

# Playwright runs an event loop in the tests' own thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SignedIn = Callable[[str], Client]


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """A browser in which the named member of staff is signed in."""

    def browser(username: str) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(username=username),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return browser


@pytest.fixture
def desk(signed_in: SignedIn) -> Client:
    """The browser of a caseworker for resident parking."""
    return signed_in("a.lopes")


@pytest.fixture
def head(signed_in: SignedIn) -> Client:
    """The browser of the head of resident parking."""
    return signed_in("t.oyelaran")
