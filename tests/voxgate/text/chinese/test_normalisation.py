from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.chinese.normalisation import normalise

_SENTENCES = r"""
宫保鸡丁38元一份，米饭2元一碗。|宫保鸡丁三十八元一份,米饭两元一碗.
满300减50，第2件半价！|满三百减五十,第二件半价!
地址：建国路88号院3号楼2单元1502室。|地址,建国路八十八号院三号楼二单元幺五零二室.
中国队以3:1战胜韩国队。|中国队以三比一战胜韩国队.
2024年7月26日19:30，第33届奥运会开幕。|二零二四年七月二十六日十九点半,第三十三届奥运会开幕.
营业时间：周一至周五9:00-21:30。|营业时间,周一至周五九点至二十一点半.
客服热线400-123-4567，24小时服务。|客服热线四零零,幺二三,四五六七,二十四小时服务.
原价¥299，打8折后只要239.2元。|原价二百九十九元,打八折后只要二百三十九点二元.
我买了3斤苹果、2斤梨。|我买了三斤苹果,两斤梨.
昨天气温在-3℃~5℃之间，风力3-4级。|昨天气温在零下三摄氏度到五摄氏度之间,风力三到四级.
他1米8，体重75公斤。|他一米八,体重七十五公斤.
今年是建国75周年。|今年是建国七十五周年.
现在是下午2点15分。|现在是下午两点十五分.
公司成立于1998年，至今已有26年历史。|公司成立于一九九八年,至今已有二十六年历史.
请输入6位验证码。|请输入六位验证码.
我住在12楼1203房间。|我住在十二楼幺二零三房间.
他跑了100米，用了9.58秒。|他跑了一百米,用了九点五八秒.
全书共500页，分为上下2册。|全书共五百页,分为上下两册.
号码是13900001111。|号码是幺三九零零零零幺幺幺幺.
1+1=2，2×3=6，10÷2=5。|一加一等于二,二乘三等于六,十除以二等于五.
我家有3室2厅。|我家有三室两厅.
小明今年8岁，上2年级。|小明今年八岁,上二年级.
总分是100分，他考了98.5分。|总分是一百分,他考了九十八点五分.
20世纪90年代末|二十世纪九十年代末
50%的人同意，1/3的人反对。|百分之五十的人同意,三分之一的人反对.
增加了2倍，达到20000人。|增加了两倍,达到两万人.
飞机于23:59起飞，0:05降落。|飞机于二十三点五十九分起飞,零点零五分降落.
距离地球3.8×10^5公里。|距离地球三点八乘十的五次方公里.
2024-2025赛季|二零二四到二零二五赛季
下载速度约10MB/s。|下载速度约十兆字节每秒.
海拔8848.86米。|海拔八千八百四十八点八六米.
他說：「你好！」|他說,你好!
1月1日-3日放假|一月一日到三日放假
图1-2所示|图一到二所示
（1）准备材料|一,准备材料
房号：302|房号,三零二
1/4决赛|四分之一决赛
客人点了3菜1汤。|客人点了三菜一汤.
《三体》（刘慈欣著）|三体刘慈欣著
“真的？”“真的！！”|真的?真的!
第Ⅱ卷|第二卷
½杯水|二分之一杯水
二〇二四年|二零二四年
１２点３０分|十二点三十分
北京-上海|北京上海
你好😀👍🏻吗|你好吗
人々|人人
第一行\n第二行|第一行.第二行
😀|
……|
"""


@pytest.mark.parametrize("line", _SENTENCES.strip().splitlines())
def test_writes_what_is_spoken(line: str) -> None:
    written, spoken = line.split("|")
    assert normalise(written.replace("\\n", "\n")) == spoken
    assert normalise(spoken) == spoken


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("用iPhone打", r"'iPhone' at character 2 is no Chinese.*speak English too"),
        ("你好안녕", r"'안' \(U\+C548 HANGUL SYLLABLE AN\) at character 3 has no reading"),
        ("你\x07好", r"U\+0007 a control character.*at character 2"),
        ("\u202e你好", r"RIGHT-TO-LEFT OVERRIDE\) at character 1"),
        ("你\ue123好", r"private-use character U\+E123 at character 2"),
        ("ひらがな", r"HIRAGANA LETTER HI\) at character 1"),
        ("𠮷野家", r"U\+20BB7\) at character 1 has no reading in the dictionary.*lexicon.zh.tsv"),
        ("共" + "1" * 1001, r"has 1,001 digits"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, fault: str) -> None:
    with pytest.raises(TextError, match=fault):
        normalise(text)
