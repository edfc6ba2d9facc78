"""Walls in many languages: pages that tell only that others may read them, or that the reader has to agree. Texts are our own."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article


@pytest.mark.parametrize("title", ["", "Harbour bridge reopens after repairs"])
@pytest.mark.parametrize(
    "text",
    [
        "You don't have permission to access this page on this server. Reference #18.2f1c",
        "Access to this resource has been blocked. If you believe this is an error, contact the site owner.",
        "We and our 812 partners store and access personal data on your device. You can change your choices at any time.",
        "Our systems have detected unusual traffic from your computer network. Please try again later.",
        "Este contenido es exclusivo para suscriptores. Suscríbete por 1 euro al mes o inicia sesión para seguir leyendo.",
        "Contenido exclusivo para suscriptores",
        "Contenu réservé aux abonnés",
        "Nous et nos 845 partenaires stockons et accédons à des informations sur votre appareil. Vous pouvez "
        "accepter ou refuser.",
        "Dieser Artikel ist nur für Abonnenten lesbar. Jetzt testen und weiterlesen für 1 Euro im ersten Monat.",
        "Nur für Abonnenten",
        "Wir verwenden Cookies und ähnliche Technologien. Mit Klick auf Akzeptieren stimmen Sie der Verarbeitung zu.",
        "Contenuto riservato agli abbonati. Abbonati a 1 euro al mese per continuare a leggere.",
        "Hai raggiunto il limite di articoli gratuiti. Abbonati per leggere senza limiti.",
        "Este conteúdo é exclusivo para assinantes",
        "Pozostało 80% tekstu. Dostęp tylko dla subskrybentów.",
        "Доступно только подписчикам",
        "この記事は会員限定です。続きを読むにはログインまたは会員登録が必要です。月額980円でお読みいただけます。",
        "この記事は有料会員限定です。残り1,204文字。",
        "会員限定記事です",
        "本文仅限订阅用户阅读",
        "이 기사는 구독자 전용입니다. 구독하시면 계속 읽을 수 있습니다. 이미 구독자이신가요? 로그인",
        "هذا المحتوى متاح للمشتركين فقط. اشترك الآن بدولار واحد شهريا أو سجل الدخول.",
        "บทความนี้สำหรับสมาชิกเท่านั้น กรุณาเข้าสู่ระบบหรือสมัครสมาชิกเพื่ออ่านต่อ",
        "Log in of maak gratis een account aan om verder te lezen. Heb je al een account? Log dan hier in.",
        "Sitemizde size daha iyi bir deneyim sunabilmek için çerezler kullanılmaktadır. Siteyi kullanmaya devam ederek "
        "çerez politikamızı kabul etmiş olursunuz.",
    ],
)
def test_a_page_kept_for_subscribers_or_behind_consent_is_a_wall(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, document.text) == ("wall", "")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Contenido exclusivo",
            "Este contenido es exclusivo para suscriptores. Suscríbete por 1 euro al mes o inicia sesión.",
        ),
        ("会員限定", "この記事は会員限定です。続きを読むにはログインまたは会員登録が必要です。"),
        ("Nur für Abonnenten", "Dieser Artikel ist nur für Abonnenten lesbar."),
    ],
)
def test_a_title_that_says_no_more_than_the_wall_is_no_topic(title: str, text: str) -> None:
    assert clean(Article(id="1", title=title, text=text)).kind == "wall"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Bots beat robot tests, study finds",
            "Please verify you are a human, websites ask. Programs now pass that test more often than people do, "
            "researchers in Delft write.",
        ),
        (
            "Bots beat robot tests, study finds",
            "Please verify you are a human, websites ask, and machines now pass the test faster than people, a "
            "study from the University of Norland found on Tuesday.",
        ),
        (
            "",
            "Readers without a subscription were locked out of the Harrow Gazette for nine hours on Monday after "
            "an update of its login system failed, the paper said.",
        ),
        (
            "",
            "The Norland data authority fined the retailer Brell 2 million crowns on Monday because its site set "
            "cookies before visitors had agreed.",
        ),
        (
            "Members only",
            "Members only may vote in the party's leadership election on 4 May, its board decided in Ardmore on "
            "Sunday, closing the race to registered supporters.",
        ),
        (
            "",
            "Subscribers of the streaming service Vello must pay two crowns more from July, the company said on Wednesday.",
        ),
        (
            "",
            "Nur für Abonnenten gilt künftig der günstige Tarif der Stadtwerke Rodenau, teilte das Unternehmen am Montag mit.",
        ),
        ("", "Les abonnés du réseau de bus de Valmont paieront 3 euros de plus par mois, a annoncé la mairie lundi."),
        (
            "",
            "Los suscriptores del canal Ondavisión recibirán una compensación tras el corte del domingo, anunció la empresa.",
        ),
        ("", "北浜市の会員制スポーツクラブで4日、有料会員約3千人分の個人情報が流出したことが分かった。"),
        (
            "",
            "Только подписчики сервиса «Волна» смогут смотреть матчи лиги Норландии в следующем сезоне, сообщила "
            "компания во вторник.",
        ),
        ("", "구독자 300만 명을 보유한 유튜버가 4일 강변시에서 음주운전 혐의로 입건됐다."),
        (
            "",
            "Hackers blocked access to the server of Senborough's city hall on Friday and left visitors with a "
            "message that they did not have permission to view the page.",
        ),
    ],
)
def test_news_about_subscribers_and_members_stays(title: str, text: str) -> None:
    document = clean(Article(id="1", title=title, text=text))
    assert (document.kind, document.text) == ("article", text)
