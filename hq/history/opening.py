"""What must be done before HQ answers anybody: it may be a restored backup."""

from __future__ import annotations

import logging

from django.utils import timezone

from hq.history import services, witness
from hq.protocol import epoch, scopes

_log = logging.getLogger(__name__)


def ready() -> None:
    """Begins a new epoch if this is an older database, and erases again whom a backup brought back.

    Raises EnvironmentProblem: HQ must not open then. Transient: the database could not.
    """
    scopes.of_chain()
    epoch.current()
    if witness.look():
        _log.warning("the database is an older copy: a new epoch begins, tablets compare all they have")
    if again := services.replay(timezone.now()):
        _log.warning("%d erasures were carried out again from the journal", again)
