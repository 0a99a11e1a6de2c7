import pytest

from core.store import Store
from core.training.studio import Studio
from tests.fakes import SOON_S


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def make_studio(tmp_path):
    """Makes studios that train by `train`, each on a store of its own in `folder`; their threads must end with the test."""
    made = []

    def make(train, folder=tmp_path):
        made.append(Studio(Store(folder), train))
        return made[-1]

    yield make
    for studio in made:
        assert studio.close(SOON_S)
        studio.store.close()
