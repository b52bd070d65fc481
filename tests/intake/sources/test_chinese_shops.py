"""淘宝 of three generations, 有赞, 京东, 微店: shops whose buyers can be told apart where they are not masked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty.intake.sources.registry import recognise
from loyalty.shop.shop import Shop
from tests.intake.builders import TAOBAO, YOUZAN, bring, figures, lines, nets, save, text_of
from tests.intake.sources.builders import (
    CHINESE,
    CHINESE_NAMES,
    EXPECTED,
    REVENUE,
    SALES,
    Layout,
    Row,
    Sale,
    check_layout,
    flat,
    money,
)

_STORES = "新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包"
TAOBAO_54 = [*TAOBAO[: TAOBAO.index("退款金额")], *_STORES.split(",")]
TAOBAO_2020 = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "支付单号",
    "支付详情",
    "买家应付货款",
    "买家应付邮费",
    "买家支付积分",
    "总金额",
    "返点积分",
    "买家实际支付金额",
    "买家实际支付积分",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址",
    "运送方式",
    "联系电话",
    "联系手机",
    "订单创建时间",
    "订单付款时间",
    "宝贝标题",
    "宝贝种类",
    "物流单号",
    "物流公司",
    "订单备注",
    "宝贝总数量",
    "店铺Id",
    "店铺名称",
    "订单关闭原因",
    "卖家服务费",
    "买家服务费",
    "发票抬头",
    "是否手机订单",
    "分阶段订单信息",
    "特权订金订单id",
    "是否上传合同照片",
    "是否上传小票",
    "是否代付",
    "定金排名",
    "修改后的sku",
    "修改后的收货地址",
    "异常信息",
    "天猫卡券抵扣",
    "集分宝抵扣",
    "是否是O2O交易",
    "满返红包金额",
    "新零售交易类型",
    "新零售导购门店名称",
    "新零售导购门店id",
    "新零售发货门店名称",
    "新零售发货门店id",
    "退款金额",
    "预约门店",
    "确认收货时间",
    "打款商家金额",
    "含应开票给个人的个人红包",
    "是否信用购",
    "体验期结束时间",
    "前N有礼",
    "配送类型",
    "直播返现状态",
    "返现金额",
    "新零售成交门店昵称",
    "新零售成交门店id",
    "新零售成交经销商id",
    "主订单编号",
]
TAOBAO_ITEMS = [
    "订单编号",
    "标题",
    "价格",
    "购买数量",
    "外部系统编号",
    "规格名称",
    "套餐信息",
    "备注",
    "订单状态",
    "商家编码",
]
TAOBAO_SALES = [
    "子订单编号",
    "主订单编号",
    "商品标题",
    "商品属性",
    "商家编码",
    "购买数量",
    "买家应付货款",
    "skuId",
    "物流单号",
    "物流公司",
]
JD = [
    "订单号",
    "商品ID",
    "商品名称",
    "订购数量",
    "支付方式",
    "下单时间",
    "京东价",
    "订单金额",
    "结算金额",
    "余额支付",
    "应付金额",
    "订单状态",
    "订单类型",
    "下单帐号",
    "客户姓名",
    "客户地址",
    "联系电话",
    "订单备注",
    "发票类型",
    "发票抬头",
    "发票内容",
    "商家备注",
    "商家备注等级（等级1-5为由高到低）",
    "运费金额",
    "付款确认时间",
    "增值税发票",
    "货号",
    "订单完成时间",
    "订单来源",
    "订单渠道",
    "",
]
WEIDIAN = [
    "订单编号",
    "订单状态",
    "订单类型",
    "下单时间",
    "付款时间",
    "商品名称",
    "商品型号",
    "商品id",
    "商品编码",
    "购买数量",
    "商品价格",
    "商品积分",
    "发货状态",
    "退款状态",
    "退款金额",
    "客服指派退款",
    "商品原价",
    "运费退款",
    "收件人姓名",
    "收件人手机",
    "省",
    "市",
    "区",
    "收货详细地址",
    "订单描述",
    "买家留言",
    "下单模板信息",
    "备注",
    "分销商店铺ID",
    "分销商注册姓名",
    "分销商手机号",
    "分销店铺名称",
    "分销佣金",
    "下单账号",
    "是否已成团",
    "身份证号",
    "支付方式",
    "是否自提",
]
RENAMED = {
    "付款时间": "支付时间", "购买数量": "商品件数", "商品价格": "单品折扣后价格", "收件人姓名": "收件人/提货人姓名",
    "收件人手机": "收件人/提货人手机号", "商品id": "商品ID", "收货详细地址": "收货/提货详细地址",
}  # fmt: skip
WEIDIAN_2020 = [RENAMED.get(name, name) for name in WEIDIAN if name != "商品型号"]
CLOSED = "付款以后用户退款成功，交易自动关闭"


def names(sale: Sale) -> list[str]:
    """What was bought, in Chinese."""
    return [CHINESE_NAMES[name] for name, _, _ in sale.items]


def phone(sale: Sale) -> str:
    """A made-up number, masked where nobody is known."""
    return f"139000000{sale.who[1:]}" if sale.who else "139****0000"


def taobao(sale: Sale) -> dict[str, str]:
    """An order: its id behind a guard, its phone behind an apostrophe."""
    status = {"cancelled": "交易关闭", "unpaid": "等待买家付款", "refunded": CLOSED}.get(
        sale.fate, "交易成功"
    )
    return {
        "订单编号": f'="3515313147329{sale.number}"', "买家会员名": "t**0", "买家应付邮费": money(sale.shipping),
        "总金额": money(sale.total), "买家实际支付金额": money(sale.total), "订单状态": status, "联系手机": f"'{phone(sale)}",
        "订单创建时间": f"{sale.day} 00:42:32", "宝贝标题": "，".join(names(sale)), "宝贝种类": str(len(sale.items)),
        "宝贝总数量": str(sum(count for _, count, _ in sale.items)), "卖家服务费": "0元", "退款金额": money(sale.back),
    }  # fmt: skip


def older(sale: Sale) -> Row:
    """An order in the older files, whose headings end in spaces and whose buyers are not masked."""
    spaced = {name.strip(): name for name in TAOBAO}
    row = {spaced[name]: cell for name, cell in taobao(sale).items()}
    return {**row, "联系手机": "", "买家会员名": f"{sale.who}的店" if sale.who else "t**0"}


def taobao_items(sale: Sale) -> list[Row]:
    """宝贝报表: a row a product, without a date."""
    return [{
        "订单编号": f'="3515313147329{sale.number}"', "标题": CHINESE_NAMES[name], "价格": money(price), "购买数量": str(count),
        "订单状态": "交易成功",
    } for name, count, price in sale.items]  # fmt: skip


def youzan(sale: Sale) -> Row:
    """An order with all its products in one cell."""
    status = {"cancelled": "交易关闭", "unpaid": "待付款"}.get(sale.fate, "交易完成")
    return {
        "订单号": f"E20260525220543065{sale.number}", "订单状态": status, "订单创建时间": f"{sale.day} 10:01:00\t",
        "运费": money(sale.shipping), "订单实付金额": money(sale.total), "买家手机号": phone(sale),
        "全部商品名称": ",".join(f"{CHINESE_NAMES[name]}({count}件)" for name, count, _ in sale.items), "订单已退款金额": money(sale.back),
    }  # fmt: skip


def jd(sale: Sale) -> list[Row]:
    """A row a product, the order's amount on each; nothing tells of a part given back."""
    status = {"cancelled": "已取消", "unpaid": "等待付款", "refunded": "已退款"}.get(sale.fate, "完成")
    total = money(sale.total)
    return [{
        "订单号": f"31000000{sale.number}", "商品ID": f"1000{len(name)}", "商品名称": CHINESE_NAMES[name], "订购数量": str(count),
        "下单时间": f"{sale.day} 08:06:59", "京东价": f"{money(price)}（系统计算中，该值仅供参考）", "订单金额": "999.00",
        "应付金额": total if sale.number % 2 else f"{total}（系统计算中，该值仅供参考）", "订单状态": status,
        "下单帐号": sale.who and f"jd_{sale.who}", "联系电话": "1******6198", "运费金额": money(sale.shipping),
    } for name, count, price in sale.items]  # fmt: skip


def weidian(sale: Sale) -> list[dict[str, str]]:
    """A row a product with its own refund; the order's discount is in the price of the mugs (7.50 each)."""
    status = {"cancelled": "已关闭", "unpaid": "待付款"}.get(sale.fate, "已完成")
    return [{
        "订单编号": f"80000{sale.number}", "订单状态": status, "下单时间": f"{sale.day} 11:00:00", "商品名称": CHINESE_NAMES[name],
        "商品型号": "标准" if name != "Gift Box" else "", "购买数量": str(count), "商品价格": money(price - sale.discount / 2 if place == 0 else price),
        "退款状态": "退款成功" if sale.back else "", "退款金额": money(sale.back) if sale.fate == "part" else "",
        "收件人手机": "139****0000", "下单账号": sale.who and f"wd_{sale.who}",
    } for place, (name, count, price) in enumerate(sale.items)]  # fmt: skip


def weidian_2020(sale: Sale) -> list[Row]:
    """The newer headings: the variant is part of the name."""
    rows_read: list[Row] = []
    for row in weidian(sale):
        named = f"{row['商品名称']}({row['商品型号']})" if row["商品型号"] else row["商品名称"]
        rows_read.append(
            {RENAMED.get(k, k): v for k, v in {**row, "商品名称": named}.items() if k != "商品型号"}
        )
    return rows_read


PART_WHOLE = (*EXPECTED[:2], REVENUE + 2 * 12, *EXPECTED[3:])
LAYOUTS = {
    "taobao-2017": Layout("taobao", TAOBAO, [older(sale) for sale in SALES], "联系电话 "),
    "taobao-2019": Layout("taobao", TAOBAO_54, [older(sale) for sale in SALES], "确认收货时间"),
    "taobao-2020": Layout("taobao", TAOBAO_2020, [taobao(sale) for sale in SALES], "支付详情"),
    "youzan": Layout("youzan", [*YOUZAN, ""], [youzan(sale) for sale in SALES], "店铺优惠合计"),
    "jd": Layout("jd", JD, flat(map(jd, SALES)), "结算金额", PART_WHOLE),
    "weidian": Layout("weidian", WEIDIAN, flat(map(weidian, SALES)), "商品积分"),
    "weidian-2020": Layout("weidian", WEIDIAN_2020, flat(map(weidian_2020, SALES)), "分销佣金"),
}


@pytest.mark.parametrize("variant", CHINESE)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


@pytest.mark.parametrize(("name", "order_id", "products"), [
    ("taobao-2020", "35153131473291021", [("茉莉花茶", None, None), ("蓝色马克杯，大号", None, None)]),
    ("jd", "310000001021", [("蓝色马克杯，大号", 2.0, 16.0), ("茉莉花茶", 1.0, 10.0)]),
    ("weidian", "800001021", [("蓝色马克杯，大号(标准)", 2.0, 15.0), ("茉莉花茶(标准)", 1.0, 10.0)]),
    ("weidian-2020", "800001021", [("蓝色马克杯，大号(标准)", 2.0, 15.0), ("茉莉花茶(标准)", 1.0, 10.0)]),
])  # fmt: skip
def test_products(
    name: str, order_id: str, products: list[tuple[str, float, float]], tmp_path: Path, shop: Shop
) -> None:
    bring(shop, save(tmp_path, "export.csv", LAYOUTS[name].text()))
    if (
        name == "taobao-2020"
    ):  # a title with a full-width comma of its own: three parts where two products are named
        assert lines(shop, order_id) == [("蓝色马克杯，大号，茉莉花茶", 3.0, None)]
    else:
        assert lines(shop, order_id) == products


@pytest.mark.parametrize(("make", "header", "column"), [
    (lambda sale: [taobao(sale)], TAOBAO_2020, "订单编号"),
    (jd, JD, "订单号"),
    (weidian, WEIDIAN, "订单编号"),
])  # fmt: skip
def test_numbers_that_a_spreadsheet_rounded_merge_no_orders(
    make: Callable[[Sale], list[Row]], header: list[str], column: str, tmp_path: Path, shop: Shop
) -> None:
    rows = [{**make(sale)[0], column: "3.51531E+16"} for sale in SALES[:2]]
    record = bring(shop, save(tmp_path, "export.csv", text_of(header, [*rows, make(SALES[2])[0]])))
    assert (record.accepted, record.rejected) == (1, 2)
    assert figures(shop)[2] == 10.0


def test_the_order_amount_replaces_a_missing_payable_one(tmp_path: Path, shop: Shop) -> None:
    """应付金额 left out: 订单金额 stands for it, less the postage of 4.00."""
    header = [name for name in JD if name != "应付金额"]
    rows = [{k: v for k, v in row.items() if k != "应付金额"} for row in jd(SALES[20])]
    bring(shop, save(tmp_path, "export.csv", text_of(header, rows)))
    assert nets(shop) == {"310000001021": 999.0 - 4.0}


def test_item_reports_are_recognised_by_their_headings(tmp_path: Path, shop: Shop) -> None:
    for header, name in ((TAOBAO_ITEMS, "taobao-items"), (TAOBAO_SALES, "taobao-sales")):
        source = recognise(header)
        assert source is not None
        assert (source.name, source.completes) == (name, True)
    dated = [{**row, "订单创建时间": f"{sale.day} 00:42:32"} for sale in SALES for row in taobao_items(sale)]
    bring(shop, save(tmp_path, "items.csv", text_of([*TAOBAO_ITEMS, "订单创建时间"], dated)))
    assert nets(shop)["35153131473291021"] == 2 * 8 + 10
    assert lines(shop, "35153131473291021") == [("蓝色马克杯，大号", 2.0, 16.0), ("茉莉花茶", 1.0, 10.0)]


def test_the_item_report_completes_imported_orders(shop: Shop, tmp_path: Path) -> None:
    bring(shop, save(tmp_path, "orders.csv", text_of(TAOBAO, [older(sale) for sale in SALES])))
    before = figures(shop)
    items = [{**row, "订单状态": taobao(sale)["订单状态"]} for sale in SALES for row in taobao_items(sale)]
    stray = {**items[0], "订单编号": '="99999999999999999"'}
    record = bring(shop, save(tmp_path, "items.csv", text_of(TAOBAO_ITEMS, [*items, stray])))
    assert (record.accepted, record.rejected) == (len(items), 1)
    assert figures(shop) == before
    lines = shop.database.cursor().execute(
        "SELECT count(*), count(amount) FROM order_lines JOIN orders USING (channel, order_id)"
    )
    assert lines.fetchall() == [(len(items), len(items))]
