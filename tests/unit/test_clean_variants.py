"""More of the kinds in which pages, feeds and plain texts lose a part of their article or keep what is none. Texts are our own."""

# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.decoding import decoded
from clusterer.core.lines.markup import without_markup
from clusterer.core.model import Article, Document

TEXTS = {
    "en": ("Judge halts sale of Wexcombe observatory",
           ["A judge has halted the sale of the Wexcombe observatory to a hotel company, ruling that the county never asked the astronomers.",
            "\"You cannot pack up a telescope like a piano,\" said Ines Hartley of the society that brought the case. The county said it would appeal."]),
    "de": ("Stadt Lindental verbietet Laubbläser",
           ["Der Stadtrat von Lindental hat am Dienstagabend beschlossen, Laubbläser vom kommenden Herbst an aus allen Grünanlagen zu verbannen.",
            "Für den Antrag der Ausschussvorsitzenden Hedwig Marten stimmten 21 Ratsmitglieder, 14 waren dagegen."]),
    "fr": ("À Rochevieille, le dernier bac à câble cesse de naviguer",
           ["Le bac à câble de Rochevieille, qui reliait depuis 1931 les deux rives de la Loire, a effectué mercredi soir sa dernière traversée.",
            "« C'était notre pont à nous », regrette Maryse Dupin, qui l'empruntait chaque matin pour aller au marché."]),
    "es": ("Roban dos códices del siglo XV en Valdeoca",
           ["Dos códices del siglo XV han desaparecido del archivo del monasterio de Valdeoca, según denunció el martes su bibliotecario.",
            "La Guardia Civil revisa las imágenes de tres cámaras y ha avisado a las casas de subastas de media Europa."]),
    "tr": ("Kızılçam köyünde zeytin hasadı robotlarla yapılacak",
           ["Kızılçam köyündeki zeytin üreticileri bu yıl hasadın bir bölümünü dört robotla yapacak. Kooperatif, makineler için 11 milyon lira ödedi.",
            "Her robot günde iki yüz ağaç silkeliyor. Deneme pazar günü Hacıbey çiftliğinde başlayacak."]),
    "ru": ("В Заречинске под снегом обрушилась крыша ледовой арены",
           ["Крыша ледовой арены обрушилась под тяжестью снега в Заречинске в ночь на вторник, за два часа до утренней тренировки детской команды.",
            "В здании находился только сторож Пётр Лапин, он успел выбежать через запасной выход, сообщили спасатели."]),
}  # fmt: skip


def kept(document: Document) -> list[str]:
    return document.text.split("\n\n")


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("end", ["\\n\\n", "\\r\\n", "\\n"])
def test_line_ends_and_quotes_as_json_writes_them_are_what_they_stand_for(lang: str, end: str) -> None:
    title, paragraphs = TEXTS[lang]
    document = clean(Article(id="1", title=title, text=end.join(one.replace('"', '\\"') for one in paragraphs)))
    assert kept(document) == paragraphs


@pytest.mark.parametrize(
    "text",
    [
        'The file lies under C:\\new\\notes, wrote the firm. It is called \\"notes\\" there.',
        "The <font> element stays for now, the group said. Who still writes <center> should use style sheets.",
        "Browsers drop <marquee> next year, and <b> stays.",
        "The patch changes List<String> to a plain array. If a < b holds, nothing is lost.",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert without_markup(text) == text


@pytest.mark.parametrize("text", ["One <br> two", "<p>One two", "One <b class=x>two", "<b>One</b> two", "<li>One two"])
def test_tags_that_need_no_end_are_markup(text: str) -> None:
    assert without_markup(text).split() == ["One", "two"]


SECTIONS = {
    "en": ("3 comments", "Tony, Wexcombe", ["Well said, couldn't agree more!!", "Why does the county always sell what belongs to everybody?"]),
    "de": ("Kommentare", "Horst K., Lindental", ["Endlich! Der Lärm war nicht auszuhalten.", "@Horst: lies doch erst mal den Artikel."]),
    "fr": ("Commentaires (2)", "Paul, le 4 mars à 18h02", ["Merci Maryse pour toutes ces années !", "Il fallait bien que ça arrive."]),
    "es": ("Comentarios", "Pepe dice:", ["Vergüenza debería darles tener eso sin alarma.", "¿Y el obispado qué dice? Nada, claro."]),
    "tr": ("Yorumlar", "Ali Veli", ["Helal olsun başkana, bravo.", "Bizim köye de lazım valla."]),
    "ru": ("Комментарии: 2", "Гость, 4 марта, 12:10", ["Опять никто не виноват, как всегда у нас.", "А кто строил? Вот с него и спросите."]),
}  # fmt: skip


@pytest.mark.parametrize("lang", SECTIONS)
def test_comments_below_a_plain_text_go(lang: str) -> None:
    title, paragraphs = TEXTS[lang]
    header, name, said = SECTIONS[lang]
    below = "\n".join(f"{name}\n{one}" for one in said)
    document = clean(Article(id="1", title=title, text="\n\n".join([*paragraphs, header, below])))
    assert kept(document) == paragraphs
    assert any(cut.reason == "line_comment" and said[0] in cut.text for cut in document.cuts)


@pytest.mark.parametrize(
    ("header", "below"),
    [
        (
            "Comments",
            "Editor Ruth Lane said that three people had spent their days removing insults.\n\nReaders can write letters instead.",
        ),
        ("Reacties", "De dijkgraaf noemt het besluit verstandig.\n\nDe boerenbond wil eerst weten wie er betaalt."),
    ],
)
def test_a_part_of_a_report_under_such_a_header_stays(header: str, below: str) -> None:
    title, paragraphs = TEXTS["en"]
    document = clean(Article(id="1", title=title, text="\n\n".join([*paragraphs, header, below])))
    assert all(one in document.text for one in below.split("\n\n"))


def page(body: str, head: str = "") -> Article:
    return Article(
        id="1",
        html=f"<!doctype html><html><head><meta charset=utf-8><title>News</title>{head}</head><body>{body}</body></html>",
    )


@pytest.mark.parametrize("row", ["Like (4) Reply Report", "Reply Report", "Gefällt mir (2) · Antworten"])
def test_labels_in_one_text_show_comments(row: str) -> None:
    _, paragraphs = TEXTS["en"]
    said = "".join(
        f"<div class=i><div>Tony · 3 hours ago</div><p>{one}</p><div>{row}</div></div>" for one in SECTIONS["en"][2]
    )
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    assert clean(page(f"<div class=story>{text}</div><div class=feedback>{said}</div>")).text == "\n\n".join(paragraphs)


def test_how_a_word_is_read_is_no_part_of_the_text() -> None:
    text = "農家の宮地佳代さんは「農薬を減らして10年待った」と喜んだ。町は専用のライブ映像を公開する。"
    marked = text.replace("宮地佳代", "<ruby>宮地佳代<rp>（</rp><rt>みやじかよ</rt><rp>）</rp></ruby>")
    assert clean(page(f"<article><p>{marked}</p></article>")).text == text


def test_a_text_that_only_a_meta_element_holds_is_read() -> None:
    _, paragraphs = TEXTS["es"]
    assert clean(
        page("<div id=app></div>", f'<meta itemprop="articleBody" content="{" ".join(paragraphs)}">')
    ).text == " ".join(paragraphs)


@pytest.mark.parametrize(
    "tail", ["This article first appeared on Hill Courier.", "This story was originally published by the Hill Courier."]
)
def test_where_a_teaser_appeared_first_is_no_part_of_it(tail: str) -> None:
    text = "A judge has halted the sale of the Wexcombe observatory to a hotel company, ruling that the county never asked…"
    assert clean(Article(id="1", title="Judge halts sale", text=f"{text}\n\n{tail}")).text == text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Cineplus augmente ses tarifs", "Abonnez-vous aujourd’hui, payez demain davantage : la plateforme Cineplus relève ses tarifs de deux euros par mois. L’abonnement sans publicité coûtera 15,99 euros dès avril. La société compte neuf millions d’abonnés."),
        ("Streamland wird teurer", "Melden Sie sich jetzt an und zahlen Sie später mehr: Das Abonnement bei Streamland wird um zwei Euro teurer. Abonnenten ohne Werbung zahlen künftig 16 Euro. Anmelden können sich auch Familien."),
        ("Gericht kippt Cookie-Banner", "Webseiten dürfen den Knopf „Alle ablehnen“ nicht länger verstecken. Das hat das Landgericht Lindental am Dienstag entschieden. Wir verwenden Cookies: So beginnt fast jeder Hinweis."),
        ("Суд разрешил блокировщики рекламы", "Отключите блокировщик рекламы, просят сайты. Обязать к этому читателя нельзя, решил во вторник суд в Заречинске."),
        ("Krant haalt betaalmuur weg", "Om dit artikel te lezen heeft u een abonnement nodig: die zin verdwijnt in mei van de site van het Oosterwaards Dagblad. De krant wil het met giften proberen."),
        ("Roboter lösen Bilderrätsel", "Ein Roboter hat in Lindental tausend Bilderrätsel gelöst. Die Forscher haben ihn mit Fotos aus Abos trainiert."),
        ("Больше не нужно искать светофоры", "Учёные из Заречинска научили программу отличать человека от машины по движению мыши. Робот ошибается реже, вам не придётся искать светофоры."),
        ("Filmora sube el precio de sus suscripciones", "Suscríbete hoy y paga más mañana: Filmora sube el precio. La suscripción básica costará 9 euros. Los suscriptores recibirán un aviso."),
    ],
)  # fmt: skip
def test_news_about_subscribing_are_no_wall(title: str, text: str) -> None:
    assert clean(Article(id="1", title=title, text=text)).text == text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "À Rochevieille, le dernier bac cesse de naviguer",
            "Abonnez-vous pour lire la suite. Déjà abonné ? Connectez-vous à votre compte.",
        ),
        ("Stadt Lindental verbietet Laubbläser", "Jetzt weiterlesen mit Plus. Sie haben bereits ein Abo? Hier anmelden. Testen Sie Plus einen Monat lang kostenlos, danach 9,99 Euro im Monat. Jederzeit kündbar."),
        ("Rochevieille", "Avec votre accord, nos partenaires et nous utilisons des cookies pour stocker des informations sur votre appareil. Vous pouvez retirer votre consentement à tout moment. Accepter et continuer."),
        ("", "Подтвердите, что запросы отправляли вы, а не робот. Нам очень жаль, но запросы с вашего устройства похожи на автоматические."),
        ("白浜島でコウノトリのひな誕生", "この記事は有料会員限定です。残り1,204文字。会員登録すると続きをお読みいただけます。ログインはこちら。"),
        ("", "您的访问出错了。请完成安全验证后继续访问。请求ID：8f2a11。"),
        ("", "Reklam engelleyici kullandığınızı tespit ettik. Siteye devam etmek için lütfen reklam engelleyicinizi kapatın ve sayfayı yenileyin."),
        ("", "로그인이 필요한 서비스입니다. 회원가입 후 이용해 주세요. 아이디 찾기 비밀번호 찾기"),
        ("Frana sulla provinciale", "Questo contenuto è riservato agli abbonati. Sei già abbonato? Accedi. Abbonati a 1 euro al mese per i primi tre mesi."),
        ("", "Wij gebruiken cookies om uw ervaring te verbeteren. Door op akkoord te klikken geeft u toestemming. Lees ons cookiebeleid. Akkoord."),
        ("Oops", "Oops. Parece que a página que você está tentando acessar não existe."),
        ("Subscribe to read", "Subscribe to read this article. Already a subscriber? Sign in to your account."),
    ],
)  # fmt: skip
def test_what_asks_to_subscribe_is_still_a_wall(title: str, text: str) -> None:
    assert clean(Article(id="1", title=title, text=text)).kind == "wall"


@pytest.mark.parametrize(
    "names",
    ["Nora Lindt, Bay Post", "NORA LINDT and JIM OAKES", "Jana Brandt und Ole Kern", "Maud Simon et Luc Faure", "Por Ana Reis, Jornal do Vale — Barra Funda", "Door onze verslaggever", "Von unserem Korrespondenten", "Da nostro inviato", "Redacción"],
)  # fmt: skip
def test_names_alone_above_a_text_go(names: str) -> None:
    title, paragraphs = TEXTS["en"]
    assert kept(clean(Article(id="1", title=title, text="\n\n".join([names, *paragraphs])))) == paragraphs


@pytest.mark.parametrize("line", ["Siti Rahma, Bandung", "Harton 41, Bewley 38"])
def test_lists_of_names_stay(line: str) -> None:
    text = f"{line}\nJoko Anwar Saputra, Solo\nMaria Tambunan, Medan"
    assert line in clean(Article(id="1", title="Daftar Pemenang", text=text)).text


def test_turkish_bytes_are_told_from_those_of_other_western_languages() -> None:
    text = " ".join(TEXTS["tr"][1])
    assert decoded(text.encode("cp1254")) == text
    icelandic = "Það er óvíst hvort þingið kæmi saman á þriðjudag og hvort ýmis mál yrðu rædd eða samþykkt."
    assert not set("ğış") & set(decoded(icelandic.encode("cp1252")))


def test_json_within_a_text_keeps_its_meaning() -> None:
    text = 'The service answered {"a": "b"} and stopped.'
    assert without_markup(text) == text == json.loads(json.dumps(text))
