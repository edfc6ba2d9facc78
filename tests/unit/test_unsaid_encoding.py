"""Bytes that say nothing of their encoding, in the ones that each language was written in before Unicode. Texts are our own."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from clusterer.core.cleaning.decoding import decoded

TEXTS = {
    "cs": ("cp1250 iso8859_2", "Starosta Horní Vsi řekl, že nová škola bude otevřena v září. Děti zatím jezdí autobusem do Lipové, což je příliš daleko."),
    "sk": ("cp1250 iso8859_2", "Mesto Podlužany opraví most cez rieku. Vodiči budú musieť obchádzať ďalšie dva týždne, uviedol starosta Ľubomír Šťastný."),
    "pl": ("cp1250 iso8859_2", "Strażacy z Lubczy ugasili w nocy płonącą stodołę. Ogień zauważył sąsiad, który wracał z pracy. Nikt nie został ranny."),
    "hu": ("cp1250 iso8859_2", "Őszi Györgyi polgármester szerint a kisfalui könyvtár felújítása tavasszal kezdődik, és több mint két évig tart."),
    "ro": ("cp1250 iso8859_2", "Primăria din Valea Lungă anunţă că podul va fi închis până sâmbătă. Şoferii sunt rugaţi să ocolească prin Brădeşti."),
    "hr": ("cp1250 iso8859_2", "Gradonačelnica Brezovice obećala je da će nova knjižnica biti otvorena u rujnu. Građani traže više mjesta za čitanje."),
    "lt": ("cp1257", "Šilalių savivaldybė nusprendė senąją stotį paversti vaikų biblioteka. Darbai prasidės pavasarį ir truks dvejus metus."),
    "lv": ("cp1257", "Pašvaldība nolēma veco staciju pārveidot par bērnu bibliotēku. Darbi sāksies pavasarī un ilgs divus gadus, sacīja mērs."),
    "et": ("cp1257", "Linnavalitsus otsustas vana jaama ümber ehitada lasteraamatukoguks. Tööd algavad kevadel ja kestavad kaks aastat, ütles Žanna Šmidt."),
    "tr": ("cp1254", "Gümeli Belediyesi eski garı çocuk kütüphanesine dönüştürüyor. İnşaat ilkbaharda başlayacak, açılış iki yıl sonra yapılacak."),
    "de": ("cp1252", "Die Bücherei in Wenholt öffnet im Frühjahr. „Darauf haben wir gewartet“, sagte Bürgermeister Jörg Größler."),
    "fr": ("cp1252", "La bibliothèque de Cernay rouvrira dès l’été, a annoncé le maire. Les élèves y étaient déjà privés d’accès après les dégâts."),
    "es": ("cp1252", "La alcaldía de Torreblanca reabrirá la biblioteca después del verano. ¿Quién pagará? «Todavía no está decidido», dijo Peña."),
    "pt": ("cp1252", "A câmara de Monte Redondo reabre a biblioteca após as obras. As crianças não tinham onde ler desde a inundação, há dois anos."),
    "it": ("cp1252", "La biblioteca di Valdorno riaprirà perché così è stato deciso in consiglio. «È più che un’emergenza», dice la sindaca. Costerà di più."),
    "sv": ("cp1252", "Kommunen öppnar biblioteket i Lindvik efter sommaren. Barnen har fått låna böcker i kyrkan, säger Åsa Möller."),
    "da": ("cp1252", "Kommunen åbner biblioteket i Søby efter sommeren. Børnene har måttet låne bøger i kirken, siger Æblerøds borgmester."),
    "fi": ("cp1252", "Kirjasto avataan kesän jälkeen. Lapset ovat lainanneet kirjoja kirkosta, sanoo kaupunginjohtaja Pärttyli Häkämäki."),
    "is": ("cp1252", "Bókasafnið í Sandvík verður opnað í haust. Börnin hafa fengið bækur að láni í kirkjunni, sagði bæjarstjórinn Þóra Óðinsdóttir."),
    "ru": ("cp1251 koi8_r", "Библиотека в Луговске откроется осенью. Дети брали книги в школе, рассказал мэр города. Ремонт продолжался два года."),
    "uk": ("cp1251", "Бібліотека у Вишневому відкриється восени. Діти брали книжки у школі, розповів міський голова. Ремонт тривав два роки."),
    "el": ("cp1253", "Η βιβλιοθήκη του Αιγιαλού θα ανοίξει το φθινόπωρο. Τα παιδιά δανείζονταν βιβλία από την εκκλησία, είπε ο δήμαρχος."),
    "ja": ("cp932 euc_jp", "北浜市の図書館は秋に再開する。子どもたちは学校で本を借りていたと市長は話した。改修には二年かかった。"),
    "ko": ("cp949", "가람시 도서관이 가을에 다시 문을 연다. 아이들은 그동안 학교에서 책을 빌렸다고 시장이 말했다."),
    "zh": ("gb18030", "临江市图书馆将于秋季重新开放。市长说，孩子们此前一直在学校借书。改建历时两年。"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "encoding"), [(lang, one) for lang, (names, _) in TEXTS.items() for one in names.split()]
)
def test_what_the_letters_say(lang: str, encoding: str) -> None:
    text = TEXTS[lang][1]
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("lang", ["hu", "lt", "pl", "tr", "lv"])
def test_a_name_from_elsewhere_does_not_mislead(lang: str) -> None:
    names, text = TEXTS[lang]
    encoding = names.split()[0]
    text = f"{text} {text} {text} {text} Thomas Müller"
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["Café", "The mayor, José, said so.", "The price rose by £5 – or 3½ per cent."])
def test_few_letters_are_those_of_the_west(text: str) -> None:
    assert decoded(text.encode("cp1252")) == text
