"""What is measured of cells in real kernels, and how a deck says it."""

import json
import re
import sys
from pathlib import Path

import pytest
from abreast.model import Estimate
from abreast.timing.words import duration, estimated

from tests.conftest import code, prose, samples_of

pytestmark = pytest.mark.kernel

ONE = "title: One\nframeworks: [{name: one, kernel: KERNEL}]\nsections:\n  - {title: S, abreast: {one: one.ipynb}}\n"


def build(project, *cells, deck=ONE, kernel="python3", options=()):
    project.deck("deck", deck.replace("KERNEL", kernel), one=cells)
    return project.call("build", "deck", *options)


def page_of(project):
    return (project.folder / "outputs" / "deck" / "index.html").read_text(encoding="utf-8")


def runs_of(project):
    manifest = project.folder / "outputs" / "deck" / "manifest.json"
    runs = json.loads(manifest.read_text(encoding="utf-8"))["runs"]
    return [{**run, "kernels": samples_of(run)} for run in runs]


def cells_of(project, name):
    path = project.folder / "outputs/deck/notebooks/s" / f"{name}.ipynb"
    return [cell["source"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def outputs_of_cell(project, index):
    path = project.folder / "outputs" / "deck" / "notebooks" / "s" / "one.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"][index]["outputs"]


def test_a_sample_names_wall_dispatch_and_cpu_time_and_memory(project):
    held = "import time\nheld = bytearray(150_000_000)\ntime.sleep(0.3)"
    done = build(project, code("x = 1"), code(held), code("del held"))
    assert done.returncode == 0, done.stderr
    (run,) = runs_of(project)
    cells = run["kernels"][0]
    before, sample = cells["0"][0], cells["1"][0]
    assert sample["wall_seconds"] >= sample["dispatch_seconds"] >= 0.3
    assert sample["cpu_seconds"] < sample["wall_seconds"]
    assert sample["resident_bytes"] - before["resident_bytes"] > 140_000_000
    assert sample["resident_peak_bytes"] >= sample["resident_bytes"]
    assert "device_peak_bytes" not in sample  # no framework that could tell
    assert run["device"]["kind"] == "cpu"
    assert run["device"]["cores"] >= 1


def test_a_repeated_cell_shows_its_first_output_and_its_steady_time(project):
    counted = "import time\ncount = globals().get('count', 0) + 1\ntime.sleep(0.4 if count == 1 else 0.05)\nprint('run', count)"
    shown = code("print('repeats', count)")
    done = build(project, code(counted, "abreast:repeat"), shown)
    assert done.returncode == 0, done.stderr
    (output,) = outputs_of_cell(project, 0)
    assert output["text"] == "run 1\n"
    samples = [s["wall_seconds"] for s in runs_of(project)[0]["kernels"][0]["0"]]
    assert samples[0] >= 0.4
    assert len(samples) >= 2 + 5
    assert sum(samples[2:]) >= 0.5
    assert f"repeats {len(samples)}" in outputs_of_cell(project, 1)[0]["text"]
    timings = json.loads((project.folder / "outputs/deck/timings.json").read_text("utf-8"))
    (step,) = (s for s in timings["steps"] if s["costs"]["one"]["regime"] == "steady")
    found = step["costs"]["one"]
    assert 0.05 <= found["median_seconds"] < 0.4 <= found["first_run_seconds"]
    page = page_of(project)
    assert f'<span class="aside">first run {duration(samples[0])}</span>' in page
    steady = Estimate(
        regime="steady",
        median_seconds=found["median_seconds"],
        lower_seconds=found["lower_quartile_seconds"],
        upper_seconds=found["upper_quartile_seconds"],
        count=found["samples"],
        total_seconds=found["total_seconds"],
    )
    assert re.search(r" ±\d+%", estimated(steady))
    alone = "" if found["alone"] else " (not alone)"
    assert f'class="badge">{estimated(steady)}{alone}<' in page


def test_updates_of_a_display_in_repeats_do_not_reach_what_is_shown(project):
    source = (
        "from IPython.display import display\nn = globals().get('n', 0) + 1\n"
        "handle = display(f'shown {n}', display_id='d')\nhandle.update(f'updated {n}')"
    )
    build(project, code(source, "abreast:repeat"))
    assert "updated 1" in json.dumps(outputs_of_cell(project, 0))
    assert "2" not in json.dumps(outputs_of_cell(project, 0))


def test_a_repeat_that_fails_is_told_and_the_rest_is_kept(project):
    source = "n = globals().get('n', 0) + 1\nprint('run', n)\nassert n < 3, 'three'"
    done = build(project, code(source, "abreast:repeat"), code("print('after', n)"))
    assert done.returncode == 0, done.stderr
    where = "warning: decks/deck/one.ipynb, cell 1: its run 3 raised AssertionError: three."
    assert where in done.stderr
    assert outputs_of_cell(project, 0)[0]["text"] == "run 1\n"
    assert outputs_of_cell(project, 1)[0]["text"] == "after 3\n"
    assert "first run" in page_of(project)
    assert where in project.call("build", "deck").stderr  # a stored run says so too


def test_kernels_of_a_timed_deck_take_turns_and_the_first_is_not_counted(project):
    deck = (
        "title: Two\ntiming: {runs: 5}\nframeworks: [{name: one, kernel: python3}, {name: two, "
        "kernel: python3}]\nsections:\n  - title: S\n    abreast: {one: one.ipynb, two: two.ipynb}\n"
    )
    cells = (code("import time\ntime.sleep(0.15)"),)
    project.deck("deck", deck, one=cells, two=(*cells, code("pass")))
    done = project.call("build", "deck", "--json")
    started = [
        event["job"].split()[0]
        for event in map(json.loads, done.stdout.splitlines())
        if event["event"] == "JobStarted"
    ]
    assert started == ["one", "two"] * 6
    assert [len(run["kernels"]) for run in runs_of(project)] == [6, 6]
    assert page_of(project).count(" ms ±") >= 2
    again = project.call("build", "deck")
    assert "2 of 2 notebooks are up to date, 0 to run" in again.stderr
    refused = project.call("build", "deck", "--jobs", "2", "--force")
    assert refused.returncode == 2
    assert "decks/deck/deck.yml:2: 'timing' asks for times of notebooks that run alone" in (
        refused.stderr
    )


def test_notebooks_that_run_at_once_say_so(project):
    deck = (
        "title: Two\nframeworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]\n"
        "sections:\n  - title: S\n    abreast: {one: one.ipynb, two: two.ipynb}\n"
    )
    sleep = code("import time\ntime.sleep(0.2)")
    project.deck("deck", deck, one=(sleep,), two=(sleep, code("pass")))
    assert project.call("build", "deck", "--jobs", "2").returncode == 0
    badges = re.findall(r'class="badge">([^<]*)<', page_of(project))
    assert len(badges) >= 3
    assert all(badge.endswith(" (not alone)") for badge in badges)


def test_repeats_that_raise_by_permission_are_no_times(project):
    source = "import time\nn = globals().get('n', 0) + 1\ntime.sleep(0.1)\nif n > 1: 1 / 0"
    done = build(project, code(source, "abreast:repeat", "raises-exception"))
    assert "cell 1: its run 2 raised ZeroDivisionError" in done.stderr
    assert len(runs_of(project)[0]["kernels"][0]["0"]) == 1


def test_a_repeat_that_kills_its_kernel_ends_the_notebook_and_earlier_times_stay(project):
    killed = "import os\nn = globals().get('n', 0) + 1\nif n > 2: os._exit(1)"
    done = build(project, code("import time\ntime.sleep(0.2)"), code(killed, "abreast:repeat"))
    assert done.returncode == 3
    assert "cell 2: the kernel died" in done.stderr
    (run,) = runs_of(project)
    assert run["clock"] == "kernel"
    assert run["kernels"][0].keys() == {"0"}


def test_cells_that_run_others_are_charged_for_them(project):
    nested = "get_ipython().run_cell('import time; time.sleep(1)')\ntime.sleep(1)"
    build(project, code("import time"), code(nested), code("time.sleep(0.1)"))
    cells = runs_of(project)[0]["kernels"][0]
    assert cells["1"][0]["wall_seconds"] >= 2
    assert 0.1 <= cells["2"][0]["wall_seconds"] < 1


def test_clocks_that_a_notebook_tampers_with_do_not_reach_the_times(project):
    tampered = "import time\ntime.perf_counter_ns = lambda: 0\ntime.sleep(0.2)"
    build(project, code(tampered), code("time.sleep(0.1)"))
    cells = runs_of(project)[0]["kernels"][0]
    assert cells["0"][0]["wall_seconds"] >= 0.2
    assert cells["1"][0]["wall_seconds"] >= 0.1


def test_a_framework_that_is_imported_late_or_half_is_survived(project):
    late = (
        "import sys, time, types\n"
        "class Array:\n    def is_deleted(self): return False\n"
        "    def block_until_ready(self): time.sleep(1)\n"
        "jax = types.ModuleType('jax')\njax.live_arrays = lambda *_: [Array()]\n"
        "jax.local_devices = jax.effects_barrier = lambda: []\n"
        "sys.modules['jax'] = jax\n"
        "sys.modules['torch'] = types.ModuleType('torch')"
    )
    done = build(project, code(late), code("print('goes on')"))
    assert done.returncode == 0, done.stderr
    sample = runs_of(project)[0]["kernels"][0]["0"][0]
    assert sample["dispatch_seconds"] < 1 <= sample["wall_seconds"]
    assert outputs_of_cell(project, 1)[0]["text"] == "goes on\n"


def test_the_probe_leaves_no_trace_in_names_history_and_prompts(project):
    asked = "print(sorted(n for n in dir() if 'abreast' in n), [i[2] for i in get_ipython().history_manager.get_range()])"
    build(project, code("x = 1", "abreast:repeat"), code(asked))
    assert outputs_of_cell(project, 1)[0]["text"].startswith(f"[] ['x = 1', {asked!r}")


def test_a_cell_that_may_raise_gets_no_time_and_no_repeats(project):
    build(project, code("print('once')\n1 / 0", "raises-exception", "abreast:repeat"))
    assert runs_of(project)[0]["kernels"] == [{}]
    assert outputs_of_cell(project, 0)[0]["text"] == "once\n"


KERNEL = """
import time
from ipykernel.kernelbase import Kernel
from ipykernel.kernelapp import IPKernelApp


class Echo(Kernel):
    implementation = implementation_version = banner = language = "echo"
    language_info = {"name": "echo", "mimetype": "text/plain", "file_extension": ".txt"}

    def do_execute(self, code, silent, *_, **__):
        time.sleep(0.12)
        self.send_response(self.iopub_socket, "stream", {"name": "stdout", "text": code})
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


IPKernelApp.launch_instance(kernel_class=Echo)
"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    """A kernel that is not Python."""
    folder = tmp_path / "jupyter" / "kernels" / "echo"
    folder.mkdir(parents=True)
    (folder / "echo.py").write_text(KERNEL, encoding="utf-8")
    argv = [sys.executable, str(folder / "echo.py"), "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Echo", "language": "echo"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return Path(folder)


def test_a_kernel_that_cannot_be_instrumented_is_measured_from_outside_and_says_so(project, echo):
    assert echo.is_dir()
    done = build(project, prose("## Say"), code("hello", "abreast:repeat"), kernel="echo")
    assert done.returncode == 0, done.stderr
    (run,) = runs_of(project)
    assert run["clock"] == "client"
    samples = run["kernels"][0]["1"]
    assert len(samples) >= 7
    assert all(sample.keys() == {"wall_seconds"} for sample in samples)
    assert "with messaging" in page_of(project)


def test_a_sweep_runs_the_grid_and_says_what_lacks_the_parameter(project, monkeypatch):
    deck = (
        "title: Sweep\nparameters: {n: 2}\nframeworks: [{name: one, kernel: python3}]\nsections:\n"
        "  - title: S\n    abreast: {one: one.ipynb}\n    sweep: {n: [1, 2, 3]}\n"
    )
    cells = (
        prose("## Sleep"),
        code("n = 2", "parameters"),
        code("import time\ntime.sleep(0.5 * n)\nprint('slept', n)"),
    )
    done = build(project, *cells, deck=deck)
    assert done.returncode == 0, done.stderr
    # The deck's own value is one of the grid's: that notebook runs once, and is kept once.
    assert "0 of 4 notebooks are up to date, 3 to run" in done.stderr
    runs = runs_of(project)
    assert [run["swept"] for run in runs] == [{}, {"n": 1}, {"n": 3}]
    executed = {path.name for path in (project.folder / "outputs/deck/notebooks/s").iterdir()}
    assert executed == {"one.ipynb", "one-n-1.ipynb", "one-n-3.ipynb"}
    assert "## Sleep" in cells_of(project, "one")
    assert "## Sleep" not in cells_of(project, "one-n-3")
    assert cells_of(project, "one-n-3")[-1] == cells[-1]["source"]
    monkeypatch.setenv("ABREAST_HOME", str(project.folder / "other"))
    status = json.loads(project.call("status", "deck", "--json").stdout)
    assert {notebook["state"] for notebook in status[0]["notebooks"]} == {"fresh"}
    seconds = [run["kernels"][0]["2"][0]["wall_seconds"] for run in runs]
    assert seconds[1] < seconds[0] < seconds[2]
    timings = json.loads((project.folder / "outputs/deck/timings.json").read_text("utf-8"))
    assert [point["value"] for point in timings["sweeps"][0]["lines"]["one"]] == [1, 2, 3]
    text = (project.folder / "decks" / "deck" / "deck.yml").read_text(encoding="utf-8")
    (project.folder / "decks" / "deck" / "deck.yml").write_text(
        text.replace("sweep: {n:", "sweep: {m:"), "utf-8"
    )
    unknown = project.call("build", "deck")
    assert unknown.returncode == 2
    assert unknown.stderr == (
        "error: decks/deck/deck.yml:7: no notebook declares the parameter 'm'. Known: n.\n"
    )


def test_a_point_of_a_sweep_that_fails_is_told_and_the_others_are_kept(project):
    deck = (
        "title: Sweep\nframeworks: [{name: one, kernel: python3}]\nsections:\n  - title: S\n"
        "    abreast: {one: one.ipynb}\n    sweep: {n: [1, 2, 0]}\n"
    )
    done = build(project, code("n = 1", "parameters"), code("time_of = 1 / n"), deck=deck)
    assert done.returncode == 3
    assert "error: decks/deck/one.ipynb, n 0, cell 2, line 1: ZeroDivisionError" in done.stderr
    timings = json.loads((project.folder / "outputs/deck/timings.json").read_text("utf-8"))
    (sweep,) = timings["sweeps"]
    assert "1" in json.dumps(sweep)
