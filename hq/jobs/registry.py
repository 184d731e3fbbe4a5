"""All of HQ's jobs."""

from __future__ import annotations

from hq.files import jobs as renditions
from hq.files import services as files
from hq.files import uploads
from hq.history import jobs as history
from hq.jobs.loop import Job
from hq.materials import placing
from hq.promoting import trials
from hq.promotions import services as promotions
from hq.radar import making
from hq.sync_api import directory, expiring, levels, near_stock, payments, visits, wallets
from hq.tallies import folding

QUICK: tuple[Job, ...] = (
    Job("steps", 2.0, directory.sweep),
    Job("release-leases", 15 * 60.0, directory.release_leases),
    Job("wallets", 10.0, wallets.publish_changed),
    Job("points-expire", 600.0, expiring.expire),
    Job("cards-expire", 3600.0, expiring.expire_cards),
    Job("payments", 5.0, payments.look_after),
    Job("visitors", 3600.0, visits.expire),
    Job("witness", 10, history.watch),
    Job("counters", 5.0, folding.fold),
)
"""In the order in which they run when several are due. A new job: one line here, its work in its feature."""
LONG: tuple[Job, ...] = (
    Job("erasures-begun", 15, history.erase_begun),
    Job("radars", 10, making.make_asked),
    Job("erasures", 3600, history.erase_again),
    Job("near-stock", 900, near_stock.tell),
    Job("levels", 1800, levels.judge_due),
    Job("operations-keyed", 3600, history.key_operations),
    Job("tidy", 6 * 3600, history.tidy),
    Job("promotions-over", 6 * 3600, promotions.take_off),
    Job("material-placed", 600, placing.look_after),
    Job("uploads-left", 3600, uploads.tidy),
    Job("files-unnamed", 6 * 3600, files.let_go),
    Job("counters-old", 6 * 3600, folding.forget),
)
"""They look at every store: beside the quick ones, so that what crosses stores never waits for them."""
ASKED: tuple[Job, ...] = (Job("promotion-trials", 1, trials.run_asked),)
"""What somebody waits for before a page, and what takes minutes: beside the others, of which some take as long."""
BROUGHT: tuple[Job, ...] = (Job("renditions", 1, renditions.run_queued),)
"""What is made of files that people brought: in a loop of its own, for it waits for workers."""
JOBS = (*QUICK, *LONG, *ASKED, *BROUGHT)
