"""Signing in, and holding what was typed when it cannot be saved now.

A session can end, or be renewed in another tab, while somebody types. What they then send is not lost: an expired
session leaves it in the sign-in page itself, a page that has become too old in the session. The form shows it again,
unsaved, and says so.
"""

import ipaddress
import json
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

HELD = "held"
"""Where the session, and the sign-in page, keep what was typed."""

HELD_AT_MOST = 5
"""Forms that one session holds; the oldest gives way."""

OWNER = "owner"
"""The parameter by which a staff page says whose it is."""

SIGNED_OUT = "signed_out"
EXPIRED_PAGE = "expired_page"
DETOUR = "detour"
DRAFT = "draft"
WHY_HELD = {
    SIGNED_OUT: _("You were signed out. What you typed is here; it is not saved yet."),
    EXPIRED_PAGE: _("The page had expired. What you typed is here; it is not saved yet."),
    DETOUR: _("What you typed before is here; it is not saved yet."),
    DRAFT: _("What you typed before is here; it is not saved yet."),
}


def pack(post: QueryDict) -> str:
    """What was typed, as one text for a hidden field; without tokens and passwords."""
    kept = {name: values for name, values in post.lists() if name not in {"csrfmiddlewaretoken", "password"}}
    return json.dumps(kept, ensure_ascii=False)


def unpack(text: str) -> dict[str, list[str]] | None:
    """What `pack` packed; None for anything else."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return None
    rows = held.values() if isinstance(held, dict) else [None]
    sound = all(isinstance(row, list) and all(isinstance(value, str) for value in row) for row in rows)
    return held if sound else None


def hold(request: HttpRequest, address: str, data: dict[str, list[str]], why: str) -> None:
    """Keep what was typed into the form at `address` (a path) until that form is sent.

    Two tabs can show the same form: each is held by itself, told apart by its submission.
    """
    held = request.session.get(HELD, {})
    key = _key(address, (data.get("submission") or [""])[0])
    held.pop(key, None)
    owner = _owner_in(data)
    held[key] = {"data": {name: data[name] for name in data if name != OWNER}, "why": why, "owner": owner}
    request.session[HELD] = dict(list(held.items())[-HELD_AT_MOST:])


def _key(address, submission):
    return f"{address} {submission}".strip()


def _newest(request, address):
    """The key of what was held last for the form at `address`; "" if nothing is."""
    keys = [key for key in request.session.get(HELD, {}) if key.partition(" ")[0] == address]
    return keys[-1] if keys else ""


def is_held(request: HttpRequest) -> bool:
    """Whether something is held for the form at this address."""
    return bool(_newest(request, request.path))


def held_here(request: HttpRequest) -> dict[str, Any] | None:
    """What was held last for the form at this address: its `data` and `why`. What another account typed is dropped.

    Two people can share a computer, and the sign-in page carries on what the first left to whoever signs in.
    """
    held = request.session.get(HELD, {}).get(_newest(request, request.path))
    if held and held.get("owner") != request.user.pk:
        drop(request, request.path)
        messages.warning(request, _("What was typed here belongs to another account and was not kept."))
        return None
    return held


def owner_mark(request: HttpRequest) -> str:
    """The signed key of the account that a staff page is made for."""
    return signing.dumps(request.user.pk, salt=OWNER)


def _owner_in(data):
    try:
        return signing.loads((data.get(OWNER) or [""])[0], salt=OWNER)
    except signing.BadSignature:
        return None


def drop(request: HttpRequest, address: str) -> None:
    """Forget what is held for the form at `address`: that which was sent, else that which was held last."""
    is_sent = request.method == "POST"
    key = _key(address, request.POST.get("submission", "")) if is_sent else _newest(request, address)
    if key in request.session.get(HELD, {}):
        request.session[HELD] = {one: held for one, held in request.session[HELD].items() if one != key}


def for_one_person(response: HttpResponse) -> HttpResponse:
    """The answer, which no cache keeps for others and none shows again unasked, save on the way back in a browser."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def local(request: HttpRequest, address: str) -> str:
    """`address` if it leads to a page of this site, else ""."""
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, None, require_https=request.is_secure())
    return address if safe else ""


class SignIn(auth_views.LoginView):
    """The sign-in page. It carries on what an expired session left unsaved."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return self.enter()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        super().form_valid(form)
        return self.enter()

    def enter(self) -> HttpResponse:
        """Go where the person wanted to go, with what they had typed there."""
        address, data = self.get_success_url(), unpack(self.request.POST.get(HELD, ""))
        if data and local(self.request, address):
            hold(self.request, address.partition("?")[0], data, SIGNED_OUT)
        return HttpResponseRedirect(address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"held": self.request.POST.get(HELD, "")} | kwargs))


class SignOut(auth_views.LogoutView):
    """Signing out, after which the browser shows none of the pages that it has kept."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page; if a form was sent, show that page here, with what was typed in it."""
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    context = {"form": AuthenticationForm(request), "next": request.get_full_path(), "held": pack(request.POST)}
    return for_one_person(render(request, SignIn.template_name, context, status=403))


def claimed_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The user name that somebody signs in with, by which failures are counted: as much as their table holds."""
    return str((credentials or request.POST).get("username") or "")[:255]


def client_address(request: HttpRequest) -> str:
    """The network address that asks, by which failed sign-ins are counted together with the name.

    Behind a proxy every request comes from the proxy; the last address in X-Forwarded-For is the one it saw itself,
    those before it are whatever the visitor claims. What is no address at all counts for nothing.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    try:
        return str(ipaddress.ip_address(forwarded.rpartition(",")[2].strip()))
    except ValueError:
        return request.META.get("REMOTE_ADDR", "")


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """The page after too many failed attempts; it too keeps what was typed before."""
    context = {
        "form": AuthenticationForm(request, initial={"username": request.POST.get("username", "")}),
        "minutes": round(get_cool_off().total_seconds() / 60),
        "next": local(request, request.POST.get("next", "")),
        "held": request.POST.get(HELD, ""),
    }
    return for_one_person(render(request, "registration/locked_out.html", context, status=429))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer good: somebody signed in or out in another tab, or the cookie is gone.

    When the browser says that the form is ours, what was typed is held and shown again, to be sent once more;
    otherwise the request is refused and the page says what can be done.
    """
    match = request.resolver_match
    view = getattr(match.func, "view_class", object) if match else object
    if not _is_our_form(request) or not (issubclass(view, SignIn) or getattr(view, "holds_what_was_typed", False)):
        return render(request, "403_csrf.html", status=403)
    if issubclass(view, SignIn):
        sign_in = view()
        sign_in.setup(request)
        if request.user.is_authenticated:
            return sign_in.enter()
        messages.warning(request, _("The sign-in page had expired. Sign in once more."))
        form = AuthenticationForm(request, initial={"username": request.POST.get("username", "")})
        context = sign_in.get_context_data(form=form)
        return for_one_person(render(request, sign_in.template_name, context, status=403))
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    hold(request, request.path, unpack(pack(request.POST)), EXPIRED_PAGE)
    return redirect(request.get_full_path())


def _is_our_form(request):
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
