"""The commands of `guide-hq`, run with the database open. Each returns the exit status."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import EnvironmentProblem
from hq import exports, server
from hq.console import proof_words
from hq.database.opening import connections
from hq.devices import proving
from hq.devices import services as devices
from hq.devices.models import Device
from hq.files import services as files
from hq.files import signing
from hq.history import opening
from hq.history import services as erasing
from hq.jobs.loop import JobLoop, run_once, running
from hq.jobs.registry import ASKED, BROUGHT, JOBS, LONG, QUICK
from hq.members.models import Member
from hq.privacy import services as privacy
from hq.protocol import epoch
from hq.serving import parent
from hq.shared import share
from hq.staff import services as staff
from hq.staff.models import Staff
from hq.stores import services as stores
from hq.stores.models import Store
from hq.sync_api import directory
from hq.two_factor import services as two_factor
from hq.words import _, language

_log = logging.getLogger(__name__)


def serve(host: str, port: int, processes: int | None) -> int:
    """Serves until it is told to stop: in this process, or in several that this one looks after."""
    opening.ready()
    asked = processes or settings.ENVIRONMENT.processes
    count = share.count(asked, len(os.sched_getaffinity(0)), connections())
    if count < asked:
        _log.warning("the database's connections allow %d serving processes, not %d", count, asked)
    loops = [JobLoop(jobs, SystemClock()) for jobs in (QUICK, LONG, ASKED, BROUGHT)]
    if count == 1:
        with server.bind(host, port) as bound, _running(loops):
            server.serve(bound, host, url_of(bound))
    else:
        with server.bound_for(count, host, port) as sockets, _running(loops):
            parent.serve(sockets, host, url_of(sockets[0]))
    return 0


@contextmanager
def _running(loops: Sequence[JobLoop]) -> Iterator[None]:
    with ExitStack() as stack:
        for loop in loops:
            stack.enter_context(running(loop))
        yield


def url_of(bound: socket.socket) -> str:
    """HQ's address as it is told."""
    public: str = settings.ENVIRONMENT.public_url
    return public or server.url_of(bound)


def migrated() -> int:
    """The database is of this version by now; what a restored one lacks is made up for before HQ opens."""
    opening.ready()
    return 0


def create_operator(name: str, password: str) -> int:
    """Makes an operator who may do everything in the admin."""
    users = get_user_model()._default_manager
    if users.filter(username=name).exists():
        raise EnvironmentProblem("operator_exists")
    try:
        validate_password(password)
    except ValidationError as error:
        raise EnvironmentProblem("password_weak", "\n".join(error.messages)) from error
    users.create_superuser(name, password=password)
    print(_("{name} can sign in to the admin now.").format(name=name))
    return 0


def reset_two_factor(name: str) -> int:
    """Lets somebody set up their second factor anew."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise EnvironmentProblem("operator_unknown", name)
    two_factor.reset(user, None)
    print(_("{name} sets up two-factor sign-in at the next sign-in.").format(name=name))
    return 0


def enrol_code(store_code: str, url: str | None) -> int:
    """Prints a one-time code; with an address also the text of a QR code that carries it."""
    code = devices.new_code(_store(store_code), timezone.now())
    print(code.code)
    if address := url or settings.ENVIRONMENT.public_url:
        print(code.text(address))
    return 0


def erase_member(store_code: str, number: str, reason: str, confirmed: str | None) -> int:
    """Erases a person, once the member's number was said a second time."""
    member = Member.objects.filter(store_id=_store(store_code).id, member_no=number).first()
    if member is None:
        raise EnvironmentProblem("member_unknown", number)
    again = input(_("This cannot be undone. The member number again: ")) if confirmed is None else confirmed
    if again.strip() != number:
        raise EnvironmentProblem("erasure_not_confirmed")
    erasing.erase(str(member.id), timezone.now())
    _log.info("a person was erased from the command line: %s", reason)
    print(_("Erased. Tablets hear of it at their next sync."))
    return 0


def export_member(store_code: str, number: str, path: Path) -> int:
    """Writes all that HQ holds about a member into a new file, and keeps that it was taken."""
    member = Member.objects.filter(store_id=_store(store_code).id, member_no=number).first()
    if member is None:
        raise EnvironmentProblem("member_unknown", number)
    now = timezone.now()
    with translation.override(translation.to_language(language())):
        made = exports.export(member, now)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(made.content)
    except OSError as error:
        raise EnvironmentProblem("file_unwritable", str(path)) from error
    privacy.saw(member, "guide-hq", "export", now)
    print(path)
    return 0


def replay_erasures() -> int:
    """Erases again whom a restored backup brought back."""
    print(_("{count} erased again").format(count=erasing.replay(timezone.now())))
    return 0


def reset_pin(store_code: str, number: str) -> int:
    """Prints a PIN for one sign-in."""
    person = Staff.objects.filter(store_id=_store(store_code).id, staff_no=number).first()
    if person is None:
        raise EnvironmentProblem("staff_unknown")
    print(staff.reset_pin(person))
    return 0


def proof(store_code: str, letters: str, day: str | None) -> int:
    """Says whether all work of a tablet is here, of one day of its shop or of all time; 1 where some is missing."""
    device = Device.objects.filter(store_id=_store(store_code).id, letters=letters.upper()).first()
    if device is None:
        raise EnvironmentProblem("device_unknown", letters)
    found = proving.of(device, proving.day_of(day) if day else None)
    with translation.override(translation.to_language(language())):
        print(proof_words.heading(found), *proof_words.sentences(found), sep="\n")
    return 0 if found.whole else 1


def replay_parked() -> int:
    """Runs parked operations again; tablets hear of it at their next sync."""
    done = directory.replay_parked()
    print(_("{done} done, {waiting} still waiting").format(done=done.done, waiting=done.waiting))
    return 0


def check_files() -> int:
    """Reads every file that a row names; prints the hashes of those that are missing or damaged, 1 where any is."""
    unsound = files.unsound()
    print(*unsound, _("{count} files missing or damaged").format(count=len(unsound)), sep="\n")
    return 1 if unsound else 0


def signing_key() -> int:
    """Prints the public half of the key that GUIDE_HQ_SIGNING_KEY names, made where there is none."""
    print(signing.key().public_text)
    return 0


def jobs(names: Sequence[str]) -> int:
    """Runs HQ's periodic work once, all of it or what is named; prints what each did."""
    known = {job.name: job for job in JOBS}
    if unknown := [name for name in names if name not in known]:
        raise EnvironmentProblem("job_unknown", ", ".join(unknown))
    for name in names or known:
        print(f"{name}: {run_once(known[name])}")
    return 0


def new_epoch(reason: str) -> int:
    """Begins a new epoch."""
    print(epoch.begin(reason))
    return 0


def _store(code: str) -> Store:
    store = stores.by_code(code)
    if store is None:
        raise EnvironmentProblem("store_unknown", code)
    return store
