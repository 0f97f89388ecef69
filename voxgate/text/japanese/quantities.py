"""Units and money: what stands before or behind a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voxgate.text.japanese.numbers import NUMBER

__all__ = ["CURRENCIES", "MEASURES", "speak_money", "speak_units"]

_PREFIXES = {
    "k": "キロ",
    "m": "ミリ",
    "M": "メガ",
    "G": "ギガ",
    "T": "テラ",
    "c": "センチ",
    "h": "ヘクト",
}
_METRES = {
    "km": "キロメートル",
    "cm": "センチメートル",
    "mm": "ミリメートル",
    "m": "メートル",
}
MEASURES = {
    **_METRES,
    **{f"{sign}²": f"平方{name}" for sign, name in _METRES.items()},
    **{f"{sign}2": f"平方{name}" for sign, name in _METRES.items()},
    **{f"{sign}³": f"立方{name}" for sign, name in _METRES.items()},
    **{f"{sign}3": f"立方{name}" for sign, name in _METRES.items()},
    "μm": "マイクロメートル",
    "µm": "マイクロメートル",
    "nm": "ナノメートル",
    "kg": "キログラム",
    "mg": "ミリグラム",
    "μg": "マイクログラム",
    "g": "グラム",
    "t": "トン",
    "mL": "ミリリットル",
    "ml": "ミリリットル",
    "dl": "デシリットル",
    "dL": "デシリットル",
    "cc": "シーシー",
    "kl": "キロリットル",
    "L": "リットル",
    "l": "リットル",
    "ℓ": "リットル",
    "Wh": "ワット時",
    "kWh": "キロワット時",
    "W": "ワット",
    "kW": "キロワット",
    "MW": "メガワット",
    "mW": "ミリワット",
    "V": "ボルト",
    "kV": "キロボルト",
    "mV": "ミリボルト",
    "A": "アンペア",
    "mA": "ミリアンペア",
    "mAh": "ミリアンペア時",
    "Ah": "アンペア時",
    "Hz": "ヘルツ",
    **{f"{p}Hz": f"{_PREFIXES[p]}ヘルツ" for p in "kMGT"},
    **{f"{p}B": f"{_PREFIXES[p]}バイト" for p in "kMGT"},
    "KB": "キロバイト",
    "Mbps": "メガビーピーエス",
    "Gbps": "ギガビーピーエス",
    "kbps": "キロビーピーエス",
    "bps": "ビーピーエス",
    "°": "度",
    "dB": "デシベル",
    "hPa": "ヘクトパスカル",
    "kPa": "キロパスカル",
    "MPa": "メガパスカル",
    "Pa": "パスカル",
    "kcal": "キロカロリー",
    "cal": "カロリー",
    "kJ": "キロジュール",
    "J": "ジュール",
    "N": "ニュートン",
    "Ω": "オーム",
    "kΩ": "キロオーム",
    "min": "分",
    "ms": "ミリ秒",
    "s": "秒",
    "sec": "秒",
    "h": "時間",
    "ha": "ヘクタール",
    "rpm": "アールピーエム",
    "fps": "フレーム毎秒",
    "px": "ピクセル",
    "pt": "ポイント",
    "ppm": "ピーピーエム",
    "bpm": "ビーピーエム",
    "dpi": "ディーピーアイ",
    "in": "インチ",
    "ft": "フィート",
    "lb": "ポンド",
    "oz": "オンス",
    "%": "パーセント",
    "‰": "パーミル",
}
"""Behind a number; small and capital letters mean different units."""

_PER_TIME = {"h": "時速", "s": "秒速", "min": "分速"}
_DOLLARS = {
    "HK": "香港ドル",
    "US": "ドル",
    "NT": "台湾ドル",
    "A": "オーストラリアドル",
    "C": "カナダドル",
}
CURRENCIES = {
    **{f"{land}$": name for land, name in _DOLLARS.items()},
    "S$": "シンガポールドル",
    "R$": "レアル",
    "$": "ドル",
    "€": "ユーロ",
    "£": "ポンド",
    "¥": "円",
    "₩": "ウォン",
    "₽": "ルーブル",
    "₹": "ルピー",
    "฿": "バーツ",
    "USD": "ドル",
    "EUR": "ユーロ",
    "GBP": "ポンド",
    "JPY": "円",
    "CNY": "人民元",
    "RMB": "人民元",
    "HKD": "香港ドル",
    "TWD": "台湾ドル",
    "KRW": "ウォン",
    "AUD": "オーストラリアドル",
    "CAD": "カナダドル",
    "CHF": "スイスフラン",
    "SGD": "シンガポールドル",
    "INR": "ルピー",
    "RUB": "ルーブル",
    "THB": "バーツ",
    "MOP": "パタカ",
}
"""Signs and codes of currencies, before or behind a number."""

_CENTS = {"ドル": "セント", "ユーロ": "セント", "ポンド": "ペンス"}


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_AMOUNT = rf"{NUMBER}(?:[百千]?[万億兆京]|[百千])?"
_MONEY = _one_of(CURRENCIES)
_BEFORE = re.compile(
    rf"(?<![A-Za-z\d])(?P<sign>{_MONEY})\s?(?P<minus>-?)(?P<amount>{_AMOUNT})"
    r"(?P<scale>[MBK](?![A-Za-z]))?(?!\d)"
)
_BEHIND = re.compile(rf"(?P<amount>{_AMOUNT})\s?(?P<sign>{_MONEY})(?![A-Za-z])")
_RANGE_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?P<sign>{_MONEY})\s?(?P<low>{_AMOUNT})\s?[-〜]\s?(?:(?P=sign))?(?P<high>{_AMOUNT})"
)
_HUNDREDTHS = re.compile(r"(\d+)\.(\d\d)")

_SPEED = re.compile(
    rf"(?P<label>(?:[時秒分]速|風速|流速|速度)は?\s?)?(?P<number>{NUMBER})\s?(?P<unit>km|cm|mm|m)/(?P<time>h|s|min)(?![A-Za-z])"
)
_PER = re.compile(
    rf"(?P<number>{NUMBER})\s?(?P<unit>{_one_of(MEASURES)})/(?P<per>{_one_of(MEASURES)})(?![A-Za-z])"
)
_FAHRENHEIT = re.compile(rf"(?:華氏)?(?P<number>[-+]?{NUMBER})\s?°\s?F(?![A-Za-z])")
_CELSIUS = re.compile(rf"(?P<number>{NUMBER})\s?°\s?C(?![A-Za-z])")
_TEMPERATURE_RANGE = re.compile(rf"(?P<low>{NUMBER})\s?(?:°C)?\s?[-〜]\s?(?=-?{NUMBER}\s?°C)")
_PARTS = re.compile(
    rf"(?P<number>{NUMBER})(?P<unit>km|m|kg|h|min)(?=\d+\s?(?:m|cm|mm|g|min|s)(?![A-Za-z]))"
)
_UNIT = re.compile(
    rf"(?<![A-Za-z\d.])(?P<number>{NUMBER}(?:[万億兆千百])?)\s?(?P<unit>{_one_of(MEASURES)})"
    r"(?![A-Za-z\d²³])"
)
_PERCENT_ALONE = re.compile("%")
_UNIT_RANGE = re.compile(
    rf"(?P<low>{NUMBER})\s?(?P<unit>{_one_of(MEASURES)})\s?[-〜]\s?(?={NUMBER}\s?(?P=unit))"
)


def speak_money(text: str) -> str:
    """Speak ¥500, $100, US$20, 20€, 5 USD and $1.50: the name goes behind the amount."""
    text = _RANGE_BEFORE.sub(
        lambda m: f"{m['low']}{CURRENCIES[m['sign']]}から{m['high']}{CURRENCIES[m['sign']]}", text
    )
    text = _BEFORE.sub(_money, text)
    return _BEHIND.sub(_money, text)


def _money(match: re.Match[str]) -> str:
    found = match.groupdict()
    name = CURRENCIES[found["sign"]]
    amount = found["amount"]
    minus = "マイナス" if found.get("minus") else ""
    hundredths = _HUNDREDTHS.fullmatch(amount)
    if found.get("scale"):
        amount = _scaled(amount, found["scale"])
    elif hundredths and name in _CENTS:
        cents = int(hundredths[2])
        return f"{minus}{hundredths[1]}{name}" + (f"{cents}{_CENTS[name]}" if cents else "")
    return f"{minus}{amount}{name}"


def _scaled(amount: str, scale: str) -> str:
    """Write 3M as 300万: K is a thousand, M a million, B a thousand millions."""
    zeros = {"K": 3, "M": 6, "B": 9}[scale]
    whole, _, fraction = amount.partition(".")
    if len(fraction) > zeros:
        return amount
    return str(int(whole + fraction.ljust(zeros, "0")))


def speak_units(text: str) -> str:
    """Speak 5km, 1m50cm, 20°C, 60km/h, 30m² and 50%."""
    text = _TEMPERATURE_RANGE.sub(lambda m: f"{m['low']}度から", text)
    text = _FAHRENHEIT.sub(lambda m: f"華氏{m['number']}度", text)
    text = _CELSIUS.sub(lambda m: f"{m['number']}度", text)
    text = _SPEED.sub(
        lambda m: f"{m['label'] or _PER_TIME[m['time']]}{m['number']}{MEASURES[m['unit']]}", text
    )
    text = _PER.sub(lambda m: f"{m['number']}{MEASURES[m['unit']]}毎{MEASURES[m['per']]}", text)
    text = _PARTS.sub(lambda m: f"{m['number']}{MEASURES[m['unit']]}", text)
    text = _UNIT_RANGE.sub(lambda m: f"{m['low']}から", text)
    text = _UNIT.sub(lambda m: f"{m['number']}{MEASURES[m['unit']]}", text)
    return _PERCENT_ALONE.sub("パーセント", text)
