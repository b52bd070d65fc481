"""Meanings of words in files: consent given or refused, what a person did, what kind an answer is.

Looked up in lower case; words that are not here are asked, as the statuses of orders are.
"""

from __future__ import annotations

from collections.abc import Mapping

CONSENT = ("yes", "no", "unknown")
ACTS = ("view", "search", "cart", "like", "comment", "share", "other")
ANSWERS = ("csat", "nps", "review")


def _meanings(spelled: Mapping[str, str]) -> dict[str, str]:
    """Word to meaning, from meaning to words with `|` between them."""
    return {
        word.strip().casefold(): meaning for meaning, words in spelled.items() for word in words.split("|")
    }


#: Whether somebody agreed to messages. Words that only say that nobody knows give neither.
CONSENT_WORDS = _meanings(
    {
        "yes": "yes|y|true|1|1.0|on|subscribed|subscriber|opted in|opted-in|opt-in|opt in|optin|accepted|accepts|agreed|"
        "granted|confirmed|active|ok|✓|✔|ja|oui|si|sí|是|有|同意|已同意|接受|已订阅|订阅|允许|已允许",
        "no": "no|n|false|0|0.0|off|unsubscribed|not subscribed|never subscribed|opted out|opted-out|opt-out|opt out|optout|"
        "declined|denied|refused|rejected|withdrawn|revoked|cleaned|bounced|inactive|✗|✘|nein|non|否|无|没有|不同意|拒绝|"
        "已拒绝|未订阅|已退订|退订|取消订阅|不接受|未同意|不允许",
        "unknown": "unknown|pending|not set|not asked|n/a|na|none|null|?|unbekannt|未知|待确认|未设置|未询问",
    }
)
#: What a person did besides buying. "other" is kept and counted nowhere: sessions' ends, steps of the checkout.
ACT_WORDS = _meanings(
    {
        "view": "view|views|viewed|visit|visited|page view|pageview|page_view|page viewed|product view|product_view|"
        "product viewed|view product|view_item|view_product|viewcontent|view_content|viewed product|view_item_list|"
        "view_category|session|session_start|open|opened|click|clicked|browse|browsed|impression|detail|pv|besuch|aufruf|"
        "angesehen|浏览|访问|查看|点击|看|到访|进店|商品浏览|浏览商品|查看商品|页面浏览|访问页面",
        "search": "search|searched|searches|search_submitted|view_search_results|query|suche|gesucht|搜索|查找|检索|搜",
        "cart": "cart|basket|add to cart|add_to_cart|addtocart|added to cart|cart_add|cart add|add to basket|added_to_cart|"
        "product added|warenkorb|in den warenkorb|加购|加入购物车|加购物车|添加购物车|购物车",
        "like": "like|liked|likes|favourite|favorite|favourited|favorited|fav|heart|wishlist|wish list|add_to_wishlist|"
        "add to wishlist|addtowishlist|added to wishlist|save|saved|follow|followed|gefällt mir|gemerkt|点赞|赞|喜欢|收藏|"
        "关注|加入收藏|收藏商品|种草",
        "comment": "comment|commented|comments|reply|replied|question|asked|mention|mentioned|kommentar|kommentiert|评论|"
        "留言|回复|提问|发表评论|互动评论|弹幕",
        "share": "share|shared|shares|repost|reposted|retweet|retweeted|forward|forwarded|send_to_friend|teilen|geteilt|"
        "分享|转发|分享商品|转发分享",
        "other": "other|purchase|purchased|order|order_completed|checkout|begin_checkout|add_payment_info|payment|"
        "remove_from_cart|removed from cart|refund|login|logged in|logout|sign_up|signup|register|scroll|session_end|"
        "user_engagement|first_visit|购买|下单|支付|付款|登录|注册|退出|移出购物车|其他",
    }
)
#: What an answer is of: a survey on satisfaction, one on recommending, or the review of a purchase.
ANSWER_WORDS = _meanings(
    {
        "csat": "csat|satisfaction|customer satisfaction|survey|ces|zufriedenheit|满意度|满意度调查|问卷|调查",
        "nps": "nps|net promoter score|recommend|recommendation|likelihood to recommend|weiterempfehlung|推荐意愿|推荐度|净推荐值",
        "review": "review|product review|rating|star rating|store review|testimonial|bewertung|rezension|评价|评论|商品评价|晒单|点评|好评",
    }
)
