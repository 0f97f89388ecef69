import pytest

from voxgate.errors import TextError
from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.grammar import speak
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, SIGNS, UNITS

_SAID = """
120km/h 一百二十千米每小时
3-5天 三到五天
2-3次 两到三次
2~3km 两到三千米
5kg-10kg 五千克到十千克
3%-5% 百分之三到百分之五
3-5% 百分之三到五
-5~3℃ 零下五到三摄氏度
-5℃~3℃ 零下五摄氏度到三摄氏度
$5-10 五到十美元
2-3楼 二到三楼
1-2月 一到二月
3月5-8日 三月五到八日
2020-2024年 二零二零到二零二四年
8:30-12:00营业 八点半至十二点营业
比分是3:2 比分是三比二
以98:95获胜 以九十八比九十五获胜
3-2战胜 三比二战胜
比例尺1:50000 比例尺一比五万
100%的努力 百分之百的努力
-3% 负百分之三
US$20 二十美元
¥1,200 一千二百元
100万USD 一百万美元
$1.5亿 一点五亿美元
20€ 二十欧元
30元/人 三十元每人
15年 十五年
1998年出生 一九九八年出生
98年毕业 九八年毕业
08年奥运会 零八年奥运会
2000年的历史 两千年的历史
公元208年 公元二零八年
90后 九零后
1990年代 一九九零年代
20世纪80年代 二十世纪八十年代
2008奥运会 二零零八奥运会
2024/5/1 二零二四年五月一日
+86 138-1234-5678 加八六,幺三八,幺二三四,五六七八
400-800-1234 四零零,八零零,幺二三四
021-12345678转123 零二幺,幺二三四五六七八转幺二三
1502室 幺五零二室
307路公交 三零七路公交
985高校 九八五高校
500强 五百强
192.168.1.1 一九二点一六八点一点一
²+ 平方加
10^6 十的六次方
5-3=2 五减三等于二
1/2+1/3=5/6 二分之一加三分之一等于六分之五
1 1/2杯 一又二分之一杯
№5 五号
5#楼 五号楼
~5km 约五千米
2个 两个
22个 二十二个
2万 两万
200 二百
2000000 二百万
100050000 一亿零五万
1000000000000 一万亿
2手 二手
2室1厅 两室一厅
2点30分 两点三十分
6:00:30 六点零分三十秒
3万5千 三万五千
007 零零七
共1024。 共一千零二十四。
123，不许动 幺二三，不许动
1832在 幺八三二在
365天 三百六十五天
Δt 德尔塔t
5Ω 五欧姆
"""


@pytest.mark.parametrize("line", _SAID.strip().splitlines())
def test_speaks(line: str) -> None:
    written, said = line.rsplit(" ", 1)
    assert speak(written, MANDARIN) == said


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_read(unit: str) -> None:
    for written in (f"3{unit}", f"高2.5 {unit}。", f"3-5{unit}"):
        said = speak(written, MANDARIN)
        assert not any(c.isascii() and c.isalnum() for c in said), said
        assert unit not in said


@pytest.mark.parametrize("currency", [*CURRENCY_SIGNS, *CURRENCY_CODES])
def test_every_currency_is_read(currency: str) -> None:
    for written in (f"{currency}30", f"{currency} 3.5万", f"30{currency}"):
        said = speak(written, MANDARIN)
        assert not any(c.isascii() and c.isalnum() for c in said), said
        assert currency not in said


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_is_read_between_numbers_or_beside_one(sign: str) -> None:
    said = speak(f"3{sign}5", MANDARIN) if sign not in "%‰№#√π" else speak(f"{sign}5", MANDARIN)
    assert sign not in said, said
    assert len(said) >= 2


def test_a_number_of_more_than_a_thousand_digits_is_refused() -> None:
    with pytest.raises(TextError, match="character 3 has 1,001 digits"):
        speak("共有" + "1" * 1001, MANDARIN)


def test_long_texts_take_linear_time() -> None:
    assert len(speak("数" * 50_000, MANDARIN)) == 50_000
    assert speak("1-" * 20_000, MANDARIN)
