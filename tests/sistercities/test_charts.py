"""The geometry of the drawings: shares across, pixels down, and from right to left where the page runs so."""

import pytest
from django.utils.translation import override

from sistercities.charts import Bars, Columns, Line, Row


@pytest.fixture(autouse=True)
def english():
    """The page runs from left to right."""
    with override("en"):
        yield


def spans(bar):
    """The spans of a bar as text."""
    return [(span.x, span.width, span.style) for span in bar.spans]


def stops(*distances):
    """Cities at these distances."""
    return [(f"City {km}", km, f"/{km}/") for km in distances]


def test_longest_bar_takes_its_room_and_others_their_share():
    bars = Bars([Row("a", "A", 8), Row("b", "B", 2), Row("c", "C", 0)], room=0.8).bars
    assert [spans(bar) for bar in bars] == [[("0%", "80%", "")], [("0%", "20%", "")], []]
    assert [bar.number_x for bar in bars] == ["80%", "20%", "0%"]
    assert [bar.y for bar in bars] == [0, Bars.PITCH, 2 * Bars.PITCH]


def test_bars_begin_at_the_right_where_the_page_does():
    with override("fa"):
        bars = Bars([Row("a", "A", 8), Row("b", "B", 2)], room=0.8).bars
        assert [spans(bar) for bar in bars] == [[("20%", "80%", "")], [("80%", "20%", "")]]
        assert [(bar.number_x, bar.number_dx) for bar in bars] == [("20%", -9), ("80%", -9)]


def test_possible_and_missing_parts_follow_the_certain_one():
    (possible, part) = Bars([Row("a", "A", 1, possible=3), Row("b", "B", 1, whole=4)], room=0.8).bars
    assert spans(possible) == [("0%", "20%", ""), ("20%", "60%", "possible")]
    assert spans(part) == [("0%", "20%", ""), ("20%", "60%", "none")]
    assert possible.number_x == part.number_x == "80%"


def test_many_things_as_one_row_have_no_bar_and_set_no_scale():
    bars = Bars([Row("a", "A", 5), Row("", "9 more", 30, style="rest")], room=0.8).bars
    assert [spans(bar) for bar in bars] == [[("0%", "80%", "")], []]


@pytest.mark.parametrize(("counts", "counted"), [([3, 0, 10], True), ([3, 11], False)])
def test_few_are_drawn_as_marks_to_be_counted(counts, counted):
    bars = Bars([Row(str(count), str(count), count) for count in counts], counted=True)
    assert bars.is_counted is counted
    assert [len(bar.marks) for bar in bars.bars] == (counts if counted else [0, 0])


def test_marks_stand_in_the_direction_of_reading():
    assert Bars([Row("a", "A", 3)], counted=True).bars[0].marks == [0, 28, 56]
    with override("fa"):
        assert Bars([Row("a", "A", 3)], counted=True).bars[0].marks == [-28, -56, -84]


def test_bars_of_nothing():
    assert (Bars([]).bars, Bars([]).height) == ([], 0)
    assert spans(Bars([Row("a", "A", 0)]).bars[0]) == []


def test_few_in_a_column_are_blocks_and_many_are_one():
    few, many = Columns([Row("1", "", 2, possible=1)]), Columns([Row("1", "", 40, possible=10)])
    assert [style for _top, _height, style in few.stacks[0].blocks] == ["", "", "possible"]
    assert [style for _top, _height, style in many.stacks[0].blocks] == ["", "possible"]
    heights = [height for _top, height, _style in many.stacks[0].blocks]
    assert heights[0] == pytest.approx(4 * heights[1], abs=0.2)


def test_columns_stay_within_their_drawing():
    for counts in ([1], [3, 7, 12], [1, 400], list(range(1, 45))):
        drawing = Columns(
            [*(Row(str(at), "", count) for at, count in enumerate(counts)), Row("", "?", 5, style="none")]
        )
        for stack in drawing.stacks:
            assert 0 <= float(stack.span.x[:-1]) <= float(stack.span.x[:-1]) + float(stack.span.width[:-1]) <= 100
            assert all(drawing.TOP - 1 <= top <= drawing.ground for top, _height, _style in stack.blocks)
        assert sum(stack.is_labelled for stack in drawing.stacks) <= 21


def test_what_has_no_time_stands_apart():
    middles = [
        float(stack.x[:-1]) for stack in Columns([Row(key, "", 1, style=key) for key in ("", "", "none")]).stacks
    ]
    assert middles[2] - middles[1] == pytest.approx(1.5 * (middles[1] - middles[0]), abs=0.1)


@pytest.mark.parametrize(
    ("farthest", "ticks"),
    [
        (1, [0, 1]),
        (47, [0, 10, 20, 30, 40, 50]),
        (980, [0, 200, 400, 600, 800, 1000]),
        (6160, [0, 2000, 4000, 6000]),
        (16893, [0, 5000, 10000, 15000]),
        (20015, [0, 5000, 10000, 15000, 20000]),
    ],
)
def test_scale_has_round_steps(farthest, ticks):
    assert [tick.value for tick in Line(stops(farthest)).ticks] == ticks


def test_stops_stand_at_their_true_distance():
    line = Line(stops(500, 1000, 2000))
    places = [float(stop.x[:-1]) for stop in line.stops]
    assert places == [21.5, 43, 86]
    assert [stop.ends for stop in line.stops] == [False, False, True]
    with override("fa"):
        assert [float(stop.x[:-1]) for stop in Line(stops(500, 1000, 2000)).stops] == [78.5, 57, 14]


def test_many_stops_are_a_band_of_strokes_that_names_a_few():
    many = Line(stops(*range(100, 2100, 100)), "nearest", "median", "farthest")
    assert (many.is_named, Line(stops(*range(100, 1700, 100))).is_named) == (False, True)
    assert many.strokes.startswith("M98 0V1M196 0V1")
    assert many.strokes.count("M") == 20
    assert [(stop.label, stop.value, stop.url, stop.said) for stop in many.named] == [
        ("City 100", 100, "/100/", "nearest"),
        ("median", 1050, "", ""),
        ("City 2000", 2000, "/2000/", "farthest"),
    ]
    with override("fa"):
        mirrored = Line(stops(*range(100, 2100, 100))).strokes
    assert mirrored.endswith("M1804 0V1M1902 0V1")


def test_line_of_nothing():
    line = Line([])
    assert (line.stops, [tick.value for tick in line.ticks]) == ([], [0, 1])


def test_few_stops_name_the_median_alone():
    assert [(stop.label, stop.value) for stop in Line(stops(500, 1000, 2000), middle="median").named] == [
        ("median", 1000)
    ]
    assert Line(stops(500, 1000), middle="median").named == []
