"""How Japanese texts are spoken: own sentences with what they become."""

from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.japanese.front_end import JapaneseFrontEnd, open_japanese
from voxgate.text.symbols import symbol_table
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, SIGNS, UNITS

SPOKEN = (
    # menus and prices
    ("ランチは￥1,200(税込)です。", "ランチは1200円（税込）です."),
    ("コーヒーは¥450から。", "コーヒーは450円から."),
    ("$3.50は約525円。", "3ドル50セントは約525円."),
    ("20€と£5", "20ユーロと5ポンド"),
    ("US$1.5億を調達", "1点5億ドルを調達"),
    ("300円〜500円", "300円から500円"),
    ("$10〜$20", "10ドルから20ドル"),
    ("25%オフ、30〜40%引き", "25パーセントオフ,30から40パーセント引き"),
    ("5個入り×3箱", "5個入りかける3箱"),
    # dates and times
    ("2024年5月1日(水)に開催。", "2024年5月1日（水曜日）に開催."),
    ("2024/12/31まで", "2024年12月31日まで"),
    ("2024.5.1", "2024年5月1日"),
    ("2024-05-01", "2024年5月1日"),
    ("12/25はクリスマス", "12月25日はクリスマス"),
    ("締切は5/10(金)必着", "締切は5月10日（金曜日）必着"),
    ("会議は9:05〜10:30です。", "会議は9時5分から10時30分です."),
    ("営業は10:00～20:00", "営業は10時から20時"),
    ("6:00:30にセット", "6時0分30秒にセット"),
    ("15:00〜", "15時から"),
    ("8:30a.m.", "午前8時30分"),
    ("5分05秒", "5分5秒"),
    # numbers
    ("1,234,567人", "123万4567人"),
    ("円周率は3.14159", "円周率は3点イチヨンイチゴーキュー"),
    ("0.5秒", "零点5秒"),
    ("-5℃、最高32.5℃", "マイナス5度,最高32点5度"),
    ("確率は1/2", "確率は2分の1"),
    ("2と3/4カップ", "2と4分の3カップ"),
    ("3〜5人、3-5日", "3から5人,3から5日"),
    ("10±0.5mm", "10プラスマイナス零点5ミリメートル"),
    ("バージョン3.11.2", "バージョン3点11点2"),
    ("暗証番号は0427です", "暗証番号はゼロヨンニーナナです"),
    # scores and ratios
    ("日本が3-2で勝った。", "日本が3対2で勝った."),
    ("比率は16:9", "比率は16対9"),
    ("21:19で勝利", "21対19で勝利"),
    ("スコアは3:2", "スコアは3対2"),
    # telephones and addresses
    ("電話は03-1234-5678です。", "電話はゼロサン,イチニーサンヨン,ゴーロクナナハチです."),
    ("携帯090-1234-5678", "携帯ゼロキューゼロ,イチニーサンヨン,ゴーロクナナハチ"),
    ("渋谷区神南1-2-3", "渋谷区神南1の2の3"),
    ("本町5-12", "本町5の12"),
    ("〒100-0001", "郵便番号イチゼロゼロ,ゼロゼロゼロイチ"),
    # arithmetic
    ("3×4=12", "3かける4は12"),
    ("10÷2=5", "10わる2は5"),
    ("5+3=8、9-4=5", "5たす3は8,9ひく4は5"),
    ("10²=100", "10の2乗は100"),
    ("√2は約1.41", "ルート2は約1点41"),
    # units
    ("5kmを25分で", "5キロメートルを25分で"),
    ("3.5GHz、16GB", "3点5ギガヘルツ,16ギガバイト"),
    ("60km/hで走る", "時速60キロメートルで走る"),
    ("時速60km/h", "時速60キロメートル"),
    ("30m²、20㎡", "30平方メートル,20平方メートル"),
    ("86°F", "華氏86度"),
    # letters
    ("Tシャツを着る", "ティーシャツを着る"),
    ("NHKとIoT", "エヌエイチケーとアイオーティー"),
    ("A4サイズ", "エー4サイズ"),
    ("3Dプリンター", "スリーディープリンター"),
    ("O157", "オーイチゴーナナ"),
    ("R&B", "アールアンドビー"),
    # series of numbers
    ("二、三人で4、5本", " ニ 3人で シ 5本".strip()),
    ("二、三日", "ニサン日"),
    # marks
    ("えっ！？本当ですか…", "えっ!?本当ですか…"),
    ("「すごい！！」と言った。。。", "「すごい!!」と言った…"),
    ("そうですね〜、（たぶん）", "そうですね〜,（たぶん）"),
    ("一行目\n二行目", "一行目.二行目"),
    ("東京〜大阪", "東京から大阪"),
    ("ジョン・スミス", "ジョン・スミス"),
    ("#タグと#1", "ハッシュタグタグとナンバー1"),
    ("○月○日", "マルガツマルニチ"),
    ("○日時\n二〇〇人", "日時.二〇〇人"),
    ("A→B", "エーからビー"),
    ("", ""),
    ("！？…", ""),
    ("\U0001f600", ""),
)


@pytest.fixture(scope="module")
def japanese() -> JapaneseFrontEnd:
    return open_japanese(symbol_table("v2"), lexicon=None)


@pytest.mark.parametrize(("written", "spoken"), SPOKEN)
def test_texts_are_written_as_they_are_spoken(
    written: str, spoken: str, japanese: JapaneseFrontEnd
) -> None:
    assert japanese.normalise(written) == spoken
    assert japanese.normalise(spoken) == spoken


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_a_reading(unit: str, japanese: JapaneseFrontEnd) -> None:
    for text in (f"5{unit}", f"長さは3.5 {unit}です。"):
        spoken = japanese.normalise(text)
        assert not any(c.isascii() and c.isalpha() for c in spoken)
        assert spoken not in ("5", "長さは3点5です.")


@pytest.mark.parametrize("currency", [*CURRENCY_SIGNS, *CURRENCY_CODES])
def test_every_currency_has_a_reading(currency: str, japanese: JapaneseFrontEnd) -> None:
    before, behind = japanese.normalise(f"{currency}20"), japanese.normalise(f"20{currency}")
    assert before == behind == japanese.normalise(f"20 {currency}")
    assert before.startswith("20")
    assert len(before) > len("20")


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_has_a_reading(sign: str, japanese: JapaneseFrontEnd) -> None:
    for text in (f"3{sign}4", f"値は{sign}5です", f"{sign}5"):
        assert japanese.read(text).words


def test_a_latin_word_is_named_with_its_place(japanese: JapaneseFrontEnd) -> None:
    with pytest.raises(TextError, match=r"'Python' at character 4 is no Japanese word.*katakana"):
        japanese.normalise("これはPythonです")


def test_a_number_without_end_is_refused(japanese: JapaneseFrontEnd) -> None:
    assert japanese.normalise("1" * 1000)
    with pytest.raises(TextError, match=r"at character 3 has more than 1000 digits"):
        japanese.normalise("値は" + "1" * 1001)


@pytest.mark.parametrize("unit", ["あ", "1-", "3〜", '"', "「あ」", "1,", "、", "A4", "$1"])
def test_work_grows_with_the_length_only(unit: str, japanese: JapaneseFrontEnd) -> None:
    assert isinstance(japanese.normalise(unit * (5_000 // len(unit))), str)
