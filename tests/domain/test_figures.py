"""Small cells are taken together, and whatever is shown adds up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.domain.figures import Row, percent, publishable, too_few_members, too_few_payees

COUNTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6)


def payees(fund: str, households: int, students: int = 0) -> Row:
    return Row((fund,), {"households": households, "students": students})


def members(fund: str, gave: int, on_list: int) -> Row:
    return Row((fund,), {"gave": gave, "on_list": on_list})


def test_large_rows_stay_as_they_are() -> None:
    rows = (payees("city", 50), payees("taicang", 5), payees("wujiang", 0))
    assert publishable(rows, too_few_payees) == (
        rows,
        Row(("city", "taicang", "wujiang"), {"households": 55, "students": 0}),
    )


def test_a_small_row_is_taken_together_with_the_next_smallest() -> None:
    shown, total = publishable([payees("city", 50), payees("taicang", 4), payees("wujiang", 7)], too_few_payees)
    assert [row.funds for row in shown] == [("city",), ("taicang", "wujiang")]
    assert total is not None
    assert total.numbers["households"] == 61


def test_two_small_rows_suffice_to_hide_each_other() -> None:
    shown, _ = publishable([payees("city", 50), payees("taicang", 4), payees("wujiang", 3)], too_few_payees)
    assert [row.funds for row in shown] == [("city",), ("taicang", "wujiang")]


def test_a_total_too_small_is_not_shown_at_all() -> None:
    assert publishable([payees("city", 3), payees("taicang", 0)], too_few_payees) == ((), None)
    assert publishable([payees("city", 300, 2)], too_few_payees) == ((), None)


def test_an_empty_unit_is_no_data_and_never_zero_per_cent() -> None:
    assert percent(members("city", 0, 0)) is None
    assert percent(members("city", 0, 10)) == "0.0"


def test_per_cent_has_one_decimal_half_up() -> None:
    assert percent(members("city", 480_500, 500_000)) == "96.1"
    assert percent(members("city", 1, 2000)) == "0.1"
    assert percent(members("city", 1, 2001)) == "0.0"


@given(COUNTS)
def test_what_is_shown_adds_up_and_hides_the_small(counts: list[tuple[int, int]]) -> None:
    rows = [payees(str(place), *pair) for place, pair in enumerate(counts)]
    shown, total = publishable(rows, too_few_payees)
    if total is None:
        assert not shown
        return
    assert total.numbers == {
        "households": sum(households for households, _ in counts),
        "students": sum(students for _, students in counts),
    }
    assert {name: sum(row.numbers[name] for row in shown) for name in total.numbers} == total.numbers
    assert not any(too_few_payees(row) for row in shown)


def test_units_of_fewer_than_ten_members_do_not_stand_alone() -> None:
    shown, _ = publishable(
        [members("city", 40, 50), members("taicang", 9, 9), members("wujiang", 9, 11)], too_few_members
    )
    assert [row.funds for row in shown] == [("city",), ("taicang", "wujiang")]
