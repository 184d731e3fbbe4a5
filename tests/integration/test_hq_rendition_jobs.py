"""Pictures made in HQ's background from a table: seen while they are made, gone on with after a kill, never in each
other's way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.utils import timezone

from guide_app.domain.errors import Refused
from hq.files.pictures import Rendering
from tests.films import Maker
from tests.hostile_files import picture
from tests.integration.test_hq_uploads import LIN, bring
from tests.papers import paper

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(hq_database: str, tmp_path: Path) -> Iterator[Path]:
    from django.conf import settings

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files")
    yield tmp_path / "files"
    settings.ENVIRONMENT = before


def job_of(upload: Any) -> Any:
    from hq.files.models import RenditionJob

    return RenditionJob.objects.get(upload=upload)


def due_now() -> None:
    """What is put off is due."""
    from hq.files.models import RenditionJob

    RenditionJob.objects.update(due_at=timezone.now() - timedelta(seconds=1))


class Works:
    """A worker that does for some files what a test says, and writes down whose turn it was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, problem: Exception | None = None) -> None:
        from hq.files import services

        self.turns: list[str] = []
        self.problem = problem
        monkeypatch.setattr(services, "renditions", lambda: self)

    def sizes(self, source: BinaryIO) -> tuple[Rendering, ...]:
        self.turns.append("image")
        if self.problem is not None:
            raise self.problem
        return (Rendering(b"small", 16, 9), Rendering(b"large", 160, 90))

    def page(self, source: BinaryIO, page: int) -> tuple[Rendering, ...]:
        self.turns.append(f"page {page}")
        return (Rendering(b"small%d" % page, 16, 9), Rendering(b"large%d" % page, 160, 90))

    def poster(self, source: BinaryIO) -> tuple[Rendering, ...]:
        raise Refused("film_undecodable")


def test_a_job_is_queued_with_the_file_and_done_page_by_page() -> None:
    from hq.files import jobs
    from hq.files.services import blobs

    upload = bring(paper(pages=3), "winter.pdf", piece=10**6)
    job = job_of(upload)
    assert (job.state, job.done, job.total) == ("queued", 0, 3)
    with pytest.raises(Refused, match="renditions_pending"):
        jobs.made_of(upload)
    assert jobs.run_queued(iter((0.0, 0.0, 99.0)).__next__) == 1
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 1)
    assert jobs.run_queued() == 2
    job.refresh_from_db()
    assert (job.state, job.done, job.tries, job.why) == ("done", 3, 0, "")
    assert job.ended_at is not None
    made = jobs.made_of(upload)
    assert [[one.height for one in page] for page in made] == [[160, 1280, 1920]] * 3
    assert all(blobs().sound(one.sha256) for page in made for one in page)
    assert jobs.run_queued() == 0


def test_what_was_made_stays_while_its_upload_does() -> None:
    from hq.files import jobs, services, uploads
    from hq.files.models import RenditionJob, StoredFile

    upload = bring(picture("JPEG"), "a.jpg", piece=10**6)
    jobs.run_queued()
    StoredFile.objects.update(kept_at=timezone.now() - timedelta(days=9))
    assert services.let_go() == 0
    uploads.give_up(str(upload.id), LIN)
    assert not RenditionJob.objects.exists()
    assert services.let_go() == 3


def test_text_needs_none() -> None:
    from hq.files.models import RenditionJob

    assert bring(b"Wash, cream", "words.txt").state == "taken"
    assert not RenditionJob.objects.exists()


def test_a_long_file_holds_up_no_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.files import jobs

    bring(paper(pages=5), "long.pdf", piece=10**6)
    bring(picture("JPEG"), "short.jpg", piece=10**6)
    works = Works(monkeypatch)
    jobs.run_queued()
    assert works.turns == ["page 1", "image", "page 2", "page 3", "page 4", "page 5"]


def test_what_cannot_be_made_is_said_at_once_and_blocks_nobody() -> None:
    from hq.files import jobs

    film = bring(Maker().film(), piece=10**6)
    image = bring(picture("JPEG"), "a.jpg", piece=10**6)
    jobs.run_queued()
    assert (job_of(film).state, job_of(film).why) == ("failed", "film_undecodable")
    assert job_of(image).state == "done"
    with pytest.raises(Refused, match="film_undecodable"):
        jobs.made_of(film)


def test_what_always_fails_is_tried_a_few_times_and_then_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.files import jobs

    monkeypatch.setattr(jobs, "PAUSE", timedelta(hours=1))  # however slow the machine is
    bad = bring(picture("JPEG"), "bad.jpg", piece=10**6)
    works = Works(monkeypatch, ZeroDivisionError())
    for tries in range(1, jobs.MOST_TRIES + 1):
        assert jobs.run_queued() == 1  # and not again within the round: it is put off
        job = job_of(bad)
        assert (job.state, job.tries, job.why, job.detail) == ("running", tries, jobs.ENDED, "ZeroDivisionError")
        assert job.due_at > timezone.now()
        good = bring(picture("PNG"), "good.png", piece=10**6)
        works.problem = None
        jobs.run_queued()
        assert job_of(good).state == "done"
        good.delete()
        works.problem = ZeroDivisionError()
        due_now()
    assert jobs.run_queued() == 1
    assert (job_of(bad).state, job_of(bad).why) == ("failed", jobs.ENDED)
    works.problem = None
    assert jobs.again(job_of(bad).id)
    assert not jobs.again(job_of(bad).id)
    jobs.run_queued()
    assert job_of(bad).state == "done"


def test_a_store_of_files_that_will_not_is_waited_for(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    from hq.files import jobs, services
    from hq.files.memory import MemoryBlobs

    upload = bring(picture("JPEG"), "a.jpg", piece=10**6)
    with monkeypatch.context() as away:
        away.setattr(services, "blobs", MemoryBlobs)
        assert jobs.run_queued() == 1
    job = job_of(upload)
    assert (job.state, job.why) == ("running", "files_failed")
    assert job.due_at > timezone.now() + timedelta(seconds=30)
    due_now()
    jobs.run_queued()
    assert job_of(upload).state == "done"


RUNS = """
import os, pathlib
from hq.database.opening import opened
with opened(pathlib.Path(os.environ["GUIDE_HQ_DATA"])):
    from hq.files import jobs
    from hq.jobs.loop import Job, run_once
    run_once(Job("renditions", 1, jobs.run_queued))
"""


def started(url: str, folder: Path) -> subprocess.Popen[bytes]:
    """It goes on, round by round, until it is killed."""
    rounds = RUNS.replace("    run_once(", "    while True: run_once(")
    told = {**os.environ, "DATABASE_URL": url, "GUIDE_HQ_FILES": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", rounds], env=told, cwd=ROOT)


def test_after_a_kill_in_the_middle_it_goes_on_where_it_was(hq_database: str, folder: Path) -> None:
    from hq.files import jobs
    from hq.files.services import blobs
    from hq.jobs.loop import Job, run_once

    upload = bring(paper(pages=12), "long.pdf", piece=10**6)
    killed_at: list[int] = []
    for _ in range(2):
        before = job_of(upload).done
        process = started(hq_database, folder)
        ends = time.monotonic() + 240
        while job_of(upload).done < before + 2 and time.monotonic() < ends:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        job = job_of(upload)
        assert job.state == "running"
        assert before + 2 <= job.done == len(job.made) < 12
        killed_at.append(job.done)
        due_now()
    while job_of(upload).state == "running":
        run_once(Job("renditions", 1, jobs.run_queued))
    job = job_of(upload)
    assert (job.state, job.done) == ("done", 12)
    assert killed_at[0] < killed_at[1]
    assert len({page[2]["sha256"] for page in job.made}) == 1  # the twelve pages look the same
    assert all(blobs().sound(one["sha256"]) for page in job.made for one in page)


def test_a_step_that_kills_hq_each_time_is_given_up_and_the_others_are_made(hq_database: str, folder: Path) -> None:
    """The process ends within the step, as if the machine were gone, until the tries are over."""
    from hq.files import jobs

    bad, good = (bring(picture("JPEG"), f"{name}.jpg", piece=10**6) for name in ("bad", "good"))
    ends = RUNS.replace(
        "    run_once(",
        "    drawn = jobs._drawn\n"
        "    def ends(upload, step):\n"
        "        if upload.name == 'bad.jpg': os.kill(os.getpid(), 9)\n"
        "        return drawn(upload, step)\n"
        "    jobs._drawn = ends\n"
        "    run_once(",
    )
    told = {**os.environ, "DATABASE_URL": hq_database, "GUIDE_HQ_FILES": str(folder), "PYTHONPATH": str(ROOT)}
    codes = []
    for _ in range(jobs.MOST_TRIES + 1):
        codes.append(subprocess.run([sys.executable, "-c", ends], env=told, cwd=ROOT, check=False).returncode)
        due_now()
    assert codes == [-signal.SIGKILL] * jobs.MOST_TRIES + [0]
    assert (job_of(bad).state, job_of(bad).why) == ("failed", jobs.ENDED)
    assert job_of(good).state == "done"
