"""Coming and going: signing in with its limit, signing out, and how a person wants the pages."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.pages.rows import LoginPage, Theme
from backoffice.pages.staff import StaffRequest, local_path, signed_in, user_of
from efile.kernel.preferences import prefer_keys, prefer_language

THEMES: tuple[Theme, ...] = ("system", "light", "dark")
A_YEAR = 365 * 24 * 60 * 60


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; afterwards people are where they wanted to go."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    onward = local_path(request, wanted) or "/"
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(onward)
        return render(request, "pages/login.html", {"page": LoginPage(next=onward)})
    name = request.POST.get("username", "").strip()
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        page = LoginPage(username=name, next=onward, failed=True)
        return render(request, "pages/login.html", {"page": page}, status=422)
    login(request, user)
    return _in_language(redirect(onward), user.language)


def locked_out(request: HttpRequest, *_told: object) -> HttpResponse:
    """429: too many failures for this name from this address."""
    pause = timedelta(hours=settings.AXES_COOLOFF_TIME)
    page = LoginPage(locked_minutes=ceil(pause / timedelta(minutes=1)))
    locked = render(request, "pages/login.html", {"page": page}, status=429)
    locked["Retry-After"] = str(int(pause.total_seconds()))
    return locked


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language, from now on."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        language = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        prefer_language(request.user.pk, language)
    return _in_language(redirect(_back(request)), language)


@require_POST
@signed_in
def profile(request: StaffRequest) -> HttpResponse:
    """Keep the colours in this browser, and with the person whether single keys work."""
    response = HttpResponse(status=204) if request.htmx else redirect(_back(request))
    if (theme := request.POST.get("theme")) in THEMES:
        _keep(response, "theme", theme)
    if (keys := request.POST.get("keys")) in ("on", "off"):
        prefer_keys(user_of(request).pk, enabled=keys == "on")
    return response


def _back(request: HttpRequest) -> str:
    return local_path(request, request.POST.get("next", "")) or "/"


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
