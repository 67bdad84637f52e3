"""One door to every file: the kinds it knows, the profile it applies, and the same bytes in another process."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from sealdesk.face import production, raster
from sealdesk.face.drawing import Drawing
from sealdesk.face.export import bitmap, ga241
from sealdesk.face.export.numbers import written
from sealdesk.face.export.profiles import PAPER, profile
from sealdesk.face.production import FORMATS, UnknownFormatError, produce

MAGIC = {
    "svg": b"<?xml", "pdf": b"%PDF-1.4", "dxf": b"  0\r\nSECTION", "plt": b"IN;\nSP1;", "png": b"\x89PNG", "tif": b"II*\0", "bmp": b"BM",
    "ga241": b"1101080000001", "upd": b"PK\3\4",
}  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_made_by_its_ending(ending: str, face: Drawing) -> None:
    data = produce(face, ending, seal_code="1101080000001")
    assert data.startswith(MAGIC[ending])
    assert produce(face, "." + ending.upper(), seal_code="1101080000001") == data


def test_unknown_ending_is_refused_with_what_is_possible(face: Drawing) -> None:
    with pytest.raises(UnknownFormatError, match=r"ezd.*svg, pdf, dxf"):
        produce(face, "ezd")


def test_resolution_asked_for_wins_over_the_profile(face: Drawing) -> None:
    picture = Image.open(io.BytesIO(produce(face, "tif", profile("copper"), dpi=300)))
    assert float(picture.info["dpi"][0]) == 300
    assert float(Image.open(io.BytesIO(produce(face, "tif", profile("copper")))).info["dpi"][0]) == 1200


def test_material_with_a_shoulder_gets_grey_pictures_and_the_rest_one_bit(face: Drawing) -> None:
    assert Image.open(io.BytesIO(produce(face, "png", profile("laser_rubber"), dpi=300))).mode == "L"
    assert Image.open(io.BytesIO(produce(face, "png", profile("copper"), dpi=300))).mode == "1"


def test_filed_picture_is_true_to_the_imprint_whatever_the_profile(face: Drawing) -> None:
    assert produce(face, "ga241", profile("laser_rubber")) == produce(face, "ga241")
    _code, layers = ga241.decode(produce(face, "ga241"))
    assert layers == raster.layers(face, 400)


def test_another_process_makes_the_same_bytes(face: Drawing, tmp_path: Path) -> None:
    kept = tmp_path / "face"
    kept.write_bytes(pickle.dumps(face))
    program = (
        "import hashlib, pickle, sys\n"
        "from sealdesk.face import production, raster\n"
        "from sealdesk.face.export.profiles import PAPER, profile\n"
        "face = pickle.loads(open(sys.argv[1], 'rb').read())\n"
        "for kind in production.FORMATS:\n"
        "    for material in (PAPER, profile('laser_rubber')):\n"
        "        sys.stdout.write(hashlib.sha256(production.produce(face, kind, material)).hexdigest() + '\\n')\n"
        "sys.stdout.write(hashlib.sha256(raster.thumbnail(face)).hexdigest() + '\\n')\n"
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": "12345", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"}
    done = subprocess.run([sys.executable, "-c", program, str(kept)], check=True, capture_output=True, text=True, env=surroundings)
    ours = [hashlib.sha256(produce(face, kind, material)).hexdigest() for kind in FORMATS for material in (PAPER, profile("laser_rubber"))]
    assert done.stdout.split() == [*ours, hashlib.sha256(raster.thumbnail(face)).hexdigest()]


def test_exports_do_not_load_what_the_window_must_not_wait_for() -> None:
    program = (
        "import sys\n"
        "from sealdesk.face import production\n"
        "heavy = {'ezdxf', 'numpy', 'reportlab', 'PIL', 'PySide6.QtWidgets', 'fontTools'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_blank_face_has_files_too() -> None:
    blank = Drawing(20.0, 20.0, ())
    for kind in FORMATS:
        assert produce(blank, kind)
    assert bitmap.png(raster.bitmap(blank, 100)) == produce(blank, "png", PAPER, 100)


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (-0.0, "0"), (-0.00001, "0"), (1.5, "1.5"), (100.0, "100"), (1 / 3, "0.3333")])
def test_lengths_are_written_plainly(value: float, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_length_is_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="not a length"):
        written(value)


def test_package_facts_reach_the_manifest(face: Drawing) -> None:
    from sealdesk.face.export import upd

    package = upd.unpack(production.package(face, {"order": {"number": "7"}}))
    assert package.manifest["order"] == {"number": "7"}
