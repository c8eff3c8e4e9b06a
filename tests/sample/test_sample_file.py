"""The shipped file is what the command line writes."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "sample.jsonl.gz"


def test_shipped_file_is_reproducible(tmp_path: Path) -> None:
    path = tmp_path / "other-name.gz"
    command = [sys.executable, "-m", "lib.sample", "--chats", "2100", "--seed", "7", str(path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    # The compressed bytes depend on the zlib at hand, the text does not.
    assert gzip.decompress(path.read_bytes()) == gzip.decompress(SHIPPED.read_bytes())
    first = path.read_bytes()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    assert path.read_bytes() == first


def test_shipped_file_is_small() -> None:
    assert SHIPPED.stat().st_size <= 1_000_000


def test_shipped_file_is_json_lines() -> None:
    lines = gzip.decompress(SHIPPED.read_bytes()).decode().split("\n")
    assert lines.pop() == ""
    assert len({json.loads(line)["id"] for line in lines}) == 2100
