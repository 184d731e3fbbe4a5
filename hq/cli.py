"""`guide-hq`: serves HQ and looks after it."""

from __future__ import annotations

import argparse
import getpass
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from guide_app.domain.errors import EnvironmentProblem
from hq import environment, words
from hq.shared import share
from hq.words import _


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status: 0 done, 1 something outside is wrong, 2 a mistake in the command."""
    args, rest = _parser().parse_known_args(argv)
    if rest and args.command != "load":
        _parser().error(_("not understood: {what}").format(what=" ".join(rest)))
    try:
        return _run(args, rest)
    except EnvironmentProblem as error:
        print(words.problem(error), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guide-hq", description=_("The headquarters service of Store Guide."))
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, help=_("folder of HQ's data (default: GUIDE_HQ_DATA, else ./hq-data)"))
    commands = parser.add_subparsers(dest="command", required=True, metavar=_("COMMAND"))

    serve = commands.add_parser("serve", parents=[shared], help=_("serve tablets and the admin"))
    serve.add_argument("--host", default="127.0.0.1", help=_("address to listen on"))
    serve.add_argument("--port", type=int, default=8700, help=_("port to listen on; 0: any free one"))
    serve.add_argument(
        "--processes", type=_processes, default=None,
        help=_("how many processes serve (default: GUIDE_HQ_PROCESSES, else as many as there are cores)"),
    )  # fmt: skip

    commands.add_parser("migrate", parents=[shared], help=_("bring the database up to this version"))

    operator = commands.add_parser("create-operator", parents=[shared], help=_("make a user of the admin"))
    operator.add_argument("name", help=_("name to sign in with"))
    operator.add_argument("--password-stdin", action="store_true", help=_("read the password from standard input"))

    second = commands.add_parser(
        "reset-two-factor", parents=[shared], help=_("let somebody set up two-factor sign-in anew")
    )
    second.add_argument("name", help=_("name to sign in with"))

    code = commands.add_parser("enrol-code", parents=[shared], help=_("print a one-time code that enrols a tablet"))
    code.add_argument("--store", required=True, help=_("code of the store"))
    code.add_argument("--url", help=_("HQ's address as the tablet sees it; adds the text for a QR code"))

    load = commands.add_parser("load", parents=[shared], add_help=False, help=_("load a set of data"))
    load.add_argument("source", choices=["complete-journey"])

    reset = commands.add_parser("reset-pin", parents=[shared], help=_("issue a PIN for one sign-in"))
    reset.add_argument("--store", required=True, help=_("code of the store"))
    reset.add_argument("--staff", required=True, help=_("staff number"))

    proof = commands.add_parser("proof", parents=[shared], help=_("say whether all of a tablet's work is here"))
    proof.add_argument("--store", required=True, help=_("code of the store"))
    proof.add_argument("--device", required=True, help=_("the tablet's letters, as in its order numbers"))
    proof.add_argument("--day", help=_("only this day of the shop, such as 2026-11-22"))

    commands.add_parser("replay-parked", parents=[shared], help=_("run entries again that HQ could not handle"))

    jobs = commands.add_parser("jobs", parents=[shared], help=_("run HQ's periodic work once, by hand"))
    jobs.add_argument("names", nargs="*", metavar=_("JOB"), help=_("only these"))

    commands.add_parser(
        "check-files", parents=[shared], help=_("read every file, and say which are missing or damaged")
    )

    commands.add_parser(
        "signing-key", parents=[shared], help=_("print HQ's public key, by which tablets know its files")
    )
    export = commands.add_parser("export-member", parents=[shared], help=_("write all that HQ holds about a person"))
    export.add_argument("--store", required=True, help=_("code of the store"))
    export.add_argument("--member", required=True, help=_("member number"))
    export.add_argument("--to", required=True, type=Path, metavar=_("FILE"), help=_("a ZIP file that is not there yet"))

    erase = commands.add_parser("erase-member", parents=[shared], help=_("erase a person's data for ever"))
    erase.add_argument("--store", required=True, help=_("code of the store"))
    erase.add_argument("--member", required=True, help=_("member number"))
    erase.add_argument("--reason", required=True, choices=["request", "consent", "retention", "mistake"])
    erase.add_argument("--confirm", metavar=_("NUMBER"), help=_("the member number again; without it you are asked"))

    commands.add_parser(
        "replay-erasures", parents=[shared], help=_("after a restore: erase again whom the backup brought back")
    )

    epoch = commands.add_parser(
        "new-epoch", parents=[shared], help=_("after a restore: let tablets check all they have")
    )
    epoch.add_argument("--reason", required=True, help=_("what happened"))
    return parser


def _run(args: argparse.Namespace, rest: Sequence[str]) -> int:
    from hq.database.opening import migrate, opened

    data: Path = (args.data or environment.read().data).absolute()
    with opened(data):
        migrate()
        commands = importlib.import_module("hq.commands")  # needs Django's tables of models, which are there only now
        run: dict[str, Callable[[], int]] = {
            "migrate": commands.migrated,
            "serve": lambda: commands.serve(args.host, args.port, args.processes),
            "create-operator": lambda: commands.create_operator(args.name, _password(stdin=args.password_stdin)),
            "reset-two-factor": lambda: commands.reset_two_factor(args.name),
            "enrol-code": lambda: commands.enrol_code(args.store, args.url),
            "load": lambda: importlib.import_module("hq.load.complete_journey").run(rest),
            "reset-pin": lambda: commands.reset_pin(args.store, args.staff),
            "proof": lambda: commands.proof(args.store, args.device, args.day),
            "replay-parked": commands.replay_parked,
            "check-files": commands.check_files,
            "signing-key": commands.signing_key,
            "export-member": lambda: commands.export_member(args.store, args.member, args.to),
            "erase-member": lambda: commands.erase_member(args.store, args.member, args.reason, args.confirm),
            "replay-erasures": commands.replay_erasures,
            "jobs": lambda: commands.jobs(args.names),
            "new-epoch": lambda: commands.new_epoch(args.reason),
        }
        return run[args.command]()


def _processes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= share.MOST):
        raise argparse.ArgumentTypeError(_("a number from 1 to {most}").format(most=share.MOST))
    return int(text)


def _password(*, stdin: bool) -> str:
    if given := os.environ.get("GUIDE_HQ_PASSWORD"):
        return given
    return sys.stdin.readline().rstrip("\n") if stdin else getpass.getpass(_("Password: "))


if __name__ == "__main__":
    sys.exit(main())
