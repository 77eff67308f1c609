"""What chapter 10 reads: the stored runs can be made again, and are all there."""

import numpy as np
import pytest

import time_series
import weather
from unrolled import results


def test_every_way_has_its_seeds_and_says_where_it_was_run():
    found = results.load("time_series")
    assert [(run["way"], run["seed"]) for run in found["runs"]] == [
        (way, seed) for way in time_series.WAYS for seed in time_series.SEEDS
    ]
    for name in ("time_series", "weather", "projection"):
        assert {"command", "date", "commit", "machine"} <= results.load(name)["provenance"].keys()


def test_the_first_hundred_updates_are_what_is_stored():
    net, rng = time_series.network(0)
    seen = time_series.train(net, rng, updates=100)
    stored = next(run for run in results.load("time_series")["runs"] if run["way"] == "mean" and run["seed"] == 0)
    for update in (0, 100):
        assert seen[update][0] == pytest.approx(stored["printed"][str(update)], rel=2e-3)


def test_the_line_is_what_is_stored():
    stored = results.load("time_series")["controls"]["linear by step"]
    assert time_series.linear_by_step()[:3] == pytest.approx(stored[:3], rel=1e-3)


@pytest.mark.parametrize(
    ("values", "end"),
    [
        (np.full(2000, 3.0), "fixed point"),
        (np.sin(2 * np.pi * np.arange(2000) / 50), "cycle"),
        (np.sin(np.arange(2000) / 7) + np.sin(np.sqrt(2) * np.arange(2000) / 7), "neither"),
        (np.arange(2000.0) * np.sin(np.arange(2000) / 10), "growing"),
        (np.exp(np.arange(2000) / 50), "diverged"),
        (np.append(np.zeros(1999), np.inf), "diverged"),
    ],
)
def test_how_a_series_ends(values, end):
    assert time_series.what_became(values)["end"] == end


def test_a_forecast_of_the_weather_reads_nothing_of_its_day_or_later():
    """Whatever the days from the one to be told on are, the inputs stay."""
    day = 800
    before = weather.examples("four", True, 14, np.array([day]))
    kept = weather.VALUES[day:].copy()
    weather.VALUES[day:] = 99
    try:
        np.testing.assert_array_equal(weather.examples("four", True, 14, np.array([day])), before)
    finally:
        weather.VALUES[day:] = kept
    np.testing.assert_array_equal(before[-1, 0, :4], weather.VALUES[day - 1])


def test_the_years_for_fourteen_days_do_not_overlap():
    z = weather.ANOMALY / weather.ANOMALY[weather.TRAIN].std()
    for year, (first, last) in weather.YEARS.items():
        xs, ys = weather.departures(28, *weather.YEARS[year])
        begin = max(first, 28)
        np.testing.assert_array_equal(xs[:, 0, 0], z[begin - 28 : begin])
        np.testing.assert_array_equal(ys[:, 0, 0], z[begin : begin + 14])
        np.testing.assert_array_equal(ys[:, -1, 0], z[last - 13 : last + 1])


def test_a_stored_network_can_be_trained_again():
    stored = results.load("weather")["gru"]["final"][0]
    setting = (stored[name] for name in ("inputs", "season", "window", "size", "rate"))
    again = weather.run("gru", *setting, stored["seed"])
    assert again["epochs"] == stored["epochs"]
    for year in ("2014", "2015"):
        assert again[year] == pytest.approx(stored[year], abs=2e-3)


def test_the_best_setting_in_2014_is_the_one_with_five_seeds():
    for kind in ("rnn", "gru", "lstm", "rnn, change", "gru, change", "lstm, change"):
        part = results.load("weather")[kind]
        scores = [np.mean([run["2014"] for run in part["tried"][k : k + 2]]) for k in range(0, len(part["tried"]), 2)]
        assert len(scores) == 48
        assert part["final"][:2] == part["tried"][2 * int(np.argmin(scores)) :][:2]
        assert [run["seed"] for run in part["final"]] == [0, 1, 2, 3, 4]


def test_the_standard_error_is_that_of_the_difference():
    line = weather.chosen_line()[weather.TEST]
    assert weather.behind(line) == [0, 0]
    worse = weather.TRUE[weather.TEST] + 1.1 * (line - weather.TRUE[weather.TEST])
    difference, error = weather.behind(worse)
    assert difference == pytest.approx(0.1 * weather.rmse(line - weather.TRUE[weather.TEST]), rel=1e-4)
    assert 0 < error < difference
