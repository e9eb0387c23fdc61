"""What two rows share is found whatever the rows are, and what is kept for it does not grow with them."""

from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.files.faults import Reason
from carefund_bot.files.taken import Clash, Taken, suspects_among

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2)), max_size=30)


@given(rows=ROWS)
def test_every_clash_names_the_first_row_that_holds_the_same(rows: list[tuple[int, int, int]]) -> None:
    taken = Taken(
        {1: Reason.CARD_TAKEN},
        suspects_among((place, row[place]) for row in rows for place in (0, 1)),
        number_may_repeat=False,
    )
    for at, row in enumerate(rows):
        first_with_number = next(n for n, other in enumerate(rows) if other[0] == row[0])
        first_with_card = next(n for n, other in enumerate(rows) if other[1] == row[1])
        expected = []
        if first_with_number < at and rows[first_with_number] == row:
            expected.append(Clash(0, Reason.REPEATED_ROW, first_with_number))
        else:
            if first_with_number < at:
                expected.append(Clash(0, Reason.KEY_TAKEN, first_with_number))
            if first_with_card < at:
                expected.append(Clash(1, Reason.CARD_TAKEN, first_with_card))
        assert list(taken.claim(at, row)) == expected


def test_of_many_different_values_hardly_any_is_kept() -> None:
    assert len(suspects_among((0, f"DY{number:07}") for number in range(20_000))) < 50
