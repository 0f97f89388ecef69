"""Currencies and magnitudes that the English rules know."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CURRENCIES", "MAGNITUDES", "Currency"]


class Currency(NamedTuple):
    """How one, many, a hundredth and many hundredths are called; "" where there is none."""

    one: str
    many: str
    cent: str = ""
    cents: str = ""


def _dollar(country: str = "") -> Currency:
    name = f"{country} dollar".strip()
    return Currency(name, f"{name}s", "cent", "cents")


_POUND = Currency("pound", "pounds", "penny", "pence")

CURRENCIES: dict[str, Currency] = {
    **dict.fromkeys(("$", "US$", "USD"), _dollar()),
    **dict.fromkeys(("C$", "CA$", "CAD"), _dollar("Canadian")),
    **dict.fromkeys(("A$", "AU$", "AUD"), _dollar("Australian")),
    **dict.fromkeys(("NZ$", "NZD"), _dollar("New Zealand")),
    **dict.fromkeys(("HK$", "HKD"), _dollar("Hong Kong")),
    **dict.fromkeys(("S$", "SGD"), _dollar("Singapore")),
    **dict.fromkeys(("R$", "BRL"), Currency("real", "reais", "centavo", "centavos")),
    **dict.fromkeys(("£", "GBP"), _POUND),
    **dict.fromkeys(("€", "EUR"), Currency("euro", "euros", "cent", "cents")),
    **dict.fromkeys(("¥", "JPY"), Currency("yen", "yen")),
    **dict.fromkeys(("CNY", "RMB"), Currency("yuan", "yuan")),
    **dict.fromkeys(("₹", "INR"), Currency("rupee", "rupees", "paisa", "paise")),
    **dict.fromkeys(("₩", "KRW"), Currency("won", "won")),
    **dict.fromkeys(("₽", "RUB"), Currency("ruble", "rubles", "kopeck", "kopecks")),
    **dict.fromkeys(("₺", "TRY"), Currency("lira", "lira")),
    **dict.fromkeys(("₱", "PHP"), Currency("peso", "pesos", "centavo", "centavos")),
    **dict.fromkeys(("₪", "ILS"), Currency("shekel", "shekels")),
    **dict.fromkeys(("₫", "VND"), Currency("dong", "dong")),
    "MXN": Currency("peso", "pesos", "centavo", "centavos"),
    "PLN": Currency("zloty", "zlotys"),
    **dict.fromkeys(("SEK", "NOK", "DKK"), Currency("krone", "kroner")),
    "CHF": Currency("franc", "francs", "centime", "centimes"),
    "₿": Currency("bitcoin", "bitcoins"),
}
"""By sign or code."""

MAGNITUDES = {
    "thousand": "thousand",
    "million": "million",
    "billion": "billion",
    "trillion": "trillion",
    "K": "thousand",
    "k": "thousand",
    "M": "million",
    "m": "million",
    "mn": "million",
    "mln": "million",
    "bn": "billion",
    "b": "billion",
    "B": "billion",
    "tn": "trillion",
    "T": "trillion",
}
"""What follows an amount of money: "$3.5M"."""
