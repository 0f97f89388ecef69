"""Which ways of writing and saying one thing are one thing, and which are an error."""

from __future__ import annotations

import pytest

from voxgate.corpus.error_rates import error_rates
from voxgate.wiring.evaluators import text_normaliser

SAME = (
    # digits and words
    ("The primary coil has fifty turns.", "The primary coil has 50 turns."),
    ("My grandmother has type one diabetes.", "My grandmother has type 1 diabetes."),
    ("One of them left.", "1 of them left."),
    ("twelve hundred people", "1,200 people"),
    ("one thousand two hundred people", "1200 people"),
    ("fifteen hundred", "1,500"),
    ("one hundred and five", "105"),
    ("a hundred and five", "one hundred five"),
    ("a thousand ways", "1,000 ways"),
    ("twelve thousand three hundred and forty-five", "12,345"),
    ("two and a half million people", "two and a half million people"),
    ("2.5 million people", "2,500,000 people"),
    ("three million", "3,000,000"),
    ("thirty-one", "31"),
    ("thirty one", "31"),
    ("pi is 3.14", "Pi is three point one four."),
    ("zero point five", "0.5"),
    ("one, two, three", "1 2 3"),
    ("minus five", "-5"),
    # years
    ("In 1990 it began.", "In nineteen ninety it began."),
    ("in 1990", "in one thousand nine hundred ninety"),
    ("in 1905", "in nineteen oh five"),
    ("in 2005", "in two thousand and five"),
    ("in 2005", "in twenty oh five"),
    ("in 2024", "in twenty twenty-four"),
    ("in 2024", "in two thousand twenty four"),
    ("in 1900", "in nineteen hundred"),
    ("the 1990s", "the nineteen nineties"),
    ("the 90s", "the nineties"),
    # ordinals and dates
    ("the 21st of June", "the twenty-first of June"),
    ("the 101st day", "the one hundred and first day"),
    ("her 3rd book", "her third book"),
    ("on May 5th", "on May fifth"),
    ("on May 5, 2020", "on May fifth, twenty twenty"),
    ("the hundredth time", "the hundredth time"),
    # times
    ("at 2:30 p.m.", "at two thirty PM"),
    ("at 2:30", "at two thirty"),
    ("at 7:05", "at seven oh five"),
    ("at 5 o'clock", "at five o'clock"),
    # telephone numbers and codes
    ("Call 555-1212.", "Call five five five one two one two."),
    ("Call 555-1212.", "Call 5551212."),
    ("call 1-800-555-1212", "call one eight hundred five five five one two one two"),
    ("call 555 1200", "call five five five twelve hundred"),
    ("agent 007", "agent double oh seven"),
    ("agent 007", "agent oh oh seven"),
    ("agent 007", "agent zero zero seven"),
    ("dial 911", "dial nine one one"),
    ("room 204", "room two oh four"),
    ("the code is 4477", "the code is double four double seven"),
    # money, percent, units
    ("It costs $1.", "It costs one dollar."),
    ("It costs $5.50.", "It costs five dollars and fifty cents."),
    ("$2.5 million", "two point five million dollars"),
    ("£20", "twenty pounds"),
    ("€3", "three euros"),
    ("It fell by 1%.", "It fell by one per cent."),
    ("3.1%", "three point one percent"),
    ("10 km", "ten kilometers"),
    ("10 kilometres", "10 km"),
    ("5 kg", "five kilograms"),
    ("20 °C", "twenty degrees Celsius"),
    ("half a litre", "half a liter"),
    ("1½ cups", "one and a half cups"),
    ("one and a half cups", "1.5 cups"),
    ("two and a half million people", "2.5 million people"),
    ("a quarter of it", "1/4 of it"),
    ("two-thirds", "2/3"),
    # spelling
    ("The colour of the theatre", "The color of the theater"),
    ("We apologise for the grey programme", "We apologize for the gray program"),
    ("A well-known man", "A well known man"),
    ("Send an e-mail", "Send an email"),
    ("I am not", "I'm not"),
    ("I cannot go", "I can't go"),
    ("They will not come", "They won't come"),
    ("we've got it", "we have got it"),
    ("Doctor Smith", "Dr. Smith"),
    ("Mister Jones and Missus Jones", "Mr. Jones & Mrs. Jones"),
    ("Okay, thanks", "OK thanks"),
    ("okay, thanks", "ok thanks"),
    ("Ms. Jones", "Miss Jones"),
    ("I know 'cause I was there", "I know because I was there"),
    ("The U.S. team", "the US team"),
    ("the U.S.A.", "the USA"),
    ("J. R. R. Tolkien", "J.R.R. Tolkien"),
    ("the API of NASA", "the A.P.I. of NASA"),
    ("M I S D N", "MISDN"),
    ("the F.B.I.", "the fbi"),
    ("N.A.S.A.", "NASA"),
    ("Rock and roll", "Rock & roll"),
    ("Um, I think, uh, so", "I think so"),
    ("a café", "a cafe"),
    ("HELLO... world?!", "hello, world"),
    ("World War II", "World War Two"),
    ("Anna laughs (quietly)", "Anna laughs quietly"),
)

DIFFERENT = (
    ("It costs one dollar.", "It costs one."),
    ("It costs $1.", "It costs 1."),
    ("Three point one percent", "Three one"),
    ("It fell by one percent.", "It fell by one."),
    ("It costs five dollars.", "It costs five pounds."),
    ("one pound", "one"),
    ("1 km", "one"),
    ("1 kg", "1 g"),
    ("3.1", "31"),
    ("one euro", "one"),
    ("thirteen", "thirty"),
    ("fifteen", "fifty"),
    ("agent 007", "agent seven"),
    ("in 1990", "in 1919"),
    ("the 21st", "the 20th"),
    ("the first", "one"),
    ("nineteen nineties", "nineteen ninety"),
    ("minus five", "five"),
    ("2:30 p.m.", "2:30 a.m."),
    ("I can go", "I can't go"),
    ("Tell him (not now)", "Tell him"),
    ("[laughs] hello", "hello"),
    ("hello", "hello (applause)"),
    ("five million", "five thousand"),
    ("two hundred", "two"),
    ("the FBI", "the CIA"),
    ("at 2 p.m. I left", "at 2 p.m. he left"),
    ("give us a ring", "give U.S. a ring"),
    ("a half", "half"),
    ("one and a half", "one and a quarter"),
    ("dogs and a half", "dogs"),
    ("hello there", "hello привет"),
    ("hello there", "hello 你好"),
)


def word_errors(reference: str, heard: str) -> int:
    normalise = text_normaliser()
    return error_rates(normalise(reference), normalise(heard), edge_characters=10).word_errors


@pytest.mark.parametrize(("reference", "heard"), SAME)
def test_two_ways_of_writing_one_thing_cost_nothing(reference: str, heard: str) -> None:
    assert word_errors(reference, heard) == word_errors(heard, reference) == 0


@pytest.mark.parametrize(("reference", "heard"), DIFFERENT)
def test_what_was_left_out_or_said_otherwise_costs_something(reference: str, heard: str) -> None:
    assert word_errors(reference, heard) > 0


def test_one_wrong_digit_is_one_wrong_word() -> None:
    assert word_errors("Call 555-1212.", "Call 555-1213.") == 1
    assert word_errors("in 1984", "in 1985") == 1


def test_the_words_inside_brackets_are_compared() -> None:
    assert text_normaliser()("(laughs) It was [really] cold.") == "laughs it was really cold"
