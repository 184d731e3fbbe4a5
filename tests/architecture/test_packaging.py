"""What is installed: our own top-level names, nobody else's, and everything that is opened by name at run time."""

import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

OURS = {"guide_app", "ui", "sync", "local_store", "hq", "assets"}


def test_no_dependency_ships_a_name_of_ours() -> None:
    clashes = {
        (distribution.name, file.parts[0].removesuffix(".py"))
        for distribution in distributions()
        if distribution.name != "store-guide"
        for file in distribution.files or ()
        if file.parts[0].removesuffix(".py") in OURS
    }
    assert not clashes


@pytest.fixture(scope="module")
def wheel(root: Path, tracked: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel built from a clean copy, as someone who cloned the repository would build it."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for path in tracked:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, copy / path)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (archive,) = out.glob("*.whl")
    return set(zipfile.ZipFile(archive).namelist())


def test_only_our_packages_are_installed(wheel: set[str]) -> None:
    top = {name.split("/")[0] for name in wheel}
    assert {name for name in top if not name.endswith(".dist-info")} == OURS


def test_every_file_of_a_package_is_in_the_wheel(wheel: set[str], tracked: tuple[Path, ...]) -> None:
    wanted = {path.as_posix() for path in tracked if path.parts[0] in OURS}
    assert wanted - wheel == set()


def test_the_licences_go_with_it(wheel: set[str]) -> None:
    names = {name.split("/")[-1] for name in wheel if ".dist-info/licenses/" in name}
    assert names == {"LICENSE", "NOTICE"}
