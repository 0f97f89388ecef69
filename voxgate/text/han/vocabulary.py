"""Words that tell what a number beside them is, in both scripts."""

from __future__ import annotations

import re

__all__ = [
    "AMOUNT_AFTER",
    "AMOUNT_BEFORE",
    "CODE_AFTER",
    "CODE_BEFORE",
    "COUNTERS",
    "DURATION_AFTER",
    "DURATION_BEFORE",
    "PAIRED",
    "RANK_AFTER",
    "RATIO_NEAR",
    "YEAR_BEFORE",
    "alternatives",
]


def alternatives(words: str) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))


COUNTERS = """
个 個 箇 位 名 只 隻 条 條 张 張 本 件 把 台 臺 檯 辆 輛 架 艘 匹 头 頭 口 家 座 栋 棟 幢 间 間
所 套 双 雙 对 對 副 根 支 枝 颗 顆 粒 片 块 塊 朵 棵 株 杯 瓶 碗 盘 盤 盒 箱 包 袋 罐 桶 桌 份
封 首 篇 段 句 字 行 页 頁 章 节 節 集 部 册 冊 卷 幅 滴 串 群 批 伙 队 隊 组 組 列 堆 层 層 种
種 类 類 样 樣 项 項 次 回 遍 趟 场 場 轮 輪 顿 頓 声 聲 步 圈 天 年 周 週 星期 礼拜 禮拜 小时
小時 钟头 鐘頭 个月 個月 分 秒 刻钟 刻鐘 岁 歲 代 辈 輩 元 块钱 塊錢 角 毛 万 萬 亿 億 千 倍 成
人 米 公里 千米 厘米 毫米 里 尺 寸 公斤 千克 斤 克 吨 噸 升 毫升 公升 亩 畝 平米 平方米 平方公里
立方米 公顷 公頃 海里 英里 英尺 英寸 点 點 季 局 胜 勝 负 負 平 省 市 县 縣 校 院 票 门 門 扇 顶
頂 床 剂 劑 笔 筆 枚 束 道 股 具 尊 盏 盞 帖 贴 贴 团 團 餐 球 针 針 期 款 处 處 折 届 屆 美元
欧元 歐元 日元 英镑 英鎊 港元 港币 港幣 韩元 韓元 瓦 伏 千瓦 课 課 站 帧 幀 颗星 胞胎 勺 匙 尾
户 戶 桩 樁 宗 起 则 則
"""
"""What is counted: a number before them is a quantity, and a lone 2 is 两."""

PAIRED = """
大 连 連 国 國 党 黨 岸 方 侧 側 边 邊 端 室 厅 廳 卫 衛 厨 廚 面 手准备 手准備 地 者 旁 頭 头
耳 眼 脚 腳 腿 百
"""
"""A lone 2 is 两 before these, but longer numbers before them need not be quantities."""

RANK_AFTER = """
所示 月 号 號 日 楼 樓 班 路 线 線 级 級 等 环 環 中 版 单元 單元 排 食堂 年级 年級 战 戰 次元 次方
次函数 次函數 维 維 手 胎 孩 队长 隊長 奶 进制 進制 元论 元論 元方程 元一次 人转 人轉 人世界 氧
甲 分之 师兄 師兄 师弟 叔 姐 嫂 哥 弟 妹 伯 娘 把手 项式 項式 极管 極管 尖瓣 进位 次创作 次开发
次加工 次世界大战 次大战 次革命 重奏 重唱 年生 面角
"""
"""Nouns that a lone 2 is 二 before, though a counter may begin them: 二楼, 二手, 二元论."""

CODE_BEFORE = """
密码 密碼 验证码 驗證碼 号码 號碼 电话 電話 手机 手機 热线 熱線 座机 座機 传真 傳真 短号 拨打
撥打 拨 撥 致电 致電 分机 分機 转 房间 房間 房号 编号 編號 编码 編碼 邮编 郵編 邮政编码 学号
學號 工号 工號 车牌 車牌 航班 车次 車次 卡号 卡號 账号 帳號 賬號 尾号 尾號 单号 單號 订单号 代码
代碼 暗号 暗號 序号 序號 型号 型號 身份证 身份證 证号 番号 打电话给 热线电话 扣扣 微信 打 按
呼叫 频道 頻道 股票 口令 代号 代號 门牌 門牌 航班号 取件码 提货码 兑换码 邀请码 识别码 区号 區號
电话号码
"""
"""A number behind them is said digit by digit."""

CODE_AFTER = """
房 房间 房間 室 号房 號房 号室 國道 国道 省道 县道 路公交 路车 路公交车 路巴士 路車 路 号线 號線
次列车 次高铁 次航班 航班 次车 热线 熱線 号楼 号院 电话 電話 事件 高校 工程 中学 医院
"""
"""A number of three or four digits before them is said digit by digit."""

AMOUNT_BEFORE = """
共 计 計 约 約 达 達 达到 達到 超 超过 超過 近 有 逾 足 足足 大约 大約 等于 等於 得 得到 共计
总计 總計 总数 總數 数量 數量 合计 多达 高达 高達 仅 僅 只 不到 不足 将近 將近 接近 大概 至少
最多 最少 涨到 降到 增至 减至 升至 降至 突破 跌破 考了 卖 賣 花了 跑 卖到 上限 下限 值 为 為 加
减 減 乘 除以 除 于 於 比 到 至 负 負 正 零下 第 上 下 每 满 滿 各 几 数 分之 点 點 根号 根號
"""
"""A number behind them is a quantity even where no counter follows."""

AMOUNT_AFTER = """
多 余 餘 几 幾 来 來 以上 以下 以内 以內 之内 左右 上下 强 強 加 减 減 乘 除 等于 等於 约等于
大于 小于 比 比特 字节 分之 度 摄氏 攝氏 瓦 伏 千 万 萬 亿 億 兆 百 十 点 點 是 的 倍 毫 微 厘
平方 立方 马力 馬力 赫 卡 安 帕 焦 转 到 至 米
"""
"""A number before them is a quantity even where no counter follows."""

YEAR_BEFORE = "公元前 公元 西元前 西元 前 自 从 從 到 至 于 於 在 截至 早在 始于 生于 今年 去年"
"""What stands before a year that is written in four digits."""

DURATION_BEFORE = """
有 近 约 約 超过 超過 已 已有 长达 長達 历经 歷經 距今 存在 大约 大約 将近 將近 过了 過了 活了
历时 歷時 足足 整整 至少 上下
"""
"""A round number of years behind them is a length of time, no date."""

DURATION_AFTER = """
的历史 的歷史 历史 歷史 的文化 文化史 文明 之久 多 以前 之前 前的 前 间 間 的时间 的時間 沧桑
古都 古城
"""
"""A number of full thousands of years before them is a length of time."""

RATIO_NEAR = """
比分 战胜 戰勝 击败 擊敗 打败 打敗 获胜 獲勝 取胜 取勝 领先 領先 落后 落後 险胜 險勝 大胜 大勝
逆转 逆轉 战平 戰平 握手言和 淘汰 不敌 不敵 惜败 惜敗 横扫 橫掃 比例 比例尺 之比 赔率 賠率 打成
扳平 输给 輸給 赢了 贏了 完胜 完敗 完败 小胜 力克 告负 告負 胜出 主场 主場 客场 客場 半场 半場
决赛 決賽 绝杀 絕殺 追平 踢成 战成 胜过 先锋 逼平 配比 勾兑 稀释 兑水 按
"""
"""Numbers with : or - between them are a score or a ratio beside these, not a time or a range."""
