"""Makes the package importable from the folder above, installed or not."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
