"""Any other table, by a mapping of its columns: the owner's answer, or a guess from the headings' words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from loyalty.intake.header import normal
from loyalty.intake.sources.base import Columns, Source, less, lower_keys, times
from loyalty.words.message import N_

#: Words of headings, most telling first, as `normal` leaves them; a heading is matched whole, then by its parts.
ORDER_WORDS: Mapping[str, tuple[str, ...]] = {
    "order_id": (
        "orderid", "orderno", "ordernumber", "invoiceno", "invoice", "invoicenumber", "invoiceid", "receiptno", "receiptid",
        "receiptnumber", "transactionid", "basketid", "order", "receipt", "bestellnummer", "订单编号", "订单号", "主订单编号",
        "单号", "流水号", "小票号", "交易号",
    ),
    "email": ("email", "emailaddress", "customeremail", "buyeremail", "mail", "邮箱", "电子邮箱", "电子邮件"),
    "phone": ("phone", "phonenumber", "mobile", "mobilephone", "telephone", "tel", "手机号", "手机", "电话", "联系电话", "联系手机", "买家手机号", "会员手机号"),
    "customer_id": (
        "customerid", "customerno", "customernumber", "custid", "clientid", "memberid", "buyerid", "userid", "customer",
        "client", "member", "buyer", "user", "kundennummer", "kunde", "客户编号", "客户id", "顾客编号", "顾客id", "会员号",
        "会员编号", "会员卡号", "会员id", "买家id", "用户id", "买家会员名", "客户", "顾客", "会员", "买家", "用户",
    ),
    "name": ("customername", "buyername", "fullname", "clientname", "name", "姓名", "客户姓名", "顾客姓名", "收货人", "收货人姓名"),
    "ordered_at": (
        "orderdate", "invoicedate", "orderedat", "createdat", "purchasedate", "saledate", "transactiondate", "datetime", "date",
        "time", "timestamp", "datum", "bestelldatum", "下单时间", "订单时间", "订单创建时间", "成交时间", "付款时间", "购买时间",
        "销售时间", "交易时间", "日期", "下单日期", "订单日期", "销售日期", "购买日期", "时间",
    ),
    "status": ("status", "orderstatus", "state", "paymentstatus", "financialstatus", "订单状态", "状态", "交易状态", "支付状态"),
    "currency": ("currency", "currencycode", "币种", "货币"),
    "product_id": ("productid", "sku", "stockcode", "itemid", "productcode", "itemcode", "articleno", "artikelnummer", "商品编号", "商品编码", "商品id", "商家编码", "货号"),
    "product": (
        "product", "productname", "item", "itemname", "description", "itemdescription", "title", "article", "artikel", "produkt",
        "商品", "商品名称", "品名", "产品", "产品名称", "宝贝标题", "名称",
    ),
    "category": ("category", "productcategory", "department", "kategorie", "类别", "分类", "品类", "商品分类"),
    "quantity": ("quantity", "qty", "units", "count", "menge", "anzahl", "数量", "件数", "购买数量", "商品数量"),
    "unit_price": ("unitprice", "price", "itemprice", "einzelpreis", "preis", "单价", "价格", "商品单价", "售价"),
    "amount": ("amount", "lineamount", "linetotal", "netsales", "subtotal", "sales", "revenue", "betrag", "小计", "金额", "销售额", "成交金额"),
    "total": (
        "total", "ordertotal", "grandtotal", "totalprice", "totalamount", "dollarvalue", "gesamt", "summe", "gesamtbetrag",
        "实付金额", "实付", "订单金额", "总金额", "总价", "合计", "实收金额", "应付金额", "付款金额", "支付金额",
    ),
    "discount": ("discount", "discountamount", "rabatt", "优惠", "折扣", "优惠金额", "折扣金额"),
    "shipping": ("shipping", "shippingcost", "postage", "freight", "delivery", "versand", "versandkosten", "运费", "邮费", "配送费"),
    "tax": ("tax", "taxes", "vat", "salestax", "gst", "mwst", "税", "税额", "税费"),
    "refunded": ("refunded", "refund", "refundamount", "refundedamount", "amountrefunded", "退款", "退款金额", "已退款金额"),
    "coupon_code": ("couponcode", "coupon", "discountcode", "vouchercode", "优惠券", "优惠码", "券码"),
}  # fmt: skip
FEEDBACK_WORDS: Mapping[str, tuple[str, ...]] = {
    "score": ("score", "rating", "csat", "nps", "satisfaction", "stars", "grade", "评分", "分数", "满意度", "打分", "得分", "星级"),
    "email": ORDER_WORDS["email"],
    "customer_id": ORDER_WORDS["customer_id"],
    "ordered_at": ("answeredat", "submittedat", "surveydate", *ORDER_WORDS["ordered_at"], "填写时间", "提交时间", "评价时间"),
    "comment": ("comment", "text", "review", "feedback", "remark", "note", "answer", "评论", "评价", "留言", "备注", "意见", "反馈"),
}  # fmt: skip
_PAID = (
    "paid completed complete processing shipped delivered fulfilled closed success successful succeeded captured sold settled "
    "partially_refunded payment sale done 已付款 已支付 已完成 交易成功 交易完成 已发货 待发货 已收货 已签收 完成 成功 已成交"
)
_UNPAID = "unpaid pending open authorized draft on-hold awaiting 待付款 未付款 未支付 待支付 等待买家付款"
_CANCELLED = (
    "cancelled canceled voided void failed declined test expired 已取消 已关闭 交易关闭 取消 关闭 作废"
)
_REFUNDED = "refunded refund returned chargeback 已退款 退款 退款成功 已退货 退货"
STATUSES = lower_keys(
    {
        word: meaning
        for words, meaning in (
            (_PAID, "paid"),
            (_UNPAID, "unpaid"),
            (_CANCELLED, "cancelled"),
            (_REFUNDED, "refunded"),
        )
        for word in words.split()
    }
)
_PARTS = re.compile(r"[^\W\d_]+")


def guess(header: Sequence[str], words: Mapping[str, Sequence[str]] = ORDER_WORDS) -> dict[str, str]:
    """Field to column, by the words of headings: whole headings first, then headings that begin or end with a word.

    >>> guess(["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"])["order_id"]
    'InvoiceNo'
    """
    left = {column: normal(column) for column in header}
    found: dict[str, str] = {}
    for exact in (True, False):
        for name, alternatives in words.items():
            for word in alternatives if name not in found else ():
                hit = next((c for c, n in left.items() if (n == word if exact else _holds(n, word))), None)
                if hit is not None:
                    found[name] = hit
                    del left[hit]
                    break
    return found


def _holds(heading: str, word: str) -> bool:
    """Whether a heading begins or ends with a word of some length ("ordertotalusd", "customeremail")."""
    long_enough = len(word) >= (2 if not word.isascii() else 5)
    return long_enough and (heading.endswith(word) or heading.startswith(word))


def _finish(columns: Columns) -> Columns:
    """A line's amount from quantity and price where the file gives none; goods from the order's total where given."""
    if "amount" not in columns and "unit_price" in columns:
        columns["amount"] = times(columns, "quantity", "unit_price")
        columns["amount"] = less(columns, "amount", "line_discount")
    if "total" in columns and "goods" not in columns:
        columns["goods"] = less(columns, "total", "shipping", "tax")
    return columns


SOURCE = Source(
    name="generic",
    title=N_("Any other table"),
    signature=frozenset(),
    fields={},
    statuses=STATUSES,
    how_to_export=N_(
        "Any CSV or Excel file with a date, an amount and, if possible, an order number and a customer."
    ),
    whole=False,
    finish=_finish,
)
SURVEY = Source(
    name="survey",
    title=N_("A survey"),
    signature=frozenset(),
    fields={},
    statuses={},
    how_to_export=N_(
        "A CSV or Excel file with a date, a score, and an e-mail address or customer number; a comment if you like."
    ),
    kind="feedback",
    whole=False,
)
