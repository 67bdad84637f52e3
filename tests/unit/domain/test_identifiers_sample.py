"""The sample data of the demonstration: let in by every border, assigned to nobody, marked as invented."""

from __future__ import annotations

import json
import runpy
from datetime import date
from typing import Any

import pytest
from PIL import Image

from sealdesk.core import paths
from sealdesk.domain.identifiers import (
    area,
    check_area_code,
    check_document,
    check_phone,
    check_registration_number,
    check_unit_code,
    check_uscc,
)
from sealdesk.domain.orders import ProofKind
from sealdesk.domain.seals import SealType
from sealdesk.domain.units import UnitKind

FOLDER = paths.resources() / "sample"
ON = date(2026, 3, 2)


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    return dict(json.loads((FOLDER / "sample.json").read_text(encoding="utf-8")))


def test_sample_numbers_are_let_in(sample: dict[str, Any]) -> None:
    assert check_unit_code(sample["shop"]["code"]) == sample["shop"]["code"]
    for unit in (sample["shop"], *sample["units"]):
        assert check_uscc(unit["uscc"]) == unit["uscc"]
        assert check_area_code(unit["area_code"]) == unit["area_code"]
        assert check_phone(unit["phone"]) == unit["phone"]
    for unit in sample["units"]:
        assert UnitKind(unit["kind"])
        assert not unit["registration_number"] or check_registration_number(unit["registration_number"])
        assert all(SealType(seal["type"]) for seal in unit["seals"])
        for person in (unit["principal"], unit["handler"]):
            document = check_document(person["document_kind"], person["document_number"], ON)
            assert document.number == person["document_number"]
            assert check_phone(person["phone"]) == person["phone"]


def test_sample_numbers_belong_to_nobody(sample: dict[str, Any]) -> None:
    for unit in sample["units"]:
        assert area(unit["uscc"][2:8]) is None
        assert area(unit["principal"]["document_number"][:6]) is None
        assert area(unit["handler"]["document_number"][:6]) is None
    assert "虚构" in sample["notice"]


def test_sample_papers_are_there_and_small(sample: dict[str, Any]) -> None:
    proofs = sample["units"][0]["proofs"]
    assert set(proofs) == {kind.value for kind in ProofKind} - {"other"}
    for name in proofs.values():
        path = FOLDER / name
        assert path.stat().st_size <= 250_000
        with Image.open(path) as picture:
            picture.verify()
            assert min(picture.size) > 400


def test_sample_file_is_what_its_script_writes(sample: dict[str, Any]) -> None:
    assert runpy.run_path(str(FOLDER / "make_samples.py"))["sample"]() == sample
