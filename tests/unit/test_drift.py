"""What two builds differ in, and what is said of it."""

import hashlib
import json
import re
import subprocess
from dataclasses import replace

import pytest
from abreast.errors import UsageError
from abreast.publish.drift import (
    Drift,
    Previous,
    broken,
    drift_files,
    drift_json,
    drift_since,
    markdown,
    parse_rules,
    previous_build,
    read_drift,
    standing_drift,
    terminal_lines,
)

from tests.drifted import (
    CURVE,
    OTHER_CURVE,
    before_and_after,
    code_cell,
    columns,
    cost,
    curve,
    display,
    files,
    plot,
    run,
    slide,
    stream,
    words,
)


def drift(before, after):
    return drift_since(Previous(files=before, since="HEAD 5cadc9b"), after)


def outputs(before, after, source="show()"):
    cells = [[code_cell(source, *side, name="a")] for side in (before, after)]
    return drift(*(files(cells=own) for own in cells)).outputs


def text_change(before, after, name="stdout"):
    return outputs([stream(before, name)], [stream(after, name)])


def test_all_kinds_of_changes_are_told_in_the_terminal_and_as_json():
    found = drift(*before_and_after())
    lines = terminal_lines(found)
    assert lines[0] == (
        "drift since HEAD 5cadc9b: 1 slide added, 1 slide removed, 3 slides changed, "
        "4 outputs changed, torch 2.12.0 → 2.13.0, 1 other package changed, 1 setting changed, "
        "2 metrics changed (2 for the worse), 3 times changed (2 slower), 1 new warning"
    )
    assert "  time of Training, pytorch: first run 61 s → 2.3 min (+130%)" in lines
    assert len(lines) == 10
    assert lines[-1] == "  and 7 more"
    text = drift_json(found)
    assert drift_json(drift(*before_and_after())) == text
    assert drift_json(read_drift(text)) == text
    assert "iVBOR" not in text


def test_the_same_files_do_not_drift():
    before, _ = before_and_after()
    found = drift(before, before)
    assert found.nothing
    assert terminal_lines(found) == ("drift since HEAD 5cadc9b: nothing changed",)


def test_a_drift_json_of_another_kind_is_refused_in_words():
    with pytest.raises(UsageError, match="Build the deck again"):
        read_drift('{"slides": [1]}')


# Slides


def slides(before, after):
    return drift(files(slides=before), files(slides=after)).slides


def test_badges_and_seconds_are_no_change_of_a_slide():
    before = [slide("Training", columns("first run 61 s", one="train()"))]
    after = [slide("Training", columns("first run 64 s", one="train()"), seconds=90)]
    assert slides(before, after) == ()


def test_what_changed_of_a_slide_is_told_with_its_column():
    before = [slide("Training", columns(one="train(3)", two="fit()"), notes="Slowly.")]
    after = [slide("Training", columns(one="train(5)", two="fit()"), notes="Fast.")]
    (change,) = slides(before, after)
    assert [(part.what, part.framework) for part in change.parts] == [
        ("notes", ""),
        ("code", "one"),
    ]
    assert [(d.sign, d.text) for d in change.parts[1].diff] == [
        ("-", "train(3)"),
        ("+", "train(5)"),
    ]


def test_a_renamed_slide_is_found_by_its_words():
    text = words("Five convolutions, three poolings, three dense layers, and a loss.")
    (change,) = slides([slide("The network", text)], [slide("The net", text)])
    assert (change.before, change.after) == (1, 1)
    assert [part.what for part in change.parts] == ["title"]


def test_added_removed_and_moved_slides():
    one, two, three = (slide(t, words(f"About {t}, and nothing else")) for t in ("a", "b", "c"))
    assert [(s.before, s.after, s.moved) for s in slides([one, two, three], [three, one, two])] == [
        (3, 1, True)
    ]
    assert [(s.before, s.after) for s in slides([one], [one, two])] == [(None, 2)]
    assert [(s.before, s.after) for s in slides([one, two], [two])] == [(1, None)]


def test_numbers_that_were_measured_are_no_change_of_the_slides_that_list_them():
    def costs(seconds):
        row = {"kind": "table", "head": ["step", "PyTorch"], "rows": [["Training", seconds]]}
        return slide("What it cost", row, origin="", lede=f"From {seconds}.")

    assert slides([costs("61 s")], [costs("64 s")]) == ()


# Outputs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<Net at 0x7f8e02e17350>", "<Net at 0x7f9b2841c750>"),
        ("done in 3.21 s", "done in 2.9 s"),
        ("63/63 ━━━━ 1s 8ms/step - loss: 0.5", "63/63 ━━━━ 2s 11ms/step - loss: 0.5"),
        ("\r 50%|█| 5/10 [00:01<00:01, 5.0it/s]\r100%|█| 10/10 [00:02<00:00, 4.9it/s]",
         "\r100%|█| 10/10 [00:03<00:00, 3.1it/s]"),
        ("2026-11-21 14:15:10.123: I core.cc] ready", "2026-11-22 09:01:02.456: I core.cc] ready"),
        ("I0000 00:00:1795272670.738483   25725 port.cc:153] on",
         "I0000 00:00:1795299999.000001     311 port.cc:153] on"),
        ("saved to /tmp/tmpa1b2c3/model", "saved to /tmp/tmpz9y8x7/model"),
        ("/home/ada/.venv/lib/python3.11/site-packages/torch/a.py",
         "/opt/torch/lib/python3.12/site-packages/torch/a.py"),
        ("loss 0.69314718", "loss 0.69314720"),
    ],
)  # fmt: skip
def test_noise_is_no_change(before, after):
    assert text_change(before, after) == ()
    (change,) = text_change(before, f"{after}\nand more")
    assert change.what == "text"


def test_numbers_are_told_by_their_relative_change():
    (change,) = text_change("accuracy 0.741, loss 0.500", "accuracy 0.712, loss 0.550")
    assert change.what == "numbers"
    assert change.relative == pytest.approx(0.1)
    assert change.words == "2 numbers, most: 0.500 → 0.550 (+10%)"
    (change,) = text_change("0 errors", "3 errors")
    assert change.words == "0 → 3"
    assert change.relative is None


def test_text_is_told_as_a_diff_that_looks_through_noise():
    (change,) = text_change("at 0xabcdef\none\ntwo", "at 0x123456\none\nthree")
    assert [(line.sign, line.text) for line in change.diff] == [
        (" ", "at 0x123456"), (" ", "one"), ("-", "two"), ("+", "three"),
    ]  # fmt: skip


def test_pictures_are_compared_by_what_is_seen_of_them():
    one, other = display(png=plot(CURVE)), display(png=plot(OTHER_CURVE))
    (change,) = outputs([one], [other])
    assert change.what == "picture"
    assert 0.005 < change.distance < 0.2
    faint = display(png=plot(CURVE, ink="#1c60a9"))
    assert outputs([one], [faint]) == ()
    (change,) = outputs([one], [display(png=plot(CURVE, size=(400, 180)))])
    assert "300 by 180 → 400 by 180 px" in change.words
    (change,) = outputs([one], [display(png="bm90IGEgcGljdHVyZQ==")])
    assert change.words == "another picture, which cannot be read"


def test_pictures_within_html_are_told_by_a_digest_and_never_as_numbers():
    def html(data):
        return display(html=f'<img src="data:image/png;base64,{data}">')

    data = ("A" * 40 + str(number) for number in range(1000))
    digits = [d for d in data if hashlib.sha256(d.encode()).hexdigest()[:8].isdigit()]
    (change,) = outputs([html(digits[0])], [html(digits[1])])
    assert (change.what, change.words) == ("text", "another HTML")
    assert [line.sign for line in change.diff] == ["-", "+"]
    assert outputs([html("A" * 40)], [html("A" * 40)]) == ()


def test_names_drawn_by_lot_are_no_change_of_an_svg():
    svg = '<svg><!-- made {0} --><g id="p{0}"/><use href="#p{0}"/><text>{1}</text></svg>'
    one, other = (display(svg=svg.format(n, "a")) for n in ("0123456789", "fedcba9876"))
    assert outputs([one], [other]) == ()
    (change,) = outputs([one], [display(svg=svg.format("0123456789", "b"))])
    assert change.what == "picture"


def test_tables_are_compared_cell_by_cell():
    def table(*rows):
        body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        html = f"<table><thead><tr><th>name</th><th>loss</th></tr></thead><tbody>{body}</tbody></table>"
        return display(html=html, plain="a table")

    (change,) = outputs(
        [table(("a", "0.50"), ("b", "0.40"))], [table(("a", "0.55"), ("B", "0.40"))]
    )
    assert change.what == "table"
    assert [line.text for line in change.diff] == [
        "row 1, loss: 0.50 → 0.55 (+10%)", "row 2, name: b → B",
    ]  # fmt: skip
    (change,) = outputs([table(("a", "1"))], [table(("a", "1"), ("b", "2"))])
    assert [(line.sign, line.text) for line in change.diff][-1] == ("+", "b | 2")


def test_what_came_and_went():
    (change,) = outputs([], [{"output_type": "error", "ename": "ValueError", "evalue": "no"}])
    assert (change.what, change.words) == ("error", "a new error: ValueError: no")
    (change,) = outputs([display(png=plot(CURVE))], [])
    assert change.words == "no more picture"
    assert change.after is None


def test_an_inserted_cell_leaves_the_others_their_outputs():
    cells = [code_cell(f"cell {n}", stream(f"said {n}")) for n in range(3)]
    changed = code_cell("cell 2", stream("said another thing"))
    found = drift(
        files(cells=cells), files(cells=[code_cell("new", stream("x")), *cells[:2], changed])
    )
    assert [(o.cell, o.code_changed) for o in found.outputs] == [(4, False)]


# Warnings

PYTHON = "{0}/site-packages/torch/nn/functional.py:{1}: UserWarning: {2}\n  warnings.warn(x)\n"


def warned(before, after):
    cells = [[code_cell(f"cell {n}", stream(text, "stderr")) for n, text in enumerate(side)]
             for side in (before, after)]  # fmt: skip
    return drift(*(files(cells=own) for own in cells))


def test_a_warning_from_elsewhere_is_not_new():
    old = PYTHON.format("/opt/old/lib", 413, "reduce is gone")
    new = PYTHON.format("/srv/env/lib", 499, "reduce is gone")
    found = warned(["", old], [new, ""])
    assert found.warnings == ()
    assert found.outputs == ()


def test_new_warnings_have_their_cell_and_kind_and_no_place_that_changes():
    new = PYTHON.format("/opt/env/lib", 413, "reduce is deprecated")
    cell = "/var/x/ipykernel_3/1.py:2: RuntimeWarning: overflow\n  1e999\n"
    found = warned(["", ""], ["", new + cell + new])
    assert [(w.cell, w.kind, w.text) for w in found.warnings] == [
        (2, "deprecation", "torch/nn/functional.py: UserWarning: reduce is deprecated"),
        (2, "warning", "RuntimeWarning: overflow"),
    ]


# Metrics and settings


def metrics(before, after, *, executed=True):
    runs = [run()] if executed else []
    return drift(files(runs=runs, curves=before), files(runs=runs, curves=after)).metrics


@pytest.mark.parametrize(
    ("name", "better"),
    [("accuracy", False), ("val_acc", False), ("top5 f1", False), ("test loss", True),
     ("RMSE", True), ("learning_rate", None)],
)  # fmt: skip
def test_whether_less_is_better_follows_from_the_name(name, better):
    (change,) = metrics([curve(name, 9.0, 0.8)], [curve(name, 9.0, 0.7)])
    assert change.better is better


def test_metrics_that_diverge_or_vanish_are_told():
    (change,) = metrics([curve("loss", 0.5)], [curve("loss", 0.5, diverged=True)])
    assert change.words == "0.5 → diverged"
    assert change.better is False
    (change,) = metrics([curve("loss", 0.5)], [])
    assert change.words == "0.5 → not published"
    assert metrics([curve("loss", 0.5)], [], executed=False) == ()
    assert metrics([curve("loss", 0.5)], [curve("loss", 0.5)]) == ()


LACKING = {"section": "Side by side", "framework": "pytorch", "swept": {}, "lack": "No kernel."}


@pytest.mark.parametrize(
    ("gone", "says"),
    [(LACKING, "0.741 → not run"), (run(failure="ValueError: no"), "0.741 → failed")],
)
def test_a_framework_that_did_not_run_or_failed_lost_its_metrics_and_breaks_their_rules(gone, says):
    loss, accuracy = curve("loss", 0.5), curve("accuracy", 0.741)
    left = [curve("accuracy", 0.741)] if "failure" in gone else []
    found = drift(files(runs=[run()], curves=[loss, accuracy]), files(runs=[gone], curves=left))
    assert [(m.metric, m.after, m.better) for m in found.metrics if m.metric == "accuracy"] == [
        ("accuracy", None, None)
    ]
    lines = terminal_lines(found)
    assert lines[0] == "drift since HEAD 5cadc9b: 2 metrics changed"
    assert f"  accuracy of pytorch {says}" in lines
    assert drift_json(read_drift(drift_json(found))) == drift_json(found)
    assert [str(m) for m in broken(found, parse_rules("accuracy drop > 0.02, warnings > 0"))] == [
        f"Side by side, pytorch: {says}, against the rule 'accuracy drop > 0.02'."
    ]


@pytest.mark.parametrize("lost", [LACKING, run(failure="ValueError: no")])
def test_a_framework_that_runs_again_is_told_and_breaks_no_rule(lost):
    partly = [curve("accuracy", 0.5)] if "failure" in lost else []
    there = [curve("accuracy", 0.741)]
    found = drift(files(runs=[lost], curves=partly), files(runs=[run()], curves=there))
    (change,) = found.metrics
    assert change.words.endswith(" → 0.741")
    assert broken(found, parse_rules("accuracy change > 0")) == ()
    assert drift(files(runs=[lost], curves=partly), files(runs=[lost])).metrics == ()


def test_a_value_of_a_sweep_that_did_not_run_takes_no_metric_away():
    runs = [run(), {**LACKING, "swept": {"batch_size": 8}}]
    there = [curve("accuracy", 0.741)]
    assert drift(files(runs=[run()], curves=there), files(runs=runs, curves=there)).nothing


def test_a_framework_that_the_deck_does_not_have_any_more_has_no_metrics_to_lose():
    found = drift(
        files(runs=[run(), run("mxnet")], curves=[curve("accuracy", 0.7, framework="mxnet")]),
        files(runs=[run()]),
    )
    assert found.metrics == ()


def test_lost_metrics_are_told_before_others_in_the_terminal():
    runs = [run(), run("mxnet")]
    before = [*(curve(f"loss {n}", 0.5) for n in range(9)), curve("loss", 0.5, framework="mxnet")]
    after = [curve(f"loss {n}", 0.9) for n in range(9)]
    found = drift(
        files(runs=runs, curves=before),
        files(runs=[run(), {**LACKING, "framework": "mxnet"}], curves=after),
    )
    assert terminal_lines(found)[1] == "  loss of mxnet 0.5 → not run"


def test_metrics_are_not_new_because_those_before_cannot_be_read():
    before = files(runs=[run()]) | {"timings.json": '{"steps": "otherwise"}'}
    found = drift(before, files(runs=[run()], curves=[curve("accuracy", 0.7)]))
    assert found.metrics == ()
    assert len(found.unknown) == 1


def test_versions_parameters_and_devices():
    there = run(device={"kind": "cuda", "model": "NVIDIA H200", "cores": 8, "threads": None},
                versions={"numpy": "2", "torch": "2.13"}, parameters={"lr": 0.1})  # fmt: skip
    here = run(versions={"numpy": "1", "torch": "2.12"}, parameters={"lr": 0.01})
    one = slide("a", words("b"))
    found = drift(files([one], runs=[here]), files([{**one, "title": "c"}], runs=[there]))
    assert [(s.what, s.name, s.before, s.after) for s in found.settings] == [
        ("package", "torch", "2.12", "2.13"),
        ("package", "numpy", "1", "2"),
        ("device", "", "CPU, 2 threads, A processor", "NVIDIA H200"),
        ("parameter", "lr", "0.01", "0.1"),
    ]


# Times


def times(before, after, kernels=6):
    runs = [run(kernels=kernels)]
    return drift(*(files(runs=runs, steps={"Training": {"pytorch": c}}) for c in (before, after)))


def steady(median, spread=0.05, **more):
    return cost(median, spread, 6, "steady", **{"total_seconds": 2.0, **more})


def test_a_time_is_told_only_beyond_both_spreads():
    assert times(steady(1.0), steady(1.08)).times == ()
    assert times(steady(1.0, 0.4), steady(1.3, 0.4)).times == ()
    (change,) = times(steady(1.0), steady(1.3)).times
    assert change.relative == pytest.approx(0.3)
    assert change.words == "1.00 s ±2% → 1.30 s ±2% (+30%)"


def test_one_kernel_tells_less_than_several():
    assert times(steady(1.0), steady(1.4), kernels=1).times == ()
    assert len(times(steady(1.0), steady(1.6), kernels=1).times) == 1


def test_single_first_runs_have_to_differ_by_far():
    assert times(cost(0.3), cost(0.9)).times == ()
    assert times(cost(61.0), cost(100.0)).times == ()
    assert len(times(cost(61.0), cost(130.0)).times) == 1


def test_unlike_devices_and_disturbed_runs_are_not_compared_and_that_is_said():
    found = times(steady(1.0), steady(9.0, device="cuda", device_model="NVIDIA H200"))
    assert found.times == ()
    assert found.unknown == (
        "times of pytorch: other device (A processor, 2 cores → NVIDIA H200, 2 cores)",
    )
    found = times(steady(1.0), steady(9.0, alone=False))
    assert found.times == ()
    assert found.unknown == ("some times of pytorch: other programs ran meanwhile",)
    assert times(steady(1.0, alone=False), steady(1.0, alone=False)).unknown == ()


# What cannot be read


def test_files_of_another_version_are_named_and_the_rest_is_compared():
    before, after = before_and_after()
    before["timings.json"] = '{"steps": "otherwise"}'
    before["manifest.json"] = '{"made_by": "abreast"}'
    merged = json.loads(before["deck.ipynb"])
    merged["cells"][0]["metadata"]["abreast"]["blocks"][0] = {"kind": "hologram"}
    before["deck.ipynb"] = json.dumps(merged)
    found = drift(before, after)
    assert [text.partition(":")[0] for text in found.unknown] == [
        "manifest.json", "timings.json", "the slides",
    ]  # fmt: skip
    assert len(found.outputs) == 4
    assert found.metrics == found.times == found.settings == ()


# The build before


def made(folder, texts):
    record = json.loads(texts["manifest.json"])
    record["files"] = {name: {} for name in texts if name != "manifest.json"}
    for name, text in {**texts, "manifest.json": json.dumps(record)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def git(folder, *arguments):
    settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_git_head_comes_before_the_disk(tmp_path):
    folder = tmp_path / "outputs" / "deck"
    before, after = before_and_after()
    assert previous_build(folder) is None
    made(folder, before)
    assert previous_build(folder).since == "the build before"
    git(tmp_path, "init")
    assert previous_build(folder).since == "the build before", "there is no HEAD yet"
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "one")
    made(folder, after)
    (folder / "own.ipynb").write_text("{}", encoding="utf-8")
    found = previous_build(folder)
    assert found.since == f"HEAD {git(tmp_path, 'rev-parse', 'HEAD')[:7]}"
    assert found.files["timings.json"] == before["timings.json"]
    assert "own.ipynb" not in found.files
    assert len(standing_drift(folder).outputs) == 4


def test_what_git_does_not_have_is_taken_from_the_disk(tmp_path, monkeypatch):
    folder = tmp_path / "outputs" / "deck"
    before, _ = before_and_after()
    made(folder, before)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    (folder / "timings.json").write_text(pointer, encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "one")
    assert previous_build(folder).since == "the build before"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert previous_build(folder).since == "the build before"


def test_a_folder_that_abreast_did_not_make_is_no_build(tmp_path):
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "manifest.json").write_text('{"made_by": "another"}', encoding="utf-8")
    assert previous_build(tmp_path / "deck") is None


# Rules


def test_rules_are_broken_by_what_they_name():
    found = drift(*before_and_after())

    def told(rules):
        return [str(mistake) for mistake in broken(found, parse_rules(rules))]

    assert told("accuracy drop > 0.02") == [
        "Side by side, pytorch: 0.741 → 0.712 (-3.9%), against the rule 'accuracy drop > 0.02'."
    ]
    assert told("accuracy drop > 4%, accuracy rise > 0, loss drop > 0, slides added > 1") == []
    assert len(told("loss change >= 5%, time rise > 25%, time drop > 20%")) == 4
    (slower,) = told("time rise > 80")
    assert slower.startswith("all sections, all cells, pytorch: first run 67 s → 2.5 min (+124%), ")
    assert told("deprecations > 0") == [
        "side-by-side/pytorch, cell 5: 1 counted, against the rule 'deprecations > 0'."
    ]
    (versions,) = told("versions changed >= 2")
    assert versions.startswith("torch 2.12.0 → 2.13.0; numpy of pytorch 2.3.1 → 2.4.6: 2 counted, ")
    (unknown,) = told("acuracy drop > 0.5")
    assert unknown.startswith("the rule 'acuracy drop > 0.5': no notebook publishes 'acuracy'.")
    assert "Did you mean 'accuracy'?" in unknown


def test_a_metric_that_vanished_breaks_its_rule():
    found = drift(files(runs=[run()], curves=[curve("accuracy", 0.7)]), files(runs=[run()]))
    assert len(broken(found, parse_rules("accuracy drop > 0.5"))) == 1


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("", "'' is no rule. Write for example: accuracy drop > 0.02"),
        ("accuracy drop", "'accuracy drop' is no rule."),
        ("accuracy drop > low", "'accuracy drop > low' is no rule."),
        ("accuracy > 0.02", "lacks drop, rise or change"),
        ("slides changd > 0", "Did you mean 'slides changed'?"),
        ("slides change > 0", "'slides change' is not counted."),
        ("warnings > 5%", "warnings are counted."),
    ],
)
def test_rules_that_mean_nothing_are_refused_with_what_is_possible(rules, says):
    with pytest.raises(UsageError) as caught:
        parse_rules(rules)
    assert says in str(caught.value)
    assert str(caught.value).startswith("--fail-on: ")


def test_all_wrong_rules_are_told_at_once():
    with pytest.raises(UsageError) as caught:
        parse_rules("accuracy > 1, time rise > 25%, nonsense")
    assert len(caught.value.mistakes) == 2


# Markdown


def test_markdown_has_everything_and_nothing_in_it_acts():
    found = drift(*before_and_after())
    nasty = "@ada ![x](y) <script> | `a` ```"
    bad = replace(found, title=nasty, warnings=(replace(found.warnings[0], text=nasty),))
    text = markdown(bad)
    plain = text.partition("<details>")[0]
    assert "@ada" not in plain
    assert not re.search(r"(?<!\\)<script", plain)
    assert r"\| \`a\`" in plain
    for title in ("Metrics", "Times", "Versions and settings", "New warnings", "Slides", "Outputs"):
        assert f"### {title}\n" in text
    assert "+  (1): GELU()\n" in text


def test_a_fence_is_longer_than_any_in_the_diff():
    before, after = ([slide("a", words(f"```python\n{n}\n```"))] for n in ("one", "two"))
    text = markdown(drift(files(slides=before), files(slides=after)))
    assert "````diff\n" in text


def test_markdown_stays_under_its_bound():
    found = drift(*before_and_after())
    whole = markdown(found)
    for most in (300, 900, len(whole) - 1):
        text = markdown(found, most)
        assert len(text) <= most
        assert text.endswith("The rest is left out here.\n")
        assert text.count("````") % 2 == 0
        assert text.count("<details>") == text.count("</details>")
    assert markdown(found, len(whole) + 40) == whole


def test_a_page_is_written_only_where_there_is_something_to_see():
    assert drift_files(None) == {}
    none = Drift(deck="d", title="D", since="HEAD")
    assert drift_files(none).keys() == {"drift.json"}
    assert "drift.html" in drift_files(replace(none, unknown=("an old manifest",)))
