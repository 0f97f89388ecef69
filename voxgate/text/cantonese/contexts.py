"""Own rules for frequent characters with two readings, where the dictionary alone takes one.

The dictionary of ToJyutping knows words; what depends on the sentence it cannot know: 會 is wui5
before what will happen and wui2 as a meeting, 覺 is gaau3 however far it stands from 瞓. The rules
were checked against the Hong Kong Cantonese Corpus (K. K. Luke, CC BY 4.0), docs/text.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["reading_in_context"]

_SIGHT = 8
"""Characters on either side that a rule sees: keeps the work linear."""

_END = r"(?=$|[,.!?…\- 呀啊喎㗎𡃉啦喇囉嘅嗎咩呢添啩㖭噃囖嘞])"
"""The clause ends here, or only particles follow."""

_VERBS_OF_ACHIEVING = "聽見搵做收諗估攞執影感捉用試抽考學賺贏搶借租訂遇撞寫"

_RULES = (
    # reading, what stands before, character, what stands behind
    ("wui5", "", "會", "頭[痛暈]|計(?!師|劃|算|[一-鿿]?系)|唔會"),
    ("wui5", "[唔都你我佢哋先就]", "會", "[話場談面]"),
    (
        "wui2",
        "燒烤|基金|世博|博覽|運動|奧運|亞運|研討|分享|招聘|展銷|交流|簡報|歡送|迎新|家長|校友|業主"
        "|股東|學生|居民|演唱|歌友|發[布佈]|展覽|拍賣|同樂|慈善|賽馬|生日|聖誕",
        "會",
        "",
    ),
    ("gaau3", "瞓[^,.!?…]{0,5}|[晏午懶]|好好瞓一", "覺", "(?![得悟醒])"),
    ("gaau3", "一", "覺", "[瞓醒]"),
    ("zoeng2", "組|[科處]", "長", ""),
    ("zoeng2", "", "長", "[高大]咗|出"),
    (
        "zung6",
        "(?<![好太幾最更越超咁夠唔])",
        "重",
        "[未冇唔想會喺敢識諗衰慘貴平靚勁差記]|可以|好(?![多重,.!?…])|值錢|多啲|去|話|咪|嚟|出|專",
    ),
    ("zeng3", "[好幾最咁夠勁超鬼]|真係|味道|都", "正", f"{_END}|到爆|啲"),
    ("seng4", "", "成", "[點條間班身晚朝隻枱箱座棟層支樽包盒堆版程路世生部架](?![^,.!?…]?人員)"),
    (
        "seng4",
        "(?<![搞變做分形組完達造換譯煮當寫整砌改製養合切賠贊現老長促集落結])",
        "成",
        "[百千萬十幾兩三四五六七八九]|個(?!人咗)|條|屋|地|街",
    ),
    ("seng1", "[一把幾兩句嗰咗應講]", "聲", "(?![音明調譽稱討色望援線優量])"),
    ("hing1", "減", "輕", ""),
    ("ding2", "", "頂", "樓"),
    (
        "cing2",
        "",
        "請",
        "[問勿稍按示願教求]|注意|小心|出示|輸入|保持|留意|多多|各位|盡快|耐心|緊握",
    ),
    ("zeng1", "[好咁鬼太幾]", "精", f"{_END}|[過仔]"),
    ("soeng2", "[張幅輯啲影曬晒換合]", "相", f"{_END}|[都係就好影先,片簿機架集]"),
    ("soeng2", "", "相", "[片簿機舖鋪集]"),
    (
        "haa5",
        "[睇試諗聽等玩學問講搞傾行瞓幫搵查郁轉食飲打影望量摸唱跳買煮整做抖唞計數驗揀剪屈揩想嘗估讀]"
        "|休息|考慮|留意|介紹|研究|了解|解釋|檢討|溝通|練習|檢查|準備|感受|享受|參考|適應",
        "下",
        "(?![基面邊降載跌次個午晝車樓游屬場江馬冊])",
    ),
    (
        "co5",
        "(?<![靜打乘就連])",
        "坐",
        "(?![標落視禪擁鎮享井])",
    ),
    ("kan5", "[好幾咁太得更超唔離走行]", "近", f"{_END}|[過啲住]|我屋企"),
    ("kan5", "", "近", "[啲住]"),
    ("taam5", "[好太幾咁]|味道|偏|食得", "淡", f"{_END}|[咗過啲]"),
    ("si3", "大|領|天|出", "使", "[館者命]|$"),
    ("sai2", "", "使", "[^,.!?…]{0,3}錢|晒|咩|乜|鬼"),
    ("sai2", "[好唔咪未]", "使", f"{_END}|[用]"),
    ("zyun3", "[調兜倒擰打掉恨]|兜個|再|個", "轉", ""),
    (
        "zyun3",
        "",
        "轉",
        "[左右咗乘搭彎錢機場]|做|巴士|地鐵|港鐵|輕鐵|小巴|的士|火車|過[嚟去]|校|季|冷|涼|晴",
    ),
    ("zyun6", "自|外|別", "傳", "(?![媒送播統說授染遞真])"),
    ("gaang1", "[夜早當返換輪通三五]", "更", "(?![好多加大高新改換快換衣])"),
    ("gaau3", "", "校", "鬧|時間|咗|返|啱|準|正|錶|大聲|細聲|較|慢|快|埋"),
    (
        "dong3",
        "",
        "當",
        "(?:咗)?(?:[佢你我]哋?|自己|人|嗰個)(?:係|做|冇|無|透明|朋友|傻)|冇(?:事|嘢|件)|係|冇發生",
    ),
    ("sou2", "", "數", "[一下吓住咗到完返錢]|清楚"),
    ("sou2", "數一", "數", ""),
    ("sou2", "", "數", "數(?!學|據|字|目|量)"),
    ("saan3", "分|解|失|擴|發|疏|驅", "散", ""),
    ("pou3", "[間地吉租開]", "鋪", "(?![路排地床設面頭])|頭"),
    ("jyu6", "參", "與", ""),
    ("zyun1", "", "鑽", "[入出過落窿研空]"),
    ("dok6", "", "度", "身(?:訂|定|裁|形|$)"),
    ("leoi5", "", "累", "[積計]"),
    ("joeng2", "[個副套咩]|乜嘢", "樣", "(?![嘢板本])"),
    ("wai2", "[一二兩三四五六七八九十幾各呢嗰每首]", "位", "(?![置於元數])"),
    ("wai2", "[有冇搵霸留攞讓夠滿訂]", "位", f"{_END}|[坐]"),
    (
        "neoi2",
        "個|仔同|生咗",
        "女",
        f"{_END}|[好喺去返讀話仲已今啱就結嫁做有冇唔識鍾]|係(?![仔女性])",
    ),
    ("jyu2", "[條食養釣捉劏蒸煎啲睇缸]|游水", "魚", f"{_END}|[都好食,同就係]"),
    ("pin2", "[睇拍剪出條段套]", "片", "(?![刻面段場])"),
    ("zang1", "姓|阿", "曾", ""),
    ("zang1", "", "曾", "先生|小姐|太|生|醫生|老師|校長|經理|家|氏|蔭|國|志|慶"),
    (
        "zoek3",
        "",
        "着",
        "得[^,.!?…]{0,2}(?:靚|好睇|多|少|暖|薄)|[褸鞋襪裙褲衫]|校服|西裝|外套|羽絨|拖鞋",
    ),
    ("zoek6", "[燈火爐機車]", "着", "咗|$"),
    ("faan1", "(?<![往重遣復])", "返", "(?![回航還程璞港京老])"),
    ("dou2", f"[{_VERBS_OF_ACHIEVING}]|[睇食買升]唔", "到", "(?![底處期達時頂呢而家依])"),
    ("dou2", f"[{_VERBS_OF_ACHIEVING}]唔|[睇買食]", "到", f"{_END}|[佢你我啲嘢一兩三]"),
    ("gam2", "", "咁", f"{_END}|[就先嘅樣我你佢即]|如果|點[樣算解]|不如|其實|呢個"),
    ("fan6", "緣|情", "分", ""),
    ("zung3", "[實必]", "中", ""),
    ("zung3", "", "中", "六合彩|頭獎"),
    ("hou2", "", "好", "奇怪|客氣|學(?:校|生)|動(?:聽|感|人)|大聲"),
    ("daai6", "幾", "大", "(?!就|都要|個數)"),
    ("zaang1", "", "爭", "好遠|少少|[一兩三四五六七八九十幾咁乜啲成]"),
    ("leng4", "[十百千萬]", "零", "[蚊日個歲人年磅度次本張種間]|分鐘"),
    ("leng4", "點", "零", "鐘"),
    ("loeng2", "[一二三四五六七八九十半幾]", "兩", f"{_END}|[重金肉]|叉燒|牛肉|豬肉|茶葉"),
    ("ni1", "", "呢", "[個隻張位間本部架件條支枝杯碗粒次日年期排陣邊場份種樣款座棟幅句段首套班對]"),
    ("dyun6", "", "斷", "[定言]"),
    ("maa3", "吖", "嗎", ""),
    ("cou5", "", "儲", "(?![存備蓄藏君值])"),
    ("sit6", "(?<![日月腐侵])", "蝕", ""),
    ("dou2", "[十百千萬零半][蚊張個歲人點年次尺日]", "度", _END),
    ("lek1", "", "叻", ""),
    ("gaa3", "[^呀]", "㗎", f"{_END}|[喎嘛]"),
    ("haa5", "[\u3400-\u9fff](?<![吓啊呀])", "吓", "(?![話吓])"),
    ("lei5", "哪", "裏", ""),
    ("lei5", "哪", "裡", ""),
    ("lok3", "(?<!咯)", "咯", _END),
    ("lai4", "", "來", "[㗎𡃉架]"),
    ("sai1", "芫", "茜", ""),
)


@dataclass(frozen=True)
class _Rule:
    reading: str
    before: re.Pattern[str]
    behind: re.Pattern[str]


def reading_in_context(text: str, place: int) -> str | None:
    """Return the reading of the character at `place` if a rule knows it there, or None."""
    for rule in _rules().get(text[place], ()):
        before = text[max(0, place - _SIGHT) : place]
        behind = text[place + 1 : place + 1 + _SIGHT]
        if rule.before.search(before) and rule.behind.match(behind):
            return rule.reading
    return None


@cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    rules: dict[str, tuple[_Rule, ...]] = {}
    for reading, before, character, behind in _RULES:
        rule = _Rule(reading, re.compile(f"(?:{before})$"), re.compile(f"(?:{behind})"))
        rules[character] = (*rules.get(character, ()), rule)
    return rules
