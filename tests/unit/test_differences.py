from abreast.align import differing
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.lists(st.sampled_from("abcd"), max_size=8)


def test_what_every_column_says_is_quiet_and_the_rest_differs():
    found = differing({
        "one": ["nn", "Conv2d", "96", "stride"],
        "two": ["nn", "Conv2D", "96", "strides"],
        "three": ["layers", "Conv2D", "96", "strides"],
    })  # fmt: skip
    assert found == {
        "one": frozenset({0, 1, 3}),
        "two": frozenset({0, 1, 3}),
        "three": frozenset({0, 1, 3}),
    }


def test_columns_without_words_do_not_count_and_one_alone_differs_in_nothing():
    assert differing({"one": ["a"], "two": [], "three": ["a"]}) == {
        "one": frozenset(), "two": frozenset(), "three": frozenset(),
    }  # fmt: skip
    assert differing({"one": ["a", "b"]}) == {"one": frozenset()}


@given(WORDS, WORDS)
def test_two_columns_agree_on_what_is_the_same(one, two):
    found = differing({"one": one, "two": two})
    same = [word for i, word in enumerate(one) if i not in found["one"]]
    if one and two:
        assert same == [word for i, word in enumerate(two) if i not in found["two"]]
