"""What documents name is there: paths, the version, and no document that the repository does not hold."""

import re
from pathlib import Path

import pytest

import core

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "bench" / "RESULTS.md"])
FOLDERS = ("core", "ui", "pages", "bench", "tests", "docs", "data/starter", ".streamlit")
# Files that the product or a person makes.
MADE = {".streamlit/secrets.toml"}


def paths_in(text):
    """Paths that a document gives as the repository's: links, and a known folder or the name of a file in backticks."""
    yield from (link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link)
    for quoted in re.findall(r"`([^`\n]+)`", text):
        for word in quoted.split():
            if word.split("::")[0].startswith(tuple(f"{folder}/" for folder in FOLDERS)):
                yield word
            elif "/" not in word and re.fullmatch(r"[A-Za-z.][\w.-]*\.(md|toml|txt|yaml)", word):
                yield word


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_in_a_document_exists(document):
    named = [path for path in paths_in(document.read_text()) if path not in MADE]
    missing = [path for path in named if not any((folder / path).exists() for folder in (ROOT, document.parent))]
    assert not missing


def test_paths_are_found_in_documents():
    assert list(
        paths_in("See [it](docs/a.png), `core/b.py`, `python bench/c.py --json`, `d.toml`; not `e`, `/f/g`, <https://h.md>.")
    ) == [
        "docs/a.png",
        "core/b.py",
        "bench/c.py",
        "d.toml",
    ]


def test_nothing_cites_a_document_that_the_repository_does_not_hold():
    sources = [path for folder in FOLDERS for kind in ("*.py", "*.js", "*.md", "*.toml") for path in (ROOT / folder).rglob(kind)]
    files = [path for path in (*sources, *ROOT.glob("*.*"), ROOT / "Makefile") if path.is_file() and path != Path(__file__)]
    cited = [(path, name) for path in files for name in re.findall(r"\b[A-Z][A-Z_]+\.md\b", path.read_text())]
    assert {name for _, name in cited} >= {"README.md", "RESULTS.md"}
    assert not [(path, name) for path, name in cited if not any((ROOT / folder / name).exists() for folder in (".", "bench"))]


def test_the_newest_release_in_the_changelog_is_the_version():
    releases = re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert releases[0] == core.__version__


def test_the_code_has_the_names_that_the_glossary_gives():
    sources = "\n".join(path.read_text() for folder in ("core", "ui") for path in (ROOT / folder).rglob("*.py"))
    rows = [line.split(" | ") for line in (ROOT / "docs" / "glossary.md").read_text().splitlines() if line.startswith("| ")]
    names = [name for row in rows for name in re.findall(r"`([\w.]+)`", row[2])]
    assert "RunSnapshot" in names
    assert not [name for name in names if not re.search(rf"\b{name.split('.')[-1]}\b", sources)]
