"""Titles of reports on markets: what is told of an exchange, an index, shares of a country or of the world, a currency or a commodity is
told anew each day, under a title that is never the same."""

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
# The exchanges of a country, of a continent or of the world.
_MANY_EXCHANGES = listed(
    """
    aktienmärkte | weltbörsen | börsen weltweit | us börsen | asienbörsen | europas börsen | les bourses |
    bourses mondiales | bourses européennes | bourses asiatiques | marchés boursiers | marchés mondiaux |
    marchés d'actions | las bolsas | bolsas mundiales | bolsas europeas | bolsas asiáticas | mercados bursátiles |
    mercados mundiales | as bolsas | bolsas mundiais | bolsas europeias | bolsas asiáticas | mercados acionários |
    mercados globais | le borse | borse mondiali | borse europee | borse asiatiche | mercati azionari | mercati mondiali
    | aandelenbeurzen | aandelenmarkt | aandelenmarkten | europese beurzen | aziatische beurzen | amerikaanse beurzen |
    internationale beurzen | beurzen wereldwijd | börserna | världens börser | europabörserna | asienbörserna | børsene
    | verdens børser | aktiemarkederne | aksjemarkedene | pörssit | osakemarkkinat | maailman pörssit | giełdy światowe
    | światowe giełdy | giełdy w europie | giełdy w azji | rynki akcji | akciové trhy | světové burzy | evropské burzy |
    asijské burzy | tőzsdék | részvénypiacok | bursele | piețele bursiere | мировые рынки | мировые биржи |
    фондовые рынки | рынок акций | рынки акций | биржи азии | биржи европы | світові біржі | фондові ринки |
    χρηματιστήρια | διεθνείς αγορές | dünya borsaları | küresel piyasalar | avrupa borsaları | asya borsaları |
    أسواق الأسهم | الأسهم العالمية | الأسهم الأمريكية | الأسهم الأوروبية | الأسهم الآسيوية | वैश्विक बाजार | bursa saham
    | bursa global | bursa asia | chứng khoán | 全球股市 | 欧洲股市 | 亚太股市 | 美股
    | 世界株安 | 世界の株 | 欧州株 | アジア株 | ＮＹ株 | 米国株 | 세계 증시 |
    글로벌 증시 | 유럽 증시 | 아시아 증시 | 뉴욕증시 | 뉴욕 증시
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
    r"|natural gas|treasuries|treasury yields)"
)
_COUNTRIES = (
    r"(?:world|worldwide|global|international|us|u s|american|canadian|brazilian|european|british|uk|german|french|italian|spanish|swiss"
    r"|nordic|russian|turkish|gulf|asian|japanese|chinese|hong kong|indian|korean|south korean|australian|emerging)"
)
_SHARES = rf"(?:(?:{_COUNTRIES} )?(?:stock markets?|share markets?|stocks|shares|equities|markets)"
_SHARES += r"(?: (?:worldwide|globally|(?:around|across) the (?:world|globe)|(?:in|across) (?:asia|europe)))?)"
_MOVES = (
    r"(?:(?:prices?|futures|yields) )?(?:continues? to )?"
    r"(?:settles?|slips?|rises?|falls?|climbs?|gains?|edges?|jumps?|drops?|extends?|steadies|steady|holds?"
    r"|eases?|firms?|retreats?|rebounds?|slides?|tumbles?|surges?|advances?|dips?|inch(?:es)?|ends?|plunges?|plummets?|soars?|rall(?:y|ies)"
    r"|slumps?|sinks?|recovers?|rose|fell|closes?|opens?|little changed|mixed|up|down|higher|lower)"
)


def any_of(phrases: Iterable[str]) -> str:
    """A pattern that finds these in folded words with single blanks."""
    folded_phrases = sorted((" ".join(folded_words(one)) for one in phrases), key=len, reverse=True)
    return f"(?<![^ ])(?:{'|'.join(folded_phrases)})(?![^ ])"


_OF_EXCHANGE = regex.compile(any_of(_EXCHANGES | _MANY_EXCHANGES))
_OF_GOODS = regex.compile(f"^(?:{any_of(_GOODS)}|(?:{_TRADED}|{_SHARES}) {_MOVES}(?![^ ]))")


def is_of_market(masked: str) -> bool:
    """Whether a masked title tells what a market did."""
    return _OF_EXCHANGE.search(masked) is not None or _OF_GOODS.match(masked) is not None
