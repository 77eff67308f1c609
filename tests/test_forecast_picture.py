"""The living picture of chapter 10: its weights, its numbers by hand, and what its presets and drawings promise."""

import itertools
import json
import math
import re
import subprocess

import numpy as np
import pytest
from traitlets import TraitError

import time_series as benchmark
from alone import drawn, living
from unrolled import trained
from unrolled.tasks.series import time_series
from unrolled.widgets import Forecast
from unrolled.widgets.module import HERE, module


def by_hand(updates=2000, start=12.0, way="reread", steps=100, seed="series"):
    """The 20 values read, their predictions, and what is made alone: no unrolled cell, no closed loop."""
    p = trained.forecaster(updates)
    read = [time_series(start + 0.1 * k) if seed == "series" else 0.0 for k in range(20)]

    def step(x, h):
        h = np.maximum(0, x * p["W_ih"][0] + h @ p["W_hh"] + p["b"])
        return float(h @ p["W_hy"][:, 0] + p["b_y"][0]), h

    def through(values, h):
        said = []
        for x in values:
            y, h = step(x, h)
            said.append(y)
        return said, h

    predicted, h = through(read, np.zeros(32))
    values = [*read, predicted[-1]]
    while len(values) < 20 + steps:
        if way == "reread":
            h = np.zeros(32)
        said, h = through(values[-20:] if way == "reread" else values[-1:], h)
        values.append(said[-1])
    return read, predicted, values[20:]


# --- the weights ------------------------------------------------------------------------------------------------------


def test_the_shipped_weights_are_what_the_benchmark_trains():
    """The first 50 updates again. float32 sums differ a little from one machine to another."""
    net, rng = benchmark.network(0, benchmark.SMALL)
    assert benchmark.SNAPSHOTS == trained.MOMENTS
    for update in range(51):
        if update in trained.MOMENTS:
            for name, p in trained.forecaster(update, np.float32).items():
                np.testing.assert_allclose(net.params[name], p, rtol=0, atol=2e-4 if update else 0, err_msg=name)
        net.update(*benchmark.pieces(rng, benchmark.BATCH))


def test_for_the_page_they_are_small_and_the_same():
    packed = trained.forecaster_for_page()
    assert len(json.dumps(packed)) < 43_000
    assert sum(packed["sizes"].values()) == 1121
    with pytest.raises(ValueError, match="updates: expected one of 0, 50, 100, 200, 500, 1000, 2000, got 7"):
        trained.forecaster(7)


# --- the numbers ------------------------------------------------------------------------------------------------------


EXAMPLES = [
    {},
    {"updates": 0, "steps": 20},
    {"way": "carry", "start": 28.0},
    {"seed": "zeros", "steps": 150},
    {"seed": "zeros", "way": "carry", "updates": 500, "steps": 60},
    {"updates": 200, "start": 3.3, "steps": 40},
]


@pytest.mark.parametrize("settings", EXAMPLES)
def test_measures_by_hand_in_python_and_in_javascript(drawer, settings):
    picture = Forecast(**settings)
    _, predicted, made = (np.array(values) for values in by_hand(**settings))
    page, after = drawn(drawer, picture)
    for found in (picture.measures, after["measures"]):
        assert (found["kept"], found["diverged"], found["t"]) == (len(made), 0, len(made))
        assert found["last"] == found["value"] == pytest.approx(made[-1], abs=1e-6)
        assert found["largest"] == pytest.approx(abs(made).max(), abs=1e-6)
        if picture.seed == "zeros":
            assert not {"mse", "mse_first", "mse_last", "rmse20", "rmse"} & set(found)
            continue
        true = time_series(picture.start + 0.1 * np.arange(20 + len(made)))
        wrong = (predicted - true[1:21]) ** 2
        assert [found[n] for n in ("mse", "mse_first", "mse_last")] == pytest.approx(
            [wrong.mean(), wrong[0], wrong[-1]], abs=1e-6
        )
        off = (made - true[20:]) ** 2
        assert found["rmse20"] == pytest.approx(math.sqrt(off[:20].mean()), abs=1e-6)
        assert found["rmse"] == pytest.approx(math.sqrt(off.mean()), abs=1e-6)
    assert f"{len(made)} values made alone" in page.select(".u-equation")[1].text


def test_javascript_makes_the_same_values_from_many_starts():
    """300 values from every seventh start, both ways, at all moments: as long as none is beyond a million."""
    starts = [0.7 * k for k in range(41)]
    read = [time_series(start + 0.1 * np.arange(20)).tolist() for start in starts]
    script = """
      const nets = unpackMoments(asked.file);
      const each = (net) => asked.read.map((values) => {
        const given = Float64Array.from(values);
        return [reread(net, given, 300, 20), carry(net, given, 300)].map((made) => Array.from(made));
      });
      console.log(JSON.stringify(asked.moments.map((updates) => each(nets[updates]))));
    """
    asked = {"file": trained.forecaster_for_page(), "read": read, "moments": trained.MOMENTS}
    code = f"{module(HERE / 'forecaster.js')}\nconst asked = {json.dumps(asked)};\n{script}"
    found = np.array(json.loads(subprocess.check_output(["node", "--input-type=module"], input=code, text=True)))
    values = np.array(read).T[..., None]
    worst = 0
    for (i, updates), (j, way) in itertools.product(enumerate(trained.MOMENTS), enumerate(("reread", "carry"))):
        net = benchmark.Forecaster(benchmark.RNN("relu"), trained.forecaster(updates))
        alone = net.reread(values, 300, 20) if way == "reread" else net.carry(values, 300)
        made = alone[20:, :, 0].T
        within = np.logical_and.accumulate(np.abs(made) <= 1e6, axis=1)
        error = np.abs(found[i, :, j] - made) / np.maximum(1, np.abs(made))
        worst = max(worst, error[within].max())
    assert worst < 1e-6


def test_what_is_beyond_a_million_is_not_counted():
    picture = Forecast(updates=200, way="carry", steps=300)
    m = picture.measures
    made = by_hand(200, way="carry", steps=m["kept"] + 1)[2]
    assert m["diverged"] == 1 and m["kept"] < 300
    assert abs(made[-1]) > 1e6 >= m["largest"]
    assert m["value"] == m["last"] == pytest.approx(made[-2])
    picture.t = 50
    assert picture.measures["value"] == pytest.approx(made[49])


def test_fewer_values_take_t_along():
    picture = Forecast(steps=50)
    assert picture.t == 50
    picture.steps = 30
    assert (picture.t, picture.measures["t"]) == (30, 30)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"updates": 10}, "updates"),
        ({"start": 28.1}, "start: expected a number from 0 to 28, got 28.1"),
        ({"steps": 19}, "steps: expected a number from 20 to 300, got 19"),
        ({"steps": 40, "t": 41}, "t: expected a value from 1 to 40, got 41"),
        ({"seed": "noise"}, "seed"),
        ({"way": "teacher"}, "way"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises(TraitError, match=words):
        Forecast(**settings)


# --- what it tells ----------------------------------------------------------------------------------------------------


def test_predictions_approach_the_truth_and_the_first_stays_off():
    seen = [Forecast(updates=updates).measures for updates in trained.MOMENTS]
    assert [m["mse"] for m in seen] == sorted((m["mse"] for m in seen), reverse=True)
    assert seen[-1]["mse_first"] > 50 * seen[-1]["mse_last"]


def test_the_state_carried_leaves_the_series_and_rereading_stays_near():
    """From the first sight, and from every whole time: with the state carried along the trained network runs away."""
    for start in range(29):
        ways = [Forecast(start=float(start), way=way, steps=300).measures for way in ("reread", "carry")]
        assert ways[0]["largest"] < 40 < 50_000 < ways[1]["largest"]


# --- drawn and moved --------------------------------------------------------------------------------------------------


def numbers_of(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path)]


def test_the_curves_are_the_numbers(drawer):
    page, _ = drawn(drawer, Forecast(t=40))
    _, predicted, made = by_hand()
    left, right = page.select("svg.u-drawing")
    rings = [float(ring["cy"]) for ring in left.select(".u-ring")]
    np.testing.assert_allclose(rings, [207 - y / 10 * 65 for y in predicted], atol=0.06)
    later, now = (numbers_of(right.select(f"path.q-y{name}")[-1]["d"]) for name in (".u-later", ""))
    assert len(now) == 40 and now[-1] == later[0]
    ys = [y for _, y in now + later[1:]]
    np.testing.assert_allclose(ys, [160 - y / 10 * 112 for y in made], atol=0.06)
    assert "q-x" in right.select("path.u-read")[-1]["class"]


def test_zeros_have_no_truth(drawer):
    page, _ = drawn(drawer, Forecast(seed="zeros"))
    words = page.select(".u-equation")
    assert (
        "no truth" in words[0].text and "error" not in page.select_one(".u-panels").parent.select(".u-equation")[1].text
    )
    left, right = page.select("svg.u-drawing")
    assert not right.select(".u-true") and not left.select(".u-window")
    assert not [off for off in left.select(".u-off") if off["d"]]


def test_dragging_presets_steps_and_play(browser, tmp_path):
    with living(browser, tmp_path, Forecast(seed="zeros")) as seen:
        box = seen.page.locator(".u-grip").bounding_box()
        assert not seen.page.get_by_role("slider", name="from time").is_visible()
        seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
        seen.page.mouse.down()
        found = seen.agrees()
        assert (found["seed"], found["start"]) == ("series", 12.8)
        seen.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 45)
        assert seen.agrees()["start"] == 28
        seen.page.mouse.up()
        seen.page.mouse.move(box["x"] + 5, box["y"] + 40)
        assert seen.agrees()["start"] == 28
        assert seen.page.get_by_role("slider", name="from time").input_value() == "28"
        for preset in ("untrained", "young", "carried", "zeros", "beyond", "trained"):
            seen.page.get_by_label("try", exact=True).select_option(preset)
            seen.agrees()
            assert seen.page.get_by_label("try", exact=True).input_value() == preset
        seen.page.get_by_role("button", name="Step back").click()
        seen.page.get_by_role("slider", name="made alone").fill("60")
        assert (seen.agrees()["t"], seen.agrees()["steps"]) == (60, 60)
        seen.page.get_by_role("slider", name="made alone").fill("300")
        assert seen.agrees()["t"] == 300
        seen.page.get_by_role("button", name="Play").click()
        seen.page.wait_for_function("unrolled.models.a.state.t > 3 && unrolled.models.a.state.t < 300")
        seen.page.get_by_role("button", name="Pause").click()
        seen.agrees()


def test_what_the_chapter_says():
    def at(**settings):
        return Forecast(start=12, **settings).measures

    errors = [at(updates=updates)["mse"] for updates in (0, 200, 2000)]
    assert [round(errors[0], 1), round(errors[1], 2), round(errors[2], 2)] == [11.5, 0.45, 0.02]
    assert 87_000 < at(way="carry", steps=300)["largest"] < 88_000
    assert at(way="reread", steps=300)["largest"] < 7
    assert 2.5 < at(way="reread", steps=300, seed="zeros")["largest"] < 2.6
