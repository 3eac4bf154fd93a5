"""The GPUs that kernels may use, as the driver and CUDA_VISIBLE_DEVICES tell."""

import sys
from types import SimpleNamespace

import pytest
from abreast.run.machine import Machine, like_gpus, this_machine, visible_gpus

NAMES = ["NVIDIA H200", "NVIDIA H200", "NVIDIA L4"]


class LibraryError(Exception):
    pass


def by_uuid(uuid):
    if uuid != "GPU-one":
        raise LibraryError(uuid)
    return 1


@pytest.fixture
def driver(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    library = SimpleNamespace(
        NVMLError=LibraryError, nvmlInit=lambda: None, nvmlShutdown=lambda: None,
        nvmlDeviceGetCount=lambda: len(NAMES), nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetHandleByUUID=by_uuid, nvmlDeviceGetName=NAMES.__getitem__,
        nvmlSystemGetDriverVersion=lambda: "570.1",
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "pynvml", library)
    return library


def test_a_machine_names_its_gpus_and_their_driver(driver):
    assert this_machine() == Machine(gpus=tuple(NAMES), driver="570.1")
    assert this_machine().device == "cuda"
    assert this_machine().words == "NVIDIA H200 (driver 570.1)"
    assert like_gpus() == ["0", "1"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("2,0", {"2": "NVIDIA L4", "0": "NVIDIA H200"}),
        ("GPU-one", {"GPU-one": "NVIDIA H200"}),
        ("0, 7, 1", {"0": "NVIDIA H200"}),
        ("GPU-none,0", {}),
        ("", {}),
        ("-1", {}),
    ],
)
def test_gpus_that_are_hidden_from_kernels_are_not_seen(driver, monkeypatch, chosen, found):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
    assert visible_gpus() == found
    assert this_machine().gpus == tuple(found.values())


def test_without_a_driver_or_its_library_there_is_no_gpu(driver, monkeypatch):
    def fail():
        raise LibraryError("no driver")

    monkeypatch.setattr(driver, "nvmlInit", fail)
    assert this_machine() == Machine()
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert this_machine() == Machine()
    assert this_machine().words == "no GPU"
