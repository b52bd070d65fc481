"""Words that headings use for the fields of each kind of file: English, Chinese, and some German, Spanish or French.

Most specific first, in the form of `loyalty.intake.tables.header.normalise_heading`; a heading is matched whole, then by its ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from loyalty.intake.tables.header import normalise_heading

Words = Mapping[str, tuple[str, ...]]
ORDER_WORDS: Words = {
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
    "product_id": ("productid", "sku", "stockcode", "itemid", "productcode", "productnumber", "itemcode", "articleno", "artikelnummer", "商品编号", "商品编码", "商品id", "商家编码", "货号"),
    "product": (
        "product", "productname", "item", "itemname", "description", "itemdescription", "title", "article", "artikel", "produkt",
        "商品", "商品名称", "品名", "产品", "产品名称", "宝贝标题", "名称",
    ),
    "category": ("category", "productcategory", "department", "kategorie", "类别", "分类", "品类", "类目", "商品分类"),
    "quantity": ("quantity", "qty", "units", "count", "menge", "anzahl", "数量", "件数", "购买数量", "商品数量"),
    "unit_price": ("unitprice", "price", "itemprice", "einzelpreis", "preis", "单价", "价格", "商品单价", "售价"),
    "amount": ("amount", "lineamount", "linetotal", "netsales", "subtotal", "sales", "revenue", "betrag", "小计", "金额", "销售额", "成交金额"),
    "total": (
        "total", "ordertotal", "grandtotal", "totalprice", "totalamount", "dollarvalue", "gesamt", "summe", "gesamtbetrag",
        "实付金额", "实付", "订单金额", "总金额", "总价", "合计", "实收金额", "应付金额", "付款金额", "支付金额",
    ),
    "line_discount": ("linediscount", "discountoftherow", "本行优惠"),
    "goods": ("goodstotal", "货款合计"),
    "discount": ("discount", "discountamount", "rabatt", "优惠", "折扣", "优惠金额", "折扣金额"),
    "shipping": ("shipping", "shippingcost", "postage", "freight", "delivery", "versand", "versandkosten", "运费", "邮费", "配送费"),
    "tax": ("tax", "taxes", "vat", "salestax", "gst", "mwst", "税", "税额", "税费"),
    "refunded": ("refunded", "refund", "refundamount", "refundedamount", "amountrefunded", "退款", "退款金额", "已退款金额"),
    "coupon_code": ("couponcode", "coupon", "discountcode", "vouchercode", "优惠券", "优惠码", "券码"),
}  # fmt: skip
_CONTACT: Words = {name: ORDER_WORDS[name] for name in ("email", "phone", "customer_id")}
_DATES = ORDER_WORDS["ordered_at"]
_PRODUCT = (
    "product", "productname", "producttitle", "productid", "productsku", "producthandle", "item", "itemname", "sku", "artikel",
    "produkt", "商品", "商品名称", "产品", "产品名称", "宝贝标题", "宝贝", "商品编号", "商品id",
)  # fmt: skip
CUSTOMER_WORDS: Words = {
    **_CONTACT,
    "name": (*ORDER_WORDS["name"], "firstname", "givenname", "vorname", "昵称", "客户昵称", "客户名称", "会员姓名"),
    "last_name": ("lastname", "surname", "familyname", "nachname", "姓氏"),
    "birthday": ("birthday", "birthdate", "dateofbirth", "birth", "dob", "bday", "geburtstag", "geburtsdatum", "生日", "出生日期", "客户生日", "会员生日", "出生年月日"),
    "consent_email": (
        "agreestoemail", "acceptsemailmarketing", "acceptsmarketing", "emailmarketingconsent", "emailmarketing", "emailconsent",
        "emailoptin", "emailsubscriptionstatus", "emailsubscribed", "newsletter", "marketingconsent", "optin", "subscribed",
        "consent", "einwilligung", "同意邮件", "邮件订阅", "接收邮件", "邮件营销", "同意接收邮件", "订阅邮件",
    ),
    "consent_sms": (
        "agreestotextmessages", "acceptssmsmarketing", "smsmarketingconsent", "smsmarketing", "smsconsent", "smsoptin",
        "smssubscribed", "smssubscriptionstatus", "同意短信", "短信订阅", "接收短信", "短信营销", "同意接收短信", "订阅短信",
    ),
    "consent_wechat": ("agreestowechat", "acceptswechat", "wechatconsent", "wechatoptin", "同意微信", "微信订阅", "接收微信", "同意接收微信"),
    "consent_at": ("consentgivenon", "consentdate", "consentat", "consentedat", "optindate", "subscribedat", "subscriptiondate", "同意日期", "同意时间", "订阅时间", "订阅日期"),
    "consent_source": ("consentgiventhrough", "consentsource", "optinsource", "subscriptionsource", "同意途径", "同意来源", "订阅来源"),
    "tags": ("tags", "tag", "labels", "label", "标签", "客户标签"),
    "city": ("city", "town", "addresscity", "billingcity", "shippingcity", "ort", "stadt", "ville", "ciudad", "城市", "所在城市", "收货人城市"),
    "acquired_via": (
        "foundyouthrough", "acquiredvia", "acquisitionchannel", "acquisitionsource", "leadsource", "utmsource", "source",
        "channel", "herkunft", "获客渠道", "来源渠道", "客户来源", "来源", "渠道", "得知途径",
    ),
    "first_seen": (
        "customersince", "membersince", "firstseen", "firstvisit", "registeredat", "registrationdate", "registered", "joinedat",
        "joindate", "joined", "signupdate", "signedupat", "createdat", "creationdate", "created", "dateadded", "kundeseit",
        "成为客户日期", "成为客户时间", "注册时间", "注册日期", "加入时间", "首次到店", "创建时间", "建档时间", "入会时间",
    ),
}  # fmt: skip
FEEDBACK_WORDS: Words = {
    "score": (
        "score", "rating", "csat", "nps", "satisfaction", "stars", "starrating", "reviewscore", "grade", "bewertung",
        "评分", "分数", "满意度", "打分", "得分", "星级", "商品评分",
    ),
    **_CONTACT,
    "answered_at": (
        "answeredat", "submittedat", "surveydate", "reviewdate", "reviewedat", *_DATES, "填写时间", "提交时间", "评价时间", "评论时间",
    ),
    "comment": (
        "comment", "text", "review", "reviewcontent", "reviewtext", "reviewbody", "body", "content", "feedback", "remark",
        "note", "notes", "answer", "kommentar", "评论", "评价", "评价内容", "评论内容", "留言", "备注", "意见", "反馈",
    ),
    "product": _PRODUCT,
    "kind": ("kindofanswer", "answertype", "surveytype", "feedbacktype", "kind", "type", "回答类型", "问卷类型", "反馈类型", "类型"),
}  # fmt: skip
EVENT_WORDS: Words = {
    "happened_at": ("happenedat", "eventtime", "eventdate", "eventtimestamp", "visitedat", "visittime", "visitdate", "发生时间", "访问时间", "行为时间", "浏览时间", *_DATES, "zeit"),
    **_CONTACT,
    "kind": (
        "whattheydid", "eventname", "eventtype", "event", "action", "actiontype", "activity", "activitytype", "behaviour",
        "behavior", "behaviourtype", "behaviortype", "interaction", "interactiontype", "kind", "type", "ereignis", "aktion",
        "做了什么", "行为", "行为类型", "事件", "事件类型", "事件名称", "互动", "互动类型", "操作", "动作", "类型",
    ),
    "product": _PRODUCT,
    "seconds": ("seconds", "durationseconds", "durationsec", "duration", "dwelltime", "timespent", "timeonpage", "stay", "dauer", "sekunden", "秒数", "停留秒数", "停留时长", "停留时间", "时长", "时长秒"),
}  # fmt: skip
REFERRAL_WORDS: Words = {
    "referrer_email": ("recommendedbyemail", "referreremail", "referredbyemail", "advocateemail", "inviteremail", "推荐人邮箱", "邀请人邮箱"),
    "referrer_phone": ("recommendedbyphone", "referrerphone", "referredbyphone", "advocatephone", "inviterphone", "推荐人手机", "推荐人手机号", "推荐人电话", "邀请人手机号"),
    "referrer": ("recommendedby", "referrer", "referredby", "referrerid", "advocate", "inviter", "invitedby", "recommender", "werber", "geworbenvon", "推荐人", "推荐人编号", "邀请人", "介绍人", "推荐者"),
    "referred_email": ("newcustomeremail", "referredemail", "refereeemail", "friendemail", "inviteeemail", "被推荐人邮箱", "被邀请人邮箱", "新客户邮箱"),
    "referred_phone": ("newcustomerphone", "referredphone", "refereephone", "friendphone", "inviteephone", "被推荐人手机", "被推荐人手机号", "被推荐人电话", "被邀请人手机号", "新客户电话", "新客户手机号"),
    "referred": ("newcustomer", "referred", "referredid", "referredcustomer", "referee", "friend", "invitee", "invited", "geworbener", "neukunde", "被推荐人", "被推荐人编号", "被邀请人", "新客户", "新客", "好友"),
    "referred_at": ("referredat", "referraldate", "recommendedat", "invitedat", "推荐时间", "推荐日期", "邀请时间", *_DATES),
}  # fmt: skip
SPEND_WORDS: Words = {
    "month": ("month", "yearmonth", "period", "monat", "mois", "mes", "月份", "月", "投放月份", "统计月份", *_DATES, "day", "reportingstarts", "reportingdate", "投放日期"),
    "channel": ("channel", "platform", "campaign", "campaignname", "medium", "source", "kanal", "plattform", "渠道", "平台", "投放渠道", "推广渠道", "媒体", "推广计划"),
    "amount": (
        "spend", "spent", "adspend", "amountspent", "marketingspend", "cost", "costs", "expense", "expenses", "ausgaben", "kosten",
        "werbekosten", "花费", "支出", "消耗", "投放金额", "投放费用", "推广费", "推广费用", "推广花费", "广告费", "广告花费", "费用",
        *ORDER_WORDS["amount"], *ORDER_WORDS["total"],
    ),
    "currency": ORDER_WORDS["currency"],
}  # fmt: skip
HEADING_WORDS: Mapping[str, Words] = {
    "orders": ORDER_WORDS,
    "customers": CUSTOMER_WORDS,
    "feedback": FEEDBACK_WORDS,
    "events": EVENT_WORDS,
    "referrals": REFERRAL_WORDS,
    "spend": SPEND_WORDS,
}
_MONEY = frozenset({"total", "amount", "unit_price"})
_CUSTOMER_ONLY = frozenset({"birthday", "consent_email", "consent_sms", "consent_wechat", "tags"})
#: Fields that only a whole heading names: a wrong guess at one of these would reject all rows.
_EXACT_ONLY = _CUSTOMER_ONLY | {"consent_at", "consent_source", "first_seen", "kind", "seconds", "last_name"}
#: Headings of acts: "type" alone may be the type of anything.
_ACTS = frozenset(EVENT_WORDS["kind"]) - {"kind", "type", "类型", "操作", "动作"}
#: Headings that by themselves mean marketing spend: a table of sales has none of them.
_EXPENSE = frozenset(SPEND_WORDS["amount"]) - {
    *ORDER_WORDS["amount"],
    *ORDER_WORDS["total"],
    "cost",
    "costs",
    "kosten",
    "费用",
    "支出",
}


def guess_columns(header: Sequence[str], words: Mapping[str, Sequence[str]] = ORDER_WORDS) -> dict[str, str]:
    """Field to column, by the words of headings: whole headings first, then headings that begin or end with a word.

    >>> guess_columns(["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"])["order_id"]
    'InvoiceNo'
    """
    unmatched = {column: normalise_heading(column) for column in header}
    columns: dict[str, str] = {}
    for whole_heading in (True, False):
        for name, alternatives in words.items():
            if name in columns or (name in _EXACT_ONLY and not whole_heading):
                continue
            for word in alternatives:
                match = next(
                    (
                        c
                        for c, n in unmatched.items()
                        if (n == word if whole_heading else _begins_or_ends_with(n, word))
                    ),
                    None,
                )
                if match is not None:
                    columns[name] = match
                    del unmatched[match]
                    break
    return columns


def _begins_or_ends_with(heading: str, word: str) -> bool:
    """Whether a heading begins or ends with a word of some length ("ordertotalusd", "customeremail")."""
    long_enough = len(word) >= (2 if not word.isascii() else 5)
    return long_enough and (heading.endswith(word) or heading.startswith(word))


def fields_named_exactly(header: Sequence[str], words: Words) -> set[str]:
    """Fields that a heading names outright."""
    names = {normalise_heading(column) for column in header}
    return {name for name, alternatives in words.items() if names.intersection(alternatives)}


def kind_by_headings(header: Sequence[str]) -> str:
    """What a table of the owner's own holds, by its headings; "orders" when nothing indicates another kind.

    >>> kind_by_headings(["E-mail", "Birthday"]), kind_by_headings(["Date", "Customer", "Total"])
    ('customers', 'orders')
    """
    fields = {kind: guess_columns(header, words).keys() for kind, words in HEADING_WORDS.items()}
    sale_fields, names_order = (
        fields["orders"],
        bool(fields_named_exactly(header, ORDER_WORDS) & {"order_id", "quantity"}),
    )
    names_amount, names_customer = (
        bool(sale_fields & _MONEY),
        bool(sale_fields & {"email", "phone", "customer_id"}),
    )
    names = {normalise_heading(column) for column in header}
    if (
        _names_side(fields["referrals"], "referrer")
        and _names_side(fields["referrals"], "referred")
        and not names_amount
    ):
        return "referrals"
    if {"score", "answered_at"} <= fields["feedback"] and not names_amount and not names_order:
        return "feedback"
    names_spend = {"month", "amount"} <= fields["spend"] and not (names_customer or names_order)
    if names_spend and (any(map(_is_expense, names)) or ("channel" in fields["spend"] and not names_amount)):
        return "spend"
    if "happened_at" in fields["events"] and names & _ACTS and not names_amount and not names_order:
        return "events"
    return (
        "customers"
        if names_customer and not names_order and _is_customer_list(header, fields["customers"], sale_fields)
        else "orders"
    )


def _is_expense(name: str) -> bool:
    """Whether a heading by itself means marketing spend ("amountspent", "amountspenteur")."""
    return name in _EXPENSE or any(len(word) > 5 and name.startswith(word) for word in _EXPENSE)


def _names_side(names: AbstractSet[str], side: str) -> bool:
    """Whether a column names this side of a referral."""
    return any(name in names for name in (side, f"{side}_email", f"{side}_phone"))


def _is_customer_list(
    header: Sequence[str], customer_fields: AbstractSet[str], sale_fields: AbstractSet[str]
) -> bool:
    """Whether a table that names people is a list of customers: it has more columns about them, or none about a sale."""
    named_exactly = fields_named_exactly(header, CUSTOMER_WORDS) & _CUSTOMER_ONLY
    sale_fields_exactly = fields_named_exactly(header, ORDER_WORDS)
    if named_exactly and not ("ordered_at" in sale_fields_exactly and sale_fields_exactly & _MONEY):
        return True
    names_amount, names_date = bool(sale_fields & _MONEY), "ordered_at" in sale_fields
    tells_more = customer_fields & {"city", "acquired_via", "first_seen"} and not (
        sale_fields & {"product", "product_id"}
    )
    return not (names_amount and names_date) if tells_more else not (names_amount or names_date)
