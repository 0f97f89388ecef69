"""What Mandarin says numbers, dates, money, units and signs with."""

from __future__ import annotations

from voxgate.text.han.wording import Wording

__all__ = ["MANDARIN"]

_UNITS = """
km/h 千米每小时|m/s 米每秒|km² 平方千米|m² 平方米|cm² 平方厘米|mm² 平方毫米|m³ 立方米
cm³ 立方厘米|mm³ 立方毫米|㎡ 平方米|㎢ 平方千米|㎥ 立方米|㎏ 千克|㎞ 千米|㎝ 厘米|㎜ 毫米|㎎ 毫克
㎖ 毫升|㎗ 分升|ℓ 升|km 千米|cm 厘米|mm 毫米|μm 微米|µm 微米|nm 纳米|m 米|kg 千克|mg 毫克|g 克
mL 毫升|ml 毫升|L 升|l 升|kWh 千瓦时|Wh 瓦时|kW 千瓦|MW 兆瓦|mW 毫瓦|W 瓦|kV 千伏|mV 毫伏|V 伏
mAh 毫安时|mA 毫安|A 安|kHz 千赫兹|MHz 兆赫兹|GHz 吉赫兹|Hz 赫兹|KB 千字节|MB 兆字节|GB 吉字节
TB 太字节|kB 千字节|Mbps 兆比特每秒|Gbps 吉比特每秒|kbps 千比特每秒|°C 摄氏度|℃ 摄氏度|°F 华氏度
℉ 华氏度|° 度|dB 分贝|hPa 百帕|kPa 千帕|Pa 帕|kcal 千卡|cal 卡|kJ 千焦|J 焦|min 分钟|ms 毫秒|s 秒
h 小时|ha 公顷|t 吨|rpm 转每分|fps 帧每秒|px 像素|pt 磅|ppm {}个百万分之一|bpm 次每分|Ω 欧姆
kΩ 千欧|MΩ 兆欧
"""
_CURRENCIES = """
$ 美元|€ 欧元|£ 英镑|¥ 元|￥ 元|₩ 韩元|￦ 韩元|₽ 卢布|₹ 卢比|฿ 泰铢|HK$ 港元|US$ 美元|NT$ 新台币
A$ 澳元|C$ 加元|S$ 新加坡元|R$ 雷亚尔|USD 美元|EUR 欧元|GBP 英镑|JPY 日元|CNY 元|RMB 元|HKD 港元
TWD 新台币|KRW 韩元|AUD 澳元|CAD 加元|CHF 瑞士法郎|SGD 新加坡元|INR 卢比|RUB 卢布|THB 泰铢
MOP 澳门元
"""
_SIGNS = """
% 百分号|‰ 千分号|+ 加|- 减|− 减|± 正负|× 乘|÷ 除以|* 星号|= 等于|≠ 不等于|≈ 约等于|< 小于|> 大于
≤ 小于等于|≥ 大于等于|№ 号|# 井号|& 和|@ 艾特|^ 的次方|√ 根号|π 派|∞ 无穷大|∑ 求和|∫ 积分|∈ 属于
∩ 交|∪ 并|∴ 所以|∵ 因为|→ 到|§ 第|° 度|△ 三角形|⊥ 垂直于|∠ 角|∂ 偏|∆ 德尔塔
"""


def _table(lines: str) -> dict[str, str]:
    entries = (entry.split() for entry in lines.replace("\n", "|").split("|") if entry.strip())
    return {written: said for written, said in entries}  # noqa: C416 says what is what


MANDARIN = Wording(
    one_in_codes="幺",
    two="两",
    two_before="千万亿",
    ten_thousand="万",
    hundred_million="亿",
    point="点",
    minus="负",
    below_zero="零下",
    to="到",
    to_clock="至",
    parts="分之",
    and_parts="又",
    percent="百分之{}",
    permille="千分之{}",
    hundred_percent="百分之百",
    ratio="比",
    per="每",
    about="约",
    number_sign="号",
    year="年",
    month="月",
    day="日",
    hour="点",
    half="半",
    minute="分",
    second="秒",
    signs=_table(_SIGNS),
    power="的{}次方",
    square="平方",
    cube="立方",
    squared="的平方",
    cubed="的立方",
    units=_table(_UNITS),
    currencies=_table(_CURRENCIES),
    greek=(
        "阿尔法 贝塔 伽马 德尔塔 艾普西隆 泽塔 伊塔 西塔 约塔 卡帕 兰姆达 缪 纽 克西 "
        "欧米克隆 派 柔 西格马 陶 宇普西隆 斐 希 普西 欧米伽"
    ),
    plus_sign_of_phone="加",
)
