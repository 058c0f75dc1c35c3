"""What holds for the repository as a whole: rules that no single feature's tests would see broken."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cities", "partnerships", "sistercities")
CATALOGUE = ROOT / "locale/fa/LC_MESSAGES/django.po"


def files(*folders: str, endings: tuple[str, ...]) -> list[Path]:
    """The project's own files in these folders with one of these endings."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in endings)


def places(pattern: str, text: str) -> list[str]:
    """Each match of the pattern, with the number of its line."""
    return [
        f"{text.count(chr(10), 0, found.start()) + 1}: {' '.join(found.group().split())}"
        for found in re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE)
    ]


def breaches(pattern: str, paths: list[Path]) -> list[str]:
    """Where the pattern occurs outside comments, as "file:line: what"."""
    assert paths
    return [
        f"{path.relative_to(ROOT)}:{place}"
        for path in paths
        for place in places(pattern, without_comments(path.read_text(encoding="utf-8"), path.suffix))
    ]


def without_comments(text: str, ending: str) -> str:
    """The text with its comments blanked and its lines where they were."""
    comments = {
        ".css": r"/\*.*?\*/",
        ".js": r"/\*.*?\*/|^\s*//[^\n]*",
        ".html": r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->",
    }
    return re.sub(
        comments[ending], lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.DOTALL | re.MULTILINE
    )


# --- One stylesheet for both directions --------------------------------------------------------------


@pytest.mark.parametrize("path", files("static/css", endings=(".css",)), ids=lambda path: path.name)
def test_stylesheet_closes_what_it_opens(path):
    depth, css = 0, without_comments(path.read_text(encoding="utf-8"), ".css")
    for number, line in enumerate(css.splitlines(), start=1):
        assert depth == 0 or not line.startswith("."), f"{path.name}:{number}: a rule stands in another one"
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 3, f"{path.name}:{number}"
    assert depth == 0


PHYSICAL_DIRECTION = r"""(?x)
    (?<![\w-]) (?:scroll-)? (?:margin|padding|border) -(?:left|right) \b
  | (?<![\w-]) border-(?:top|bottom)-(?:left|right)-radius
  | (?<![\w-]) (?:left|right) \s* :
  | (?<![\w-]) (?:text-align|text-align-last|float|clear|caption-side) \s* : \s* (?:left|right) \b
  | (?<![\w-]) background(?:-position)? \s* : [^;{}]* \b (?:left|right) \b
"""
FOUR_SIDES = r"(?<![\w-])(margin|padding|inset|border-width|border-style|border-color)\s*:\s*([^;{}]+)"


def uneven_sides(css: str) -> list[str]:
    """Shorthands of four sides of which the second (right) is not the fourth (left)."""
    uneven = []
    for found in re.finditer(FOUR_SIDES, css):
        sides = re.findall(r"(?:[^\s()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+", found.group(2).replace("!important", ""))
        if len(sides) == 4 and sides[1] != sides[3]:
            uneven.append(found.group().strip())
    return uneven


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-left: 1rem }",
        "a { border-right-color: red }",
        "a { border-top-left-radius: 2px }",
        "a {left:0}",
        "a { text-align: right; }",
        "a { float: left }",
        "a { background: url(a.svg) no-repeat right center }",
    ],
)
def test_physical_direction_is_recognised(css):
    assert places(PHYSICAL_DIRECTION, css)


@pytest.mark.parametrize(
    "css", ["a { margin-inline-start: 1rem }", "a { float: inline-start }", "a { --left: 0 }", ".right { top: 0 }"]
)
def test_logical_direction_is_left_alone(css):
    assert not places(PHYSICAL_DIRECTION, css)


def test_shorthand_of_uneven_sides_is_recognised():
    assert uneven_sides("a { margin: 0 1rem calc(1px + (2px)) 0; }") == ["margin: 0 1rem calc(1px + (2px)) 0"]
    assert uneven_sides("a { margin: 0 1rem 2rem 1rem; padding: 0 1rem 0 }") == []


def test_stylesheets_know_no_left_and_right():
    sheets = files("static/css", endings=(".css",))
    assert breaches(PHYSICAL_DIRECTION, sheets) == []
    assert {path.name: uneven for path in sheets if (uneven := uneven_sides(path.read_text(encoding="utf-8")))} == {}


# --- Pages that a strict content security policy lets through ------------------------------------------

INLINE_CODE = r"""(?x)
    <style\b
  | <script (?![^>]*\ssrc=) [^>]*>
  | <[a-z][^<>]* \s style \s* =
  | <[a-z][^<>]* \s (?:on[a-z]+|hx-on[\w:.-]*) \s* =
  | javascript:
"""
OTHER_HOST = r"""(?x)
    <(?!a\b) [a-z][^<>]* \s
    (?:src|srcset|href|xlink:href|action|formaction|poster|data) \s* = \s* ["']? \s* (?:https?:)?//
"""


@pytest.mark.parametrize(
    "html",
    [
        "<style>",
        "<script>",
        '<script nonce="1">',
        '<p class="a" style="color: red">',
        '<button\n onclick="go()">',
        '<div hx-on:click="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_recognised(html):
    assert places(INLINE_CODE, html)


@pytest.mark.parametrize("html", ['<script src="a.js" defer>', '<p data-style="a">', "<p>style = on</p>"])
def test_page_without_inline_code_is_left_alone(html):
    assert not places(INLINE_CODE, html)


@pytest.mark.parametrize(
    "html", ['<script src="https://example.org/a.js">', '<link rel="x" href="//example.org">', "<img src=http://a>"]
)
def test_other_host_is_recognised(html):
    assert places(OTHER_HOST, html)


@pytest.mark.parametrize("html", ['<a href="https://example.org">', '<svg xmlns="http://www.w3.org/2000/svg">'])
def test_link_to_another_host_is_left_alone(html):
    assert not places(OTHER_HOST, html)


def test_templates_hold_no_inline_style_or_script():
    assert breaches(INLINE_CODE, files("templates", endings=(".html",))) == []


def test_templates_load_nothing_from_other_hosts():
    assert breaches(OTHER_HOST, files("templates", endings=(".html",))) == []


def test_stylesheets_load_nothing_from_other_hosts():
    assert breaches(r"""@import|url\(\s*["']?\s*(?:[a-z]+:)?//""", files("static/css", endings=(".css",))) == []


def test_scripts_load_nothing_from_other_hosts():
    assert breaches(r"(?:https?:)?//(?!www\.w3\.org/)[a-z]", files("static/js", endings=(".js",))) == []


def test_templates_escape_everything():
    unescaped = r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off|\{%\s*filter\s+safe"
    assert breaches(unescaped, files("templates", endings=(".html",))) == []


def test_templates_take_figures_of_every_script():
    # A number input refuses ۱۲.
    assert breaches(r"""type\s*=\s*["']?number""", files("templates", endings=(".html",))) == []


# --- Nothing left over ---------------------------------------------------------------------------------


def django_templates() -> set[str]:
    """Names of the templates that Django and the installed parts come with: ours of the same name replace them."""
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs() if ROOT not in Path(app.path).parents]
    folders.append(Path(django.__file__).parent / "forms/templates")
    return {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_every_template_is_used():
    pages = files("templates", endings=(".html", ".txt", ".xml"))
    sources = [path.read_text(encoding="utf-8") for path in [*pages, *files(*APPS, endings=(".py",))]]
    # Names that Django finds by itself.
    by_convention = django_templates() | {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    by_convention.add("registration/login.html")
    for model in apps.get_models():
        options = model._meta
        for page in ("list", "detail", "form", "confirm_delete"):
            by_convention.add(f"{options.app_label}/{options.model_name}_{page}.html")
    unused = [
        name
        for name in (str(path.relative_to(ROOT / "templates")) for path in pages)
        if name not in by_convention and not any(f'"{name}' in source or f"'{name}" in source for source in sources)
    ]
    assert unused == []


def test_nothing_is_left_to_do():
    folders = (*APPS, "templates", "static/css", "static/js", "tests", "scripts", ".ci")
    paths = files(*folders, endings=(".py", ".html", ".css", ".js", ".sh", ""))
    paths += [path for path in ROOT.iterdir() if path.suffix in {".md", ".toml", ".yaml", ".py"}]
    paths += [ROOT / "Makefile", ROOT / "Dockerfile"]
    left = re.compile("|".join([r"\bTO" r"DO\b", r"\bFIX" r"ME\b", r"\bX" r"XX\b"]))
    found = [str(path.relative_to(ROOT)) for path in paths if path.is_file() and left.search(path.read_text("utf-8"))]
    assert found == []


def test_code_prints_nothing():
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files(*APPS, endings=(".py",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "breakpoint"}
    ]
    assert printing == []


# --- Settings and packages -----------------------------------------------------------------------------


def test_every_setting_is_explained():
    read = set()
    for name in ("sistercities/settings.py", "gunicorn.conf.py"):
        source = (ROOT / name).read_text(encoding="utf-8")
        read |= set(re.findall(r"\benv\.\w+\(\s*\"(\w+)\"", source))
        read |= set(re.findall(r"\bos\.environ\.get\(\s*\"(\w+)\"", source))
    read |= set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    explained = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(explained) == sorted(read)


def test_every_package_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        "requirements.txt": project["dependencies"],
        "requirements-dev.txt": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for name, packages in wanted.items():
        pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert {re.match(r"[\w-]+", package).group().lower() for package in packages} - set(pinned) == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pinned_packages_come_from_no_certain_place(name):
    assert places(r"://|^\s*--(?!hash=)\S+", (ROOT / name).read_text(encoding="utf-8")) == []


# --- Languages -----------------------------------------------------------------------------------------


def catalogue(path: Path = CATALOGUE) -> Catalog:
    """The Persian catalogue, or the one at another path."""
    with path.open("rb") as file:
        return read_po(file, locale="fa", abort_invalid=True)


def messages(path: Path = CATALOGUE) -> Iterator[Message]:
    """Every message of the catalogue but its header."""
    return (message for message in catalogue(path) if message.id)


def texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Singular and plural of what stands on one side of a message, or its only text."""
    return (value,) if isinstance(value, str) else tuple(value)


def placeholders(text: str) -> list[str]:
    """What is filled in when the text is shown: %(name)s, %s, %% aside, {name}."""
    return sorted(re.findall(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}", text.replace("%%", "")))


def test_everything_is_translated():
    untranslated = [message.id for message in messages() if not all(texts(message.string)) or message.fuzzy]
    assert untranslated == []


def test_translations_fill_in_the_same_as_the_original():
    different = []
    for message in messages():
        original, translated = texts(message.id), texts(message.string)
        # The singular may say «one» in words in either language; the plural has to hold everything.
        singular = [placeholders(text) for text in original]
        if placeholders(translated[-1]) != placeholders(original[-1]) or placeholders(translated[0]) not in singular:
            different.append(message.id)
    assert different == []


def test_translations_use_persian_letters():
    arabic = [message.id for message in messages() if re.search("[يكةى]", "".join(texts(message.string)))]
    assert arabic == []


@pytest.mark.gettext
def test_catalogue_holds_exactly_what_the_code_says(tmp_path):
    for folder in (*APPS, "templates", "locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "data", "*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale=fa", "--no-location", "--no-obsolete"],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "sistercities.settings"},
        check=True,
        capture_output=True,
    )
    extracted = {(message.context, texts(message.id)) for message in messages(tmp_path / CATALOGUE.relative_to(ROOT))}
    held = {(message.context, texts(message.id)) for message in messages()}
    assert {"missing": extracted - held, "unused": held - extracted} == {"missing": set(), "unused": set()}
    assert catalogue().obsolete == {}


@pytest.mark.gettext
def test_catalogue_is_sound():
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", CATALOGUE], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


# --- Migrations ----------------------------------------------------------------------------------------


def own_migrations():
    """The project's migrations, by app and name."""
    loader = MigrationLoader(None)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in APPS}


def test_migrations_are_named():
    unnamed = [
        f"{app}.{name}"
        for app, name in own_migrations()
        if "_auto_" in name or (name.endswith("_initial") and name != "0001_initial")
    ]
    assert unnamed == []


def test_migrations_are_reversible():
    one_way = [
        f"{app}.{name}: {operation.describe()}"
        for (app, name), migration in own_migrations().items()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert one_way == []


@pytest.mark.django_db(transaction=True)
def test_migrations_run_back_and_forward():
    for app in ("partnerships", "cities", "sistercities"):
        call_command("migrate", app, "zero", verbosity=0, interactive=False)
    assert [name for name in connection.introspection.table_names() if name.startswith(APPS)] == []
    call_command("migrate", verbosity=0, interactive=False)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
