"""Titles of reports on markets: what is told of an exchange, an index, a currency or a commodity is told anew each day, under a title that
is never the same."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from clusterer.core.copies.fingerprint import folded_words
from clusterer.core.text import listed

_EXCHANGES = listed(
    """
    dax | mdax | aktien frankfurt | aktien wien | atx | bourse de paris | la bourse | cac | ftse
    | piazza affari | borsa | ibex | la bolsa | psi | aex | amsterdamse beurs | omx | wig20 | gpw | giełda
    | bux | sensex | nifty | nikkei | topix | kospi | kosdaq | hang seng | taiex | vn index | ihsg | asx
    | dow jones | nasdaq | wall street | ibovespa | merval | bist | borsa istanbul | börsen | stockholmsbörsen
    | мосбиржи | ртс | пфтс | χρηματιστήριο | γενικός δείκτης | सेंसेक्स | निफ्टी | शेयर बाजार | تاسي
    | البورصة | بورصة | 日経平均 | 東証 | 東京株 | 코스피 | 코스닥 | 沪指 | 上证指数 | 恒指 | 恒生指数
    """
)
# What a title on prices begins with. Where the word alone may be anything, what the price does has to follow.
_GOODS = listed(
    """
    ölpreis | ölpreise | goldpreis | eurokurs | prix du pétrole | cours du pétrole | le pétrole | cours de l'or |
    precio del petróleo | el petróleo | el dólar | precio del oro | preço do petróleo | petróleo | dólar |
    prezzo del petrolio | petrolio | prezzo dell'oro | olieprijs | goudprijs | ceny ropy | cena ropy | kurs złotego |
    kursy walut | złoty | ropa | kurz koruny | koruna | olajár | forint | curs valutar | cursul bnr | oljepriset |
    oljeprisen | olieprisen | öljyn hinta | цены на нефть | нефть | курс валют | курс доллара | курс рубля |
    курс долара | ціни на нафту | нафта | petrol fiyatları | altın fiyatları | gram altın | döviz kurları | dolar kuru |
    أسعار النفط | النفط | 국제유가 | 원 달러 환율 | 환율 | 금값 | 原油 | ny原油 | ドル円 | 円相場 |
    金価格 | 油价 | 金价 | giá vàng | giá dầu | tỷ giá | harga emas | harga minyak | kurs rupiah
    """
)
_TRADED = (
    r"(?:oil|crude|brent|gold|silver|copper|dollar|euro|pound|sterling|yen|rupee|yuan|bitcoin|wheat|corn|soybeans|coffee|cocoa|cotton"
    r"|natural gas|treasuries|treasury yields|us stocks|asian stocks|asian shares|european stocks|european shares|stocks)"
)
_MOVES = (
    r"(?:(?:prices?|futures|yields) )?(?:settles?|slips?|rises?|falls?|climbs?|gains?|edges?|jumps?|drops?|extends?|steadies|steady|holds?"
    r"|eases?|firms?|retreats?|rebounds?|slides?|tumbles?|surges?|advances?|dips?|inch(?:es)?|ends?"
    r"|closes?|opens?|little changed|mixed|up|down|higher|lower)"
)


def any_of(phrases: Iterable[str]) -> str:
    """A pattern that finds these in folded words with single blanks."""
    folded_phrases = sorted((" ".join(folded_words(one)) for one in phrases), key=len, reverse=True)
    return f"(?<![^ ])(?:{'|'.join(folded_phrases)})(?![^ ])"


_OF_EXCHANGE = regex.compile(any_of(_EXCHANGES))
_OF_GOODS = regex.compile(f"^(?P<name>{any_of(_GOODS)}|{_TRADED}(?= {_MOVES}(?![^ ])))")


def market_of(masked: str) -> str:
    """The market that a masked title is about, "" for none."""
    found = _OF_EXCHANGE.search(masked) or _OF_GOODS.match(masked)
    return found.group() if found else ""
