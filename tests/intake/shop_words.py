"""Forty short files of everyday shop rows in each of four scripts: products, people and remarks that differ."""

from __future__ import annotations

CHINESE_GOODS = [
    "茉莉花茶",
    "蓝色马克杯",
    "手工香皂",
    "羊毛围巾",
    "纯棉毛巾",
    "有机红枣",
    "云南普洱",
    "竹编果篮",
    "儿童绘本",
    "蜂蜜柚子茶",
    "真丝眼罩",
    "陶瓷花瓶",
    "原味坚果",
    "玫瑰精油",
    "帆布手提袋",
    "不锈钢保温杯",
    "多肉植物",
    "编织地垫",
    "牛皮钱包",
    "桂花酒酿",
    "龙井春茶",
    "檀木梳子",
    "亚麻桌布",
    "核桃酥",
]
CHINESE_NAMES = [
    "王小明",
    "李芳",
    "张伟强",
    "刘洋",
    "陈静怡",
    "杨磊",
    "赵敏",
    "黄晓燕",
    "周杰",
    "吴婷婷",
    "徐丽",
    "孙浩然",
    "马超",
    "朱琳",
    "胡蝶",
    "郭涛",
    "何欢",
    "林志玲",
    "罗敏",
    "高峰",
]
CHINESE_NOTES = (
    "请尽快发货",
    "送礼用，麻烦包装好一点",
    "已付款，等待发货",
    "老顾客，下次再来",
    "颜色要浅一些的",
    "周末送到",
    "谢谢老板",
)
CHINESE_HEADS = (
    "订单编号,买家,商品名称,金额,备注",
    "Order ID,Customer,Product,Total,Note",
    "单号,顾客,品名,实付金额,备注",
)

TRADITIONAL_GOODS = [
    "茉莉花茶",
    "藍色馬克杯",
    "手工香皂",
    "羊毛圍巾",
    "純棉毛巾",
    "有機紅棗",
    "雲南普洱",
    "竹編果籃",
    "兒童繪本",
    "蜂蜜柚子茶",
    "真絲眼罩",
    "陶瓷花瓶",
    "原味堅果",
    "玫瑰精油",
    "帆布手提袋",
    "不鏽鋼保溫杯",
    "多肉植物",
    "編織地墊",
    "牛皮錢包",
    "鳳梨酥",
    "烏龍茶",
    "檀木梳子",
    "亞麻桌布",
    "核桃酥",
]
TRADITIONAL_NAMES = [
    "王小明",
    "李芳",
    "張偉強",
    "劉洋",
    "陳靜怡",
    "楊磊",
    "趙敏",
    "黃曉燕",
    "周傑",
    "吳婷婷",
    "徐麗",
    "孫浩然",
    "馬超",
    "朱琳",
    "胡蝶",
    "郭濤",
    "何歡",
    "林志玲",
    "羅敏",
    "高峰",
]
TRADITIONAL_NOTES = (
    "請盡快出貨",
    "送禮用，麻煩包裝好一點",
    "已付款，等待出貨",
    "老顧客，下次再來",
    "顏色要淺一些的",
    "週末送到",
    "謝謝老闆",
)
TRADITIONAL_HEADS = (
    "訂單編號,買家,商品名稱,金額,備註",
    "Order ID,Customer,Product,Total,Note",
    "單號,顧客,品名,實付金額,備註",
)

JAPANESE_GOODS = [
    "煎茶",
    "マグカップ",
    "手作り石けん",
    "ウールのマフラー",
    "今治タオル",
    "有機りんごジュース",
    "ほうじ茶",
    "竹かご",
    "絵本",
    "ゆず茶",
    "シルクのアイマスク",
    "花瓶",
    "ミックスナッツ",
    "ローズオイル",
    "トートバッグ",
    "水筒",
    "多肉植物",
    "玄関マット",
    "革の財布",
    "抹茶クッキー",
    "玉露",
    "つげの櫛",
    "テーブルクロス",
    "どら焼き",
]
JAPANESE_NAMES = [
    "佐藤花子",
    "鈴木一郎",
    "高橋美咲",
    "田中健太",
    "伊藤さくら",
    "渡辺翔",
    "山本陽子",
    "中村大輔",
    "小林恵",
    "加藤直樹",
    "吉田愛",
    "山田太郎",
    "松本葵",
    "井上誠",
]
JAPANESE_NOTES = (
    "早めの発送をお願いします",
    "ギフト用です",
    "また来ます",
    "色は薄めで",
    "週末に届けてください",
    "ありがとうございます",
)
JAPANESE_HEADS = (
    "注文番号,顧客,商品名,金額,備考",
    "Order ID,Customer,Product,Total,Note",
    "番号,お客様,品名,合計,メモ",
)

WESTERN_GOODS = [
    "Crème brûlée",
    "Käsekuchen",
    "Café au lait",
    "Piña colada mix",
    "Müsli Früchte",
    "Jalapeño sauce",
    "Pão de queijo",
    "Röstkaffee",
    "Smörgås plate",
    "Gâteau au chocolat",
    "Jabón de lavanda",
    "Weißwurst",
    "Açaí bowl",
    "Kötbullar",
    "Entrée légère",
    "Mug “Ciao”",
    "Señorita scarf",
    "Bügeleisen",
]
WESTERN_NAMES = [
    "Jürgen Groß",
    "Zoë Martin",
    "François Lefèvre",
    "José Muñoz",
    "Søren Ødegård",
    "Åsa Lindström",
    "Renée Dubois",
    "Inés Peña",
    "João Gonçalves",
    "Björn Jönsson",
    "Chloé Bernard",
    "Ümit Özkan",
    "Anaïs Guérin",
    "Núria Solà",
    "Mário Simões",
    "Heinz Weiß",
]
WESTERN_NOTES = (
    "à livrer vite",
    "für Oma",
    "¿Puede ser el sábado?",
    "merci – à bientôt",
    "50 € Gutschein",
    "très bon",
    "20 °C lagern",
)
WESTERN_HEADS = (
    "Bestellnr,Kunde,Artikel,Betrag,Bemerkung (für uns)",
    "Order ID,Customer,Product,Total,Note",
    "Numéro,Client,Produit,Total,Remarque",
)

SCRIPTS = {
    "gb18030": (CHINESE_HEADS, CHINESE_NAMES, CHINESE_GOODS, CHINESE_NOTES),
    "big5": (TRADITIONAL_HEADS, TRADITIONAL_NAMES, TRADITIONAL_GOODS, TRADITIONAL_NOTES),
    "shift_jis": (JAPANESE_HEADS, JAPANESE_NAMES, JAPANESE_GOODS, JAPANESE_NOTES),
    "cp1252": (WESTERN_HEADS, WESTERN_NAMES, WESTERN_GOODS, WESTERN_NOTES),
}


def file_text(script: str, number: int) -> str:
    """The text of file `number` of a script: 1 to 8 rows, every third with headings in English, some without remarks."""
    heads, names, goods, notes = SCRIPTS[script]
    rows = [heads[number % len(heads)]]
    for place in range(1 + number % 8):
        turn = number * 7 + place * 3
        note = notes[turn % len(notes)] if number % 4 else ""
        who = names[turn % len(names)] if number % 5 else f"Customer {turn}"
        rows.append(f"{1000 + turn},{who},{goods[(turn + number) % len(goods)]},{turn % 90 + 0.5:.2f},{note}")
    return "\r\n".join(rows) + "\r\n"
