"""Written tokens that every language reads in its own words: a number with a unit, an amount.

The segmenter gives them whole to the language of the sentence, Latin letters and all; so the
grammar of each language has a reading for every unit and currency that is named here.
"""

from __future__ import annotations

__all__ = ["CURRENCY_CODES", "CURRENCY_SIGNS", "SIGNS", "UNITS"]

UNITS = tuple(
    "km/h m/s km² m² cm² mm² m³ cm³ mm³ ㎡ ㎢ ㎥ ㎏ ㎞ ㎝ ㎜ ㎎ ㎖ ㎗ ℓ km cm mm μm µm nm m kg mg "
    "g mL ml L l kWh Wh kW MW mW W kV mV V mA A mAh kHz MHz GHz Hz KB MB GB TB kB Mbps Gbps kbps "
    "°C ℃ °F ℉ ° dB hPa kPa Pa kcal cal kJ J min ms s h ha t rpm fps px pt ppm bpm".split()
)
"""Behind a number, with or without a space; the longest that fits is meant."""

CURRENCY_SIGNS = tuple("$ € £ ¥ ￥ ₩ ￦ ₽ ₹ ฿ HK$ US$ NT$ A$ C$ S$ R$".split())
"""Before or behind a number; the longest that fits is meant."""

CURRENCY_CODES = tuple(
    "USD EUR GBP JPY CNY RMB HKD TWD KRW AUD CAD CHF SGD INR RUB THB MOP".split()
)
"""Before or behind a number, with or without a space."""

SIGNS = tuple("% ‰ + - − ± × ÷ * / = ≠ ≈ < > ≤ ≥ ~ ～ : ： № # & @ ^ √ π".split())
"""What has a reading between or beside numbers."""
