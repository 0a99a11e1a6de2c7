import pytest

from tests import postgres


@pytest.fixture(scope="session")
def new_postgres():
    with postgres.server() as server:
        yield server.new_database


@pytest.fixture(autouse=True, params=["sqlite", "postgresql"])
def database(request, monkeypatch):
    """Every test of the store is made on both; gives which one it is."""
    if request.param == "postgresql":
        monkeypatch.setenv("DIGITLAB_DATABASE_URL", request.getfixturevalue("new_postgres")())
    else:
        monkeypatch.delenv("DIGITLAB_DATABASE_URL", raising=False)
    return request.param
