import io

import numpy as np
import pandas as pd

from core.export import submission


def test_a_submission_has_kaggles_columns_and_counts_from_one():
    table = pd.read_csv(io.BytesIO(submission(np.array([7, 2, 1]))))
    assert list(table.columns) == ["ImageId", "Label"]
    assert table.values.tolist() == [[1, 7], [2, 2], [3, 1]]
