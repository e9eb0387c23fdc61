"""Train on carefund_bot/understanding/phrases and write the model files, the same bytes each time.

`--check` writes nothing and fails if the files differ from what the phrases give; `--quick` leaves out the
cross-validation behind the thresholds (they are kept as they are) and is for trying phrases out.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

FOLDER = Path(__file__).parent.parent / "carefund_bot" / "understanding"
STEADY = {  # one thread and one set of processor instructions: sums come out in the same order everywhere
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "PYTHONHASHSEED": "0",
}


def main() -> int:
    if any(os.environ.get(name) != value for name, value in STEADY.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | STEADY)  # noqa: S606 - ourselves, steadied
    files = trained(quick="--quick" in sys.argv)
    if "--check" not in sys.argv:
        for name, content in files.items():
            (FOLDER / name).write_bytes(content)
        return 0
    stale = [name for name, content in files.items() if (FOLDER / name).read_bytes() != content]
    for name in stale:
        print(f"{name} is not what the phrases give: run make understand-train")
    return 1 if stale else 0


def trained(*, quick: bool = False) -> dict[str, bytes]:
    """Names and bytes of every file that training writes."""
    from character_tables import CHARACTERS, characters_json  # noqa: PLC0415 - after the steadying, as all below

    characters = characters_json()
    if characters != CHARACTERS.read_bytes():
        CHARACTERS.write_bytes(characters)  # the rest reads it
    from understanding_files import model_files  # noqa: PLC0415
    from understanding_fit import Remembered, fit  # noqa: PLC0415
    from understanding_phrases import read_phrases  # noqa: PLC0415

    from carefund_bot.understanding.encoder import load_encoder  # noqa: PLC0415

    phrases, remembered = read_phrases(), Remembered(load_encoder())
    tiers = _kept_tiers() if quick else _calibrated(phrases, remembered)
    return {"characters.json": characters, **model_files(fit(phrases, remembered), tiers)}


def _kept_tiers() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))["tiers"]
    return kept


def _calibrated(phrases: list[Any], encoder: Any) -> dict[str, Any]:
    from understanding_fit import held_out_likelihoods  # noqa: PLC0415
    from understanding_tiers import tiers_json  # noqa: PLC0415

    wanted = [phrase.intent for phrase in phrases]
    return {kind: tiers_json(rows, wanted, kind) for kind, rows in held_out_likelihoods(phrases, encoder).items()}


if __name__ == "__main__":
    sys.exit(main())
