from __future__ import annotations

import pytest

from voxgate.text.chinese.comparison import sounds, written

_READ = """
银行的行长在人行道上行走.|yin2 hang2 de5 hang2 zhang3 zai4 ren2 xing2 dao4 shang4 xing2 zou3
他慢慢地走过来,高兴得跳了起来.|ta1 man4 man4 de5 zou3 guo4 lai5 gao1 xing4 de5 tiao4 le5 qi3 lai5
他着急地找着钥匙.|ta1 zhao2 ji2 de5 zhao3 zhe5 yao4 shi5
孩子们都睡着了.|hai2 zi5 men5 dou1 shui4 zhao2 le5
你为什么不给我打电话?|ni3 wei4 shen2 me5 bu4 gei2 wo3 da3 dian4 hua4
他为人民服务了一辈子.|ta1 wei4 ren2 min2 fu2 wu4 le5 yi2 bei5 zi5
他还没还我的书呢.|ta1 hai2 mei2 huan2 wo3 de5 shu1 ne5
朝阳升起来了.|zhao1 yang2 sheng1 qi3 lai5 le5
西藏的藏族同胞.|xi1 zang4 de5 zang4 zu2 tong2 bao1
他不得不去医院.|ta1 bu4 de2 bu4 qu4 yi1 yuan4
我得走了.|wo3 dei3 zou3 le5
他得了第一名.|ta1 de2 le5 di4 yi1 ming2
对不起,我来晚了.|dui4 bu5 qi3 wo3 lai2 wan3 le5
弹钢琴的人中了子弹.|tan2 gang1 qin2 de5 ren2 zhong4 le5 zi3 dan4
教授教我们数学.|jiao4 shou4 jiao1 wo3 men5 shu4 xue2
有空来坐.|you3 kong4 lai2 zuo4
他背着书包背课文.|ta1 bei1 zhe5 shu1 bao1 bei4 ke4 wen2
赶紧干活吧.|gan2 jin3 gan4 huo2 ba5
效率很高.|xiao4 lv4 hen3 gao1
第五行.|di4 wu3 hang2
三比一战胜.|san1 bi3 yi1 zhan4 sheng4
一加一等于二.|yi1 jia1 yi1 deng3 yu2 er4
一月一号.|yi2 yue4 yi1 hao4
好学的好学生.|hao4 xue2 de5 hao3 xue2 sheng5
夺得冠军.|duo2 de2 guan4 jun1
她的頭髮很長.|ta1 de5 tou2 fa5 hen3 chang2
""".replace("一月一号.|yi2 yue4", "一月一号.|yi1 yue4")


@pytest.mark.parametrize("line", _READ.strip().splitlines())
def test_sounds_are_syllables_with_tones(line: str) -> None:
    text, syllables = line.split("|")
    assert " ".join(sounds(text)) == syllables


def test_homophones_sound_the_same() -> None:
    assert sounds("他在公园.") == sounds("她在公园!") == sounds("他在公園")


def test_inline_readings_sound_as_they_say() -> None:
    assert sounds("去{GPT|ji1 pi4 ti4}公司") == ("qu4", "ji1", "pi4", "ti4", "gong1", "si1")
    assert written("去{GPT|ji1 pi4 ti4}公司,") == tuple("去GPT公司")


def test_written_characters_are_simplified_without_marks() -> None:
    assert written("頭髮,很長.") == tuple("头发很长")
