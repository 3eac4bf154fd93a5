"""What columns are executed with: kernels of the user's own, and those of frameworks."""

import json

import pytest
from abreast import frameworks
from abreast.model import Column, Kernel, Lack
from abreast.run.kernels import outfits
from abreast.run.machine import Machine

GPU = Machine(gpus=("NVIDIA H200",), driver="550")


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A column with a kernel of the user's own."""
    folder = tmp_path / "kernels" / "julia"
    folder.mkdir(parents=True)
    spec = {"argv": ["/opt/bin/julia", "-i", "{connection_file}"], "language": "Julia"}
    (folder / "kernel.json").write_text(json.dumps(spec), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return Column(framework=frameworks.unlisted("mine", 0), kernel="julia")


def test_a_kernel_of_ones_own_is_one_of_the_machine_it_runs_on(own):
    on_cpu = outfits(Machine(), None)(own)
    assert on_cpu.kernel == Kernel(name="julia", language="julia", device="cpu")
    assert (on_cpu.recipe.device, on_cpu.recipe.driver) == ("cpu", "")
    on_gpu = outfits(GPU, None)(own)
    assert on_gpu.kernel == Kernel(name="julia", language="julia", device="cuda")
    assert (on_gpu.recipe.device, on_gpu.recipe.driver) == ("NVIDIA H200", "550")
    assert on_gpu.recipe.environment == on_cpu.recipe.environment


def test_a_framework_that_has_nothing_for_gpus_stays_on_the_processor():
    pytorch, mxnet = (
        outfits(GPU, None)(Column(framework=frameworks.load(name))) for name in ("pytorch", "mxnet")
    )
    assert (pytorch.recipe.device, pytorch.recipe.driver) == ("NVIDIA H200", "550")
    assert (mxnet.recipe.device, mxnet.recipe.driver) == ("cpu", "")


def test_a_kernel_that_is_not_installed_is_told_on_any_machine(own):
    for machine in (Machine(), GPU):
        outfit = outfits(machine, None)(Column(framework=own.framework, kernel="nowhere"))
        assert outfit.recipe is None
        assert isinstance(outfit.kernel, Lack)
        assert "no Jupyter kernel 'nowhere'. Installed: " in outfit.kernel.reason


def test_what_is_not_installed_is_a_lack_unless_it_is_installed_when_it_is_needed(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("ABREAST_HOME", str(tmp_path / "home"))
    column = Column(framework=frameworks.load("pytorch"))
    lacking = outfits(Machine(), None)(column).kernel
    assert isinstance(lacking, Lack)
    assert lacking.missing
    for machine in (Machine(installs=True), Machine(here=False, installs=True)):
        kernel = outfits(machine, None)(column).kernel
        assert (kernel.name, kernel.executable, kernel.device) == ("pytorch", None, "cpu")
        assert kernel.lock is not None


def test_what_has_no_wheels_here_is_a_lack_although_others_would_be_installed(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("ABREAST_HOME", str(tmp_path / "home"))
    none = Lack(reason="no wheels")
    monkeypatch.setattr("abreast.run.environments.lacking_wheels", lambda *_: none)
    column = Column(framework=frameworks.load("mxnet"))
    assert outfits(Machine(installs=True), None)(column).kernel is none
    elsewhere = outfits(Machine(here=False, installs=True), None)(column).kernel
    assert isinstance(elsewhere, Kernel)
