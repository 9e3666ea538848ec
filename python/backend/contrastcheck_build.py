"""The build of the package, a backend of PEP 517 that needs the standard library alone.

    python3 python/backend/contrastcheck_build.py DIST

writes a wheel for this platform, with the program in it, and a source distribution without. The program is built by Go
where the package lies in the project's clone; elsewhere a wheel has none. ``config_settings={"program": PATH}``, or a
second argument, takes one that is there.
"""

import base64
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
NAME = "contrastcheck"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file, so that the same sources make the same bytes

METADATA = """Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: Certified verdicts on contrastive learning of Gaussian mixtures, and its projection for scikit-learn
License: BSD-3-Clause
Requires-Python: >=3.9
Requires-Dist: numpy
Provides-Extra: sklearn
Requires-Dist: scikit-learn>=1.0; extra == "sklearn"
Description-Content-Type: text/markdown

{readme}"""


def version():
    """Return the package's version."""
    return re.search(r'__version__ = "([^"]+)"', (HERE / NAME / "__init__.py").read_text(encoding="utf-8")).group(1)


def metadata():
    """Return the text of METADATA and PKG-INFO."""
    return METADATA.format(name=NAME, version=version(), readme=(HERE / "README.md").read_text(encoding="utf-8"))


def sources():
    """Return the package's files, as names in an archive and contents."""
    return {f"{NAME}/{path.name}": path.read_bytes() for path in sorted((HERE / NAME).glob("*.py"))}


def licence():
    """Return the text of the licence: the project's, or the copy of a source distribution."""
    return next(path for path in (HERE / "LICENSE", HERE.parent / "LICENSE") if path.exists()).read_bytes()


def built(folder):
    """Build the program into a folder and return its path; None outside the project's clone, or without Go."""
    if not (HERE.parent / "go.mod").exists() or not shutil.which("go"):
        return None
    path = Path(folder) / (NAME + sysconfig.get_config_var("EXE"))
    environment = {**os.environ, "CGO_ENABLED": "0"}
    subprocess.run(["go", "build", "-trimpath", "-ldflags=-s -w", "-o", str(path), "."], cwd=HERE.parent, env=environment, check=True)
    return path


def told(program):
    """Return the version that a program tells; without one, what a source distribution says, or nothing."""
    if program:
        return subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    kept = HERE / NAME / "bin" / "VERSION"
    return kept.read_text(encoding="utf-8").strip() if kept.exists() else ""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Build a wheel: with a program for this platform, without for any."""
    with tempfile.TemporaryDirectory() as folder:
        program = (config_settings or {}).get("program") or built(folder)
        platform = re.sub(r"[-.]", "_", sysconfig.get_platform()) if program else "any"
        files = {name: (content, 0o644) for name, content in sources().items()}
        if told(program):
            files[f"{NAME}/bin/VERSION"] = ((told(program) + "\n").encode(), 0o644)
        if program:
            files[f"{NAME}/bin/{NAME}{sysconfig.get_config_var('EXE')}"] = (Path(program).read_bytes(), 0o755)
    tag = f"py3-none-{platform}"
    about = f"{NAME}-{version()}.dist-info"
    files[f"{about}/METADATA"] = (metadata().encode(), 0o644)
    files[f"{about}/LICENSE"] = (licence(), 0o644)
    pure = str(not program).lower()
    files[f"{about}/WHEEL"] = (f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: {pure}\nTag: {tag}\n".encode(), 0o644)
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, (content, _) in files.items())
    files[f"{about}/RECORD"] = (f"{record}{about}/RECORD,,\n".encode(), 0o644)
    wheel = f"{NAME}-{version()}-{tag}.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    """Build a source distribution, which knows the version of the program but has none."""
    root = f"{NAME}-{version()}"
    files = {**sources(), "LICENSE": licence(), "PKG-INFO": metadata().encode()}
    for name in ("pyproject.toml", "README.md", "backend/contrastcheck_build.py"):
        files[name] = (HERE / name).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        says = told((config_settings or {}).get("program") or built(folder))
    if says:
        files[f"{NAME}/bin/VERSION"] = (says + "\n").encode()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{root}/{name}")
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    path = os.path.join(sdist_directory, root + ".tar.gz")
    with open(path, "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write(archive.getvalue())
    return root + ".tar.gz"


def _digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main(out="dist", program=None):
    """Build both into a folder, with the program built once, and print their paths."""
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = {"program": program or built(folder)}
        for build in (build_wheel, build_sdist):
            print(os.path.join(out, build(out, settings)))


if __name__ == "__main__":
    main(*sys.argv[1:])
