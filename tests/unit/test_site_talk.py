"""What a site says of itself is known by the words of its trade, in wordings that no list of phrases has."""

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.lines.site_talk import is_site_talk
from clusterer.core.model import Article

WALLS = """
Something went wrong / The link you followed may be broken, or the page may have been removed.
This page is for adults only. By entering you confirm that you are at least 18 years old.
We are unable to show you this page / The content you want is blocked in your location.
Keep reading with a digital membership / Unlimited stories and podcasts. $1 for six months, then $12 a month. / See my options
Weiterlesen mit dem Digital-Zugang / Monatlich kündbar. Im ersten Monat kostenlos, danach 7,90 Euro.
Diese Seite existiert leider nicht mehr / Vielleicht hilft Ihnen unsere Suche weiter.
Cette page n'existe plus ou a été déplacée. / Retournez à l'accueil ou utilisez la recherche.
Acceso restringido a mayores de edad / Confirma que tienes más de 18 años para entrar en la página.
La pagina richiesta non è disponibile / Torna alla home o cerca tra le notizie.
Ops! Não encontramos essa página / Ela pode ter sido removida ou o endereço está errado.
Accepteer cookies om deze video te bekijken of lees verder zonder. / Instellingen aanpassen
Sidan du söker finns inte längre / Gå till startsidan eller sök bland våra nyheter.
Du må være logget inn for å lese denne artikkelen / Har du ikke bruker? Registrer deg gratis
Sivua ei löytynyt / Etsimäsi sivu on poistettu tai siirretty. Palaa etusivulle.
Stránka, kterou hledáte, tu není / Zkuste vyhledávání nebo se vraťte na hlavní stránku.
A cikk elolvasásához előfizetés szükséges / Fizessen elő havi 990 forintért, és olvasson korlátlanul.
Trebuie să ai peste 18 ani pentru a intra pe acest site. / Confirm că am 18 ani
Το άρθρο είναι διαθέσιμο μόνο για συνδρομητές / Γίνετε συνδρομητής με 1 ευρώ τον μήνα.
Aradığınız sayfaya ulaşılamıyor / Sayfa taşınmış ya da silinmiş olabilir. Ana sayfaya dönün.
Страница удалена или никогда не существовала / Перейдите на главную или воспользуйтесь поиском.
Този сайт съдържа материали за пълнолетни / Навършили ли сте 18 години?
Stranica koju tražite ne postoji / Vratite se na naslovnicu ili upišite pojam u tražilicu.
Halaman yang Anda cari tidak ada / Kembali ke beranda atau gunakan pencarian.
यह पेज उपलब्ध नहीं है / हो सकता है कि लिंक पुराना हो। होम पेज पर जाएं।
お探しのページは見つかりませんでした / URLが間違っているか、ページが削除された可能性があります。
유료 회원만 볼 수 있는 기사입니다 / 구독하시면 기사 전문을 읽으실 수 있습니다.
本文为付费内容 / 订阅会员即可阅读全文，首月仅需1元。
"""
NEWS = """
Streaming site ends password sharing / Members who share their account with others will have to pay extra from May.
New rules for streaming / Subscribers must be able to cancel with one click, the new law says. It takes effect in June.
Letter: too many ads / There are too many ads on your website. I only want to read the news.
App for lost dogs / A student has written an app that helps to find lost dogs. It is free, and 4,000 people use it already.
Page turned / The old bookshop on the quay closes after ninety years. Its last customer bought an atlas.
Seite im Netz gesperrt / Die Seite eines Händlers ist gesperrt, weil Kunden ihre Ware nicht erhalten haben.
Un site pour les plaintes / Les victimes pourront déposer plainte en ligne. Le site sera ouvert à tous au printemps.
Multe online / Da maggio le multe si pagano sul sito del comune. Basta un account gratuito.
Konto dla ucznia / Uczniowie dostaną bezpłatne konta w bibliotece cyfrowej. Rodzice muszą podpisać zgodę.
Приложение для парковки / Оплатить парковку можно будет через приложение. Первый месяц бесплатно.
アプリで投票所案内 / 市は投票所を案内するアプリを公開した。無料で使える。
网站被罚款 / 青石网因未经同意收集用户信息被罚款二十万元。公司称将整改。
"""
BETWEEN = """
This article is free thanks to our members. Become a member today. | Hat Ihnen der Artikel gefallen? Dann teilen Sie ihn mit Freunden.
Mehr Nachrichten finden Sie auf unserer Startseite | Continua a leggere dopo la pubblicità | Recibe las noticias en tu correo cada mañana
Tekst gaat verder onder de advertentie | Texten fortsätter efter annonsen | Podobał Ci się artykuł? Udostępnij go znajomym
Понравилась статья? Поделитесь с друзьями | Líbil se vám článek? Sdílejte ho s přáteli | Juttu jatkuu mainoksen jälkeen
Tetszett a cikk? Ossza meg ismerőseivel | Haberi beğendiniz mi? Arkadaşlarınızla paylaşın | Artikel berlanjut setelah iklan
هل أعجبك المقال؟ شاركه مع أصدقائك | खबर पसंद आई? दोस्तों के साथ शेयर करें | 喜欢这篇文章？分享给朋友 | 카카오톡 채널을 추가하세요
"""
SENTENCES = """
The members meet in a room behind the church and read to each other. | She writes an email to her daughter every morning.
He deleted the app and went for a walk. | The website now shows which pools are free. | Most people do not read the terms.
Die Leser kennen die Seite seit Jahren. | Danach schreiben sie selbst einen Beitrag für die Seite der Schule.
Les lecteurs écrivent au journal. | I lettori scrivono al giornale e il giornale risponde.
Läsarna skriver till tidningen. | Читатели пишут в газету. | 記事は海外でも読まれた。
"""


def each(text: str, bar: str) -> list[str]:
    return [one.strip() for line in text.strip().split("\n") for one in line.split(bar)]


@pytest.mark.parametrize("page", each(WALLS, "\n"))
def test_a_page_on_which_a_site_speaks_of_itself_alone_is_a_wall(page: str) -> None:
    assert clean(Article(id="x", text=page.replace(" / ", "\n\n"))).kind == "wall"


@pytest.mark.parametrize("news", each(NEWS, "\n"))
def test_news_about_accounts_pages_and_subscriptions_stays_whole(news: str) -> None:
    title, text = news.split(" / ")
    document = clean(Article(id="x", title=title, text=text))
    assert (document.kind, document.text) == ("article", text)


@pytest.mark.parametrize("line", each(BETWEEN, "|"))
def test_lines_in_which_a_site_speaks_of_itself_go_from_between_paragraphs(line: str) -> None:
    first, last = "A fire broke out in a bakery in Kell early on Thursday.", "Nobody was hurt, the brigade said."
    document = clean(Article(id="x", title="Bakery burns", text=f"{first}\n\n{line}\n\n{last}"))
    assert document.text == f"{first}\n\n{last}"


@pytest.mark.parametrize("line", each(SENTENCES, "|"))
def test_sentences_about_readers_pages_and_apps_stay(line: str) -> None:
    first, last = "A fire broke out in a bakery in Kell early on Thursday.", "Nobody was hurt, the brigade said."
    document = clean(Article(id="x", title="Bakery burns", text=f"{first}\n\n{line}\n\n{last}"))
    assert line in document.text


@pytest.mark.parametrize("counted", ["4 players", "9 payments", "5 mayors"])
def test_how_many_of_something_is_no_figure_of_a_site(counted: str) -> None:
    assert not is_site_talk(f"Our members get the newsletter with {counted}.")
    assert is_site_talk("Our members get the newsletter with 4 months free.")
