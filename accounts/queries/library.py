"""What the platform offers to programs: forms of messages, and trades. Both are fixed lists.

Their words go to programs and their followers as they stand, so each form is there in Chinese
and in English.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A template as the library has it. `trades` are numbers of INDUSTRIES: the main, the second."""

    short_id: str
    title: str
    content: str
    example: str
    trades: tuple[int, int] = (1, 31)


_IT, _MONEY, _TRAVEL, _ROAD = "IT科技", "金融业", "酒店旅游", "运输与仓储"
_LEARN, _PUBLIC, _CARE, _CARS = "教育", "政府与公共事业", "医药护理", "交通工具"
_HOUSES, _GOODS, _TRADE, _FUN = "房地产", "消费品", "商业服务", "文体娱乐"
# number → (first class, second class)
INDUSTRIES: dict[int, tuple[str, str]] = {
    1: (_IT, "互联网/电子商务"),
    2: (_IT, "IT软件与服务"),
    3: (_IT, "IT硬件与设备"),
    4: (_IT, "电子技术"),
    5: (_IT, "通信与运营商"),
    6: (_IT, "网络游戏"),
    7: (_MONEY, "银行"),
    8: (_MONEY, "基金|理财|信托"),
    9: (_MONEY, "保险"),
    10: ("餐饮", "餐饮"),
    11: (_TRAVEL, "酒店"),
    12: (_TRAVEL, "旅游"),
    13: (_ROAD, "快递"),
    14: (_ROAD, "物流"),
    15: (_ROAD, "仓储"),
    16: (_LEARN, "培训"),
    17: (_LEARN, "院校"),
    18: (_PUBLIC, "学术科研"),
    19: (_PUBLIC, "交警"),
    20: (_PUBLIC, "博物馆"),
    21: (_PUBLIC, "公共事业|非盈利机构"),
    22: (_CARE, "医药医疗"),
    23: (_CARE, "护理美容"),
    24: (_CARE, "保健与卫生"),
    25: (_CARS, "汽车相关"),
    26: (_CARS, "摩托车相关"),
    27: (_CARS, "火车相关"),
    28: (_CARS, "飞机相关"),
    29: (_HOUSES, "建筑"),
    30: (_HOUSES, "物业"),
    31: (_GOODS, "消费品"),
    32: (_TRADE, "法律"),
    33: (_TRADE, "会展"),
    34: (_TRADE, "中介服务"),
    35: (_TRADE, "认证"),
    36: (_TRADE, "审计"),
    37: (_FUN, "传媒"),
    38: (_FUN, "体育"),
    39: (_FUN, "娱乐休闲"),
    40: ("印刷", "印刷"),
    41: ("其它", "其它"),
}
OTHER_INDUSTRY = 41


def _form(short_id: str, title: str, labels: str, example: str, trades: tuple[int, int]) -> Form:
    """Labels and examples are separated by "|"; the first and last line of a form are free."""
    names, values = labels.split("|"), example.split("|")
    colon = ": " if title.isascii() else "："
    rows = [f"{name}{colon}{{{{keyword{i}.DATA}}}}" for i, name in enumerate(names, start=1)]
    said = [f"{name}{colon}{value}" for name, value in zip(names, values[1:-1], strict=True)]
    return Form(
        short_id,
        title,
        "\n".join(["{{first.DATA}}", *rows, "{{remark.DATA}}"]),
        "\n".join([values[0], *said, values[-1]]),
        trades,
    )


_SHOP, _FOOD, _CLINIC, _PARCEL = (1, 31), (10, 31), (22, 24), (13, 1)
_FORMS = [
    _form(
        "TM00015",
        "订单支付成功",
        "支付金额|商品信息",
        "我们已收到您的货款|39.8元|微信影城影票|感谢光临",
        _SHOP,
    ),
    _form(
        "TM00016",
        "订单提交成功",
        "订单号|待付金额",
        "订单已提交|2026112900001|68元|请在30分钟内付款",
        _SHOP,
    ),
    _form(
        "TM00017",
        "订单状态更新",
        "订单号|订单状态",
        "您的订单有新进展|2026112900001|已发货|点击查看详情",
        _SHOP,
    ),
    _form(
        "TM00004",
        "退款通知",
        "退款原因|退款金额",
        "退款已受理|商品缺货|39.8元|款项将原路退回",
        _SHOP,
    ),
    _form(
        "TM00303",
        "商品已发出通知",
        "快递公司|快递单号",
        "包裹已发出|顺丰|SF1234567890|请留意签收",
        _PARCEL,
    ),
    _form(
        "TM00351",
        "预约成功通知",
        "预约项目|预约时间|地点",
        "预约成功|牙科检查|11月30日 10:00|三楼302|请提前十分钟到达",
        _CLINIC,
    ),
    _form(
        "TM00377",
        "排队到号通知",
        "桌号|人数",
        "轮到您了|A12|4人|请到前台入座",
        _FOOD,
    ),
    _form(
        "TM10015",
        "Payment received",
        "Amount|For",
        "We have received your payment|39.80|Two cinema tickets|Thank you",
        _SHOP,
    ),
    _form(
        "TM10016",
        "Order placed",
        "Order|To pay",
        "Your order is in|2026112900001|68.00|Please pay within 30 minutes",
        _SHOP,
    ),
    _form(
        "TM10017",
        "Order update",
        "Order|Status",
        "There is news about your order|2026112900001|On its way|Open for details",
        _SHOP,
    ),
    _form(
        "TM10004",
        "Refund",
        "Reason|Amount",
        "Your refund is on its way|Out of stock|39.80|It goes back to where it came from",
        _SHOP,
    ),
    _form(
        "TM10303",
        "Parcel on its way",
        "Carrier|Parcel",
        "Your parcel has left|City Post|CP1234567890|Please be at home",
        _PARCEL,
    ),
    _form(
        "TM10351",
        "Appointment booked",
        "For|When|Where",
        "See you soon|Dental check|30 November, 10:00|Room 302|Please come ten minutes early",
        _CLINIC,
    ),
    _form(
        "TM10377",
        "Your table is ready",
        "Table|Guests",
        "Your turn|A12|4|Please come to the counter",
        _FOOD,
    ),
]
LIBRARY: dict[str, Form] = {form.short_id: form for form in _FORMS}


def industry(number: int) -> dict[str, str]:
    """A trade as programs read it."""
    first, second = INDUSTRIES.get(number, INDUSTRIES[OTHER_INDUSTRY])
    return {"first_class": first, "second_class": second}
