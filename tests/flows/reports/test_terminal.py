import io

from rich.console import Console

from flows.reports.terminal import say


def test_words_with_brackets_are_no_markup() -> None:
    out = Console(file=io.StringIO(), width=80)
    say(out, "a [/b] ", ("[red]c", "dim"))
    assert isinstance(out.file, io.StringIO)
    assert out.file.getvalue() == "a [/b] [red]c\n"
