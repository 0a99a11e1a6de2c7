import os
import platform
import subprocess
import sys

import pytest

USES_ONEDNN = """
import core
import tensorflow
from tensorflow.python.util import _pywrap_util_port
print(_pywrap_util_port.IsMklEnabled())
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="oneDNN is chosen for this kind of processor")
@pytest.mark.parametrize(("setting", "expected"), [(None, "True"), ("0", "False")])
def test_tensorflow_has_onednn_s_kernels_unless_the_operator_says_otherwise(setting, expected):
    environment = {name: value for name, value in os.environ.items() if name != "TF_ENABLE_ONEDNN_OPTS"}
    environment |= {"TF_ENABLE_ONEDNN_OPTS": setting} if setting else {}
    done = subprocess.run([sys.executable, "-c", USES_ONEDNN], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == expected
