"""Equal faults are one message."""

from voxgate.corpus.line_faults import LineFaults


def test_equal_faults_are_said_once_with_their_lines_and_subjects():
    faults = LineFaults()
    assert not faults
    faults.add(2, "no such file", subject="a.wav")
    faults.add(3, "text is empty")
    for line in range(4, 10):
        faults.add(line, "no such file", subject=f"{line}.wav")
    assert faults
    assert faults.messages() == [
        "lines 2, 4, 5, 6, 7 and 2 more: a.wav, 4.wav, 5.wav, 6.wav, 7.wav: no such file",
        "line 3: text is empty",
    ]
