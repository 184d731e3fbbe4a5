"""The pages of signing in: the password, the code, setting up the second factor; and one's own page for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import segno
from django.contrib import admin
from django.contrib.auth import login, views
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from guide_app.domain.errors import EnvironmentProblem, Refused
from hq.two_factor import half, services
from hq.two_factor.services import Answer, Checked

_BACKEND = "hq.rights.backend.TableBackend"


def addresses() -> list[URLPattern]:
    """What the console's site has besides its own."""
    own = admin.site.admin_view(own_page)
    return [
        path("login/", password, name="login"),
        path("login/code/", _each(code), name="login_code"),
        path("login/enrol/", _each(enrol), name="login_enrol"),
        path("two-factor/", own, name="two_factor"),
    ]


def _each(page: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    return never_cache(csrf_protect(page))


class _Password(views.LoginView):
    """Django's, which signs in only who is asked for nothing more."""

    template_name = "admin/login.html"

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if not services.is_asked(user):
            return super().form_valid(form)
        half.begin(self.request, user, self.get_success_url())
        return HttpResponseRedirect(reverse("admin:login_code" if services.has(user) else "admin:login_enrol"))


def password(request: HttpRequest) -> HttpResponseBase:
    """The first page: name and password."""
    index = reverse("admin:index")
    if request.method == "GET" and admin.site.has_permission(request):
        return HttpResponseRedirect(index)
    context = {**admin.site.each_context(request), "title": _("Sign in"), "app_path": request.get_full_path()}
    form = admin.site.login_form
    return _Password.as_view(extra_context=context, authentication_form=form, next_page=index)(request)


def code(request: HttpRequest) -> HttpResponse:
    """Asks for the code and signs in."""
    person = half.of(request)
    if person is None or not services.has(person.user):
        return _again()
    wrong = ""
    if request.method == "POST":
        checked = _checked(person.user, request)
        if checked.answer is Answer.RIGHT:
            return _signed_in(request, person)
        wrong = words(checked)
    return _shown(request, "code", _("Your code"), {"wrong": wrong})


def enrol(request: HttpRequest) -> HttpResponse:
    """Shows the QR code; the first right code sets it up, signs in, and shows the recovery codes."""
    person = half.of(request)
    if person is None or (services.has(person.user) and not person.instead):
        return _again()
    wrong = ""
    if request.method == "POST":
        try:
            made = services.enrol(person.user, person.secret, request.POST.get("code", ""), instead=person.instead)
        except Refused:
            return _again()
        if made is not None:
            _signed_in(request, person)
            return _shown(request, "recovery", _("Your recovery codes"), {"codes": made, "onward": person.onward})
        wrong = words(Checked(Answer.WRONG))
    address = person.secret.address(person.user.get_username(), str(_("Store Guide HQ")))
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    shown = {"wrong": wrong, "picture": picture, "secret": person.secret.text, "name": person.user.get_username()}
    return _shown(request, "enrol", _("Set up two-factor sign-in"), shown)


def own_page(request: HttpRequest) -> HttpResponse:
    """One's own second factor: whether it is there, new recovery codes, another app."""
    user, wrong, onward = cast(User, request.user), "", reverse("admin:two_factor")
    there = services.has(user)
    if request.method == "POST" and not there:
        half.begin(request, user, onward)
        return HttpResponseRedirect(reverse("admin:login_enrol"))
    if request.method == "POST":
        checked = _checked(user, request)
        wrong = words(checked)
        if checked.answer is Answer.RIGHT and request.POST.get("what") == "app":
            half.begin(request, user, onward, instead=True)
            return HttpResponseRedirect(reverse("admin:login_enrol"))
        if checked.answer is Answer.RIGHT:
            made = services.renew_recovery(user)
            return _shown(request, "recovery", _("Your recovery codes"), {"codes": made, "onward": onward})
    context = {"there": there, "left": services.left(user), "wrong": wrong}
    return _shown(request, "own", _("Two-factor sign-in"), context)


def _checked(user: User, request: HttpRequest) -> Checked:
    try:
        return services.check(user, request.POST.get("code", ""))
    except EnvironmentProblem:
        return Checked(Answer.SEALED)


def words(checked: Checked) -> str:
    """What the page says of a code that was not right, and what to do."""
    if checked.answer is Answer.LOCKED:
        said = _("Too many wrong codes. Wait {minutes} min, or ask another operator to reset your second factor.")
        return said.format(minutes=checked.minutes)
    others = {
        Answer.WRONG: _("This code is not right. Is the time of your device right? Type the code that it shows now."),
        Answer.SEALED: _("The codes of operators were sealed with another key. Bring back two-factor.key."),
        Answer.USED: _("This code was used already. Wait until your device shows the next one."),
    }
    return others.get(checked.answer, "")


def _signed_in(request: HttpRequest, person: half.Half) -> HttpResponse:
    half.end(request)
    if request.user.pk != person.user.pk:
        login(request, person.user, backend=_BACKEND)
    return HttpResponseRedirect(person.onward)


def _again() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:login"))


def _shown(request: HttpRequest, name: str, title: str, shown: dict[str, Any]) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **shown}
    response = TemplateResponse(request, f"two_factor/{name}.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
