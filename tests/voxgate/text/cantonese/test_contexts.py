from __future__ import annotations

import pytest

from voxgate.text.cantonese.context_rules import RULES
from voxgate.text.cantonese.contexts import reading_in_context

_SAID = """
會 wui5: 都會試 今晚會打畀你 會考慮下 我會計數 就會頭痛 奶茶會唔會太甜
會 wui2: 燒烤會 奧運會 慈善基金會
覺 gaau3: 我瞓咗覺 瞓唔到覺 瞓咗成日覺 瞓個晏覺 一覺瞓到天光
長 zoeng2: 佢長得好靚 小朋友長高咗 佢係組長
重 zung6: 佢重情義 佢重未食飯 佢重唔走 今年重貴
正 zeng3: 碗麵好正 呢間真係正呀 味道正
成 seng4: 成身汗 成晚冇瞓 用咗成千蚊 成條街都係人
聲 seng1: 嘟嘟聲 嗌咗一聲 佢把聲好靚
輕 hing1: 減輕痛楚 年紀輕輕
請 cing2: 請小心月台空隙 請問幾點 請按二字
相 soeng2: 影咗啲相 影咗張相 相簿喺邊
下 haa5: 試下 你諗下啦 休息下先
坐 co5: 坐船去長洲 佢坐喺度
近 kan5: 離屋企好近 行近啲
淡 taam5: 碗湯好淡
使 si3: 美國大使
使 sai2: 佢成日亂使錢 呢個幾好使
轉 zyun3: 轉咗工 轉乘地鐵 前面轉左
傳 zyun6: 水滸傳 佢寫咗本自傳
更 gaang1: 今晚返夜更
校 gaau3: 音量校得太大 校鬧鐘
當 dong3: 佢當我係傻 當佢係朋友
數 sou2: 數下有幾多人 數錢
散 saan3: 人群分散咗
鋪 pou3: 樓下開咗間鋪
與 jyu6: 歡迎參與
鑽 zyun1: 隻貓鑽入去
度 dok6: 度身訂造
累 leoi5: 累積經驗
樣 joeng2: 你個樣好得意
位 wai2: 夠位擺 嗰兩位客人 仲有位呀
女 neoi2: 佢個女讀中學
魚 jyu2: 蒸條魚 我養魚
片 pin2: 喺度睇片
曾 zang1: 曾先生 佢姓曾
着 zoek3: 着得好靚 出街着褸 第一次着 唔好着咁少
着 zoek6: 盞燈着咗
返 faan1: 返香港 幾點返 搵返條匙
到 dou2: 聽到 搵唔到 做到嘢 睇唔到
咁 gam2: 咁就好啦 唔好咁 咁你呢
分 fan6: 我同佢有緣分 佔三分一
中 zung3: 猜中答案 今次實中 中六合彩
好 hou2: 好奇怪 好動聽
大 daai6: 幾大個
爭 zaang1: 爭少少
零 leng4: 三千零蚊 六點零鐘
兩 loeng2: 斬半斤八兩叉燒
呢 ni1: 呢封信 呢位先生 呢個人
斷 dyun6: 唔敢斷定
嗎 maa3: 係吖嗎
儲 cou5: 儲錢買樓
蝕 sit6: 做生意蝕咗
度 dou2: 五百蚊度
來 lai4: 係我來㗎
咯 lok3: 係咯
叻 lek1: 佢好叻㗎
㗎 gaa3: 佢好叻㗎
吓 haa5: 睇吓先
裏 lei5: 去哪裏
裡 lei5: 去哪裡
上 soeng5: 上體育堂 成日都上唔到網
頭 tau4: 大頭蝦
哂 saai3: 靜哂
呻 san3: 成日呻攰
長 coeng4: 排長龍
話 waa6: 佢都會話唔得 話時話
間 gaan1: 一間中學 霎時間
啦 laa1: 無啦啦
冷 laang5: 打冷震
人 jan4: 男人婆
仔 zai2: 人仔細細
拮 gat1: 畀針拮親
雀 zoek2: 打麻雀 打咗陣麻雀
偈 gai2: 傾偈 傾咗陣偈
冇 mou5: 好冇意思
嬲 nau1: 佢不嬲都係噉
假 gaa3: 放緊假 請咗三日假
碟 dip2: 買隻碟
幾 gei2: 四十幾度
訂 deng6: 訂咗位 訂枱
咪 mai1: 隻咪壞咗
頂 deng2: 太平山頂
試 si3: 都會試機
種 zung3: 喺大嶼山種桃 種咗棵樹
房 fong2: 呢間房冇窗
樓 lau2: 呢棟樓好舊
隊 deoi2: 排緊隊
好 hou3: 佢好賭
強 koeng5: 唔好強迫佢
石 daam3: 三石米
任 jam4: 姓任 任小姐
單 sin6: 佢姓單
區 au1: 我姓區 區先生
查 zaa1: 佢姓查 查小姐
仇 kau4: 佢姓仇
翟 zaak6: 佢姓翟 翟太
茜 sai1: 落啲芫茜
頂 ding2: 住喺頂樓
精 zeng1: 佢好精
"""
_UNSAID = """
會: 社會 開會 會議室 佢會嚟
覺: 我覺得 瞓醒覺得好攰
重: 好重 太重好難搬 嚴重 體重
正: 正常 改正 正式開工
成: 完成 搞成咁 成功 分成兩份 三成
聲: 聲音 一聲明
下: 樓下 放下 下次 打下基礎 地下
坐: 靜坐
近: 附近 最近好忙
轉: 轉變 轉移
當: 當時佢係學生 應當
數: 數學 計數
女: 個女仔 個女人
魚: 魚蛋 金魚
返: 往返 返回
到: 到咗 遲到 由八點到十點 到底 攰到死 fix到
咁: 咁多 咁貴
零: 一千零三蚊
位: 位置 三位數
呢: 你呢 係呢
㗎: 好㗎嘛
訂: 預訂酒店 簽訂合約
爭: 競爭咁大
間: 第一時間
來: 將來㗎
着: 睡着 着火 瞓着咗
強: 堅強
區: 社區生活
任: 責任
種: 呢種茶 一種花
校: 學校
中: 現實中 中學
吓: 吓話 吓你講咩
好: 好奇心 好學
"""


def _rows(table: str) -> list[tuple[str, str]]:
    return [
        (head, text)
        for line in table.strip().splitlines()
        for head, _, texts in [line.partition(":")]
        for text in texts.split()
    ]


@pytest.mark.parametrize(("head", "text"), _rows(_SAID))
def test_the_context_decides(head: str, text: str) -> None:
    character, reading = head.split()
    assert reading_in_context(text, text.index(character)) == reading


@pytest.mark.parametrize(("character", "text"), _rows(_UNSAID))
def test_other_contexts_are_left_to_the_dictionary(character: str, text: str) -> None:
    assert reading_in_context(text, text.index(character)) is None


def test_every_rule_is_seen_at_work() -> None:
    seen = {head for head, _ in _rows(_SAID)}
    assert {f"{character} {reading}" for reading, _, character, _ in RULES} <= seen
