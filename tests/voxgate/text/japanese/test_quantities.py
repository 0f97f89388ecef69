"""Units and money."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.quantities import speak_money, speak_units


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("¥500", "500円"),
        ("-¥500", "-500円"),
        ("¥-500", "マイナス500円"),
        ("$3.50", "3ドル50セント"),
        ("$3.00", "3ドル"),
        ("$1.5億", "1.5億ドル"),
        ("$3M", "3000000ドル"),
        ("€30と20€", "30ユーロと20ユーロ"),
        ("100万USD", "100万ドル"),
        ("$10-20", "10ドルから20ドル"),
        ("20€ 1000円", "20ユーロ 1000円"),
    ],
)
def test_the_name_of_a_currency_goes_behind_the_amount(written: str, spoken: str) -> None:
    assert speak_money(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("5km", "5キロメートル"),
        ("5 kg", "5キログラム"),
        ("5mW", "5ミリワット"),
        ("5MW", "5メガワット"),
        ("20°C", "20度"),
        ("20〜25°C", "20度から25度"),
        ("-3°F", "華氏-3度"),
        ("60km/h", "時速60キロメートル"),
        ("時速60km/h", "時速60キロメートル"),
        ("3m/s", "秒速3メートル"),
        ("10g/L", "10グラム毎リットル"),
        ("100万m²", "100万平方メートル"),
        ("5cm〜10cm", "5から10センチメートル"),
        ("5kmh", "5kmh"),
        ("H5N1", "H5N1"),
        ("50%", "50パーセント"),
    ],
)
def test_units_are_written_out(written: str, spoken: str) -> None:
    assert speak_units(written) == spoken
