from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.fakes.releases import Story, make_check
from voxgate.release.drift import DEVIATIONS, WORST, charts_of
from voxgate.release.monitoring import find_alarms, record_check


def story_of(*days: tuple[int, float]) -> Story:
    """A live version whose words were so many standard errors worse on days of November."""
    story = Story().released(1)
    for day, worse in days:
        figures = {DEVIATIONS: {"wer": worse}, WORST: [{"prompt": f"p-{day}"}, {"prompt": "q"}]}
        check = replace(make_check(day), figures=figures)
        story.tell(record_check(story.book, 1, check))
    return story


def alarms(story: Story, day: int) -> list[tuple[str, str]]:
    return [(a.subject, a.text) for a in find_alarms(story.book, date(2026, 11, day))]


def test_a_slow_loss_of_words_is_told_with_its_first_day_and_its_prompts() -> None:
    story = story_of((20, 0.1), (21, 2.8), (22, 2.9), (23, 2.7), (24, 2.8))
    ((subject, text),) = alarms(story, 24)
    assert subject == "voice-test version 1: wer drifts since 2026-11-21"
    assert "2.8 standard errors worse than released, the mean of 4 days" in text
    assert "Prompts: q, p-21" in text


def test_the_same_drift_is_one_alarm_however_long_it_lasts() -> None:
    days = [(day, 2.8) for day in range(20, 26)]
    keys = {
        alarm.key
        for day in (24, 25)
        for alarm in find_alarms(story_of(*days[: day - 19]).book, date(2026, 11, day))
    }
    assert len(keys) == 1


def test_a_break_of_one_day_is_no_drift() -> None:
    ((subject, text),) = alarms(story_of((20, 0.2), (21, 8.0)), 21)
    assert subject == "voice-test version 1: wer broke since 2026-11-21"
    assert "beyond 4" in text


def test_chance_is_silent() -> None:
    assert alarms(story_of((20, 1.4), (21, -0.8), (22, 0.6)), 22) == []


def test_days_without_a_number_are_left_out_of_the_chart() -> None:
    story = story_of((20, 1.0))
    story.checked(1, 21, "hold")
    wer, *others = charts_of(story.book.releases[1])
    assert [point.day.day for point in wer.points] == [20]
    assert all(chart.points == () for chart in others)
