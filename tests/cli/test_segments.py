"""segments beyond their usual: other methods, traits, and movement since a day."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_segments_with_traits_and_movement(year_of_baskets: Cli) -> None:
    code, answer = year_of_baskets(
        "segments", "--method", "kmeans", "--with", "gap,categories", "--since", "2025-10-01"
    )
    assert code == 0
    keys = {segment["key"] for segment in answer["segments"]}
    assert "bought_once" in keys
    assert all(segment["traits"] for segment in answer["segments"])
    moved = answer["movement"]
    assert moved["since"] == "2025-10-01"
    assert moved["up"] + moved["down"] + moved["same"] + moved["new"] == 40
    assert sum(flow["customers"] for flow in moved["flows"]) == 40 - moved["new"]
    assert len(moved["customers"]) == moved["up"] + moved["down"]
    for method in ("mixture", "density", "dbscan"):
        code, answer = year_of_baskets("segments", "--method", method)
        assert (code, answer["method"]) == (0, method)
        assert sum(segment["customers"] for segment in answer["segments"]) == 40


def test_wrong_traits_and_days_get_an_error_message(year_of_baskets: Cli) -> None:
    code, answer = year_of_baskets("segments", "--with", "shoes")
    assert (code, answer["error"]) == (
        1,
        "Customers cannot be grouped by shoes; choose among tenure, gap, categories, satisfaction.",
    )
    assert year_of_baskets("segments", "--since", "2026-06-01")[0] == 2
