"""A newsroom's notes on its own text, names beside a paper's, shortcodes: they go, and news about corrections stays."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.notes import is_note
from clusterer.core.model import Article

TOLD = "Two people were hurt when a barn burnt down outside Oakbury on Tuesday. The cause is not known, the fire service said."
NOTES = [
    "Correction: An earlier version of this article misstated the day of the fire. It was Tuesday, not Monday.",
    "• This story was amended on 5 March 2026 to correct the name of the barn's owner.",
    "Editor's note: This story has been updated with new figures.",
    "(Corrects the number of people hurt in the second paragraph)",
    "In einer früheren Version dieses Artikels hieß es, die Scheune sei am Montag abgebrannt. Wir haben den Fehler korrigiert.",
    "Anmerkung der Redaktion: Die Zahl der Verletzten wurde berichtigt.",
    "Rectificatif : une version précédente de cet article indiquait que la grange avait brûlé lundi.",
    "Este artículo ha sido corregido: el incendio fue el martes.",
    "Una versione precedente di questo articolo collocava l'incendio lunedì.",
    "Uma versão anterior deste texto dizia que o incêndio foi na segunda-feira.",
    "In een eerdere versie van dit artikel stond dat de schuur maandag afbrandde.",
    "We wcześniejszej wersji artykułu podaliśmy, że stodoła spłonęła w poniedziałek.",
    "В предыдущей версии этой статьи говорилось, что амбар сгорел в понедельник.",
    "У попередній версії цієї статті йшлося про понеділок.",
    "Σε προηγούμενη έκδοση του άρθρου αναφερόταν η Δευτέρα.",
    "Bu haberin önceki sürümünde yangının pazartesi çıktığı yazılmıştı.",
    "Artikel ini telah diperbarui dengan jumlah korban terbaru.",
    "お詫びと訂正：当初の記事で火災の日を誤っていました。",
    "更正：本文早前版本误报了火灾日期。",
    "정정: 화재 날짜를 화요일로 바로잡습니다.",
    "تصحيح: ذكرت نسخة سابقة من هذا المقال أن الحريق وقع يوم الاثنين.",
    "इस खबर के पिछले संस्करण में दिन गलत था।",
]
NEWS = [
    "A newspaper printed a correction on Tuesday of a report from 1876, whose first version had misspelt the name of the hangman.",
    "The bank said that an earlier version of its forecast had been too bright.",
    "The correction of house prices has begun, economists say.",
    "Dieser Text wurde in Stein gemeißelt und ist zweitausend Jahre alt.",
    "The law was amended on Monday and has been updated since.",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_above_or_below_the_text_goes(note: str) -> None:
    for lines in ((TOLD, note), (note, TOLD)):
        document = clean(Article(id="x", title="Barn burns down near Oakbury", text="\n\n".join(lines)))
        assert document.text == TOLD
        assert [cut.reason for cut in document.cuts] == ["note"]


@pytest.mark.parametrize("line", NEWS)
def test_news_of_corrections_stays(line: str) -> None:
    assert not is_note(line)


def test_a_note_that_is_all_there_is_stays() -> None:
    assert clean(Article(id="x", title="Correction", text=NOTES[0])).text == NOTES[0]


@pytest.mark.parametrize("line", ["Mara Veldt | Oakbury Times", "Mara Veldt and Jon Pike | The Oakbury Times"])
def test_an_author_beside_a_paper_goes(line: str) -> None:
    for lines in ((TOLD, line), (line, TOLD)):
        assert clean(Article(id="x", title="Barn burns down", text="\n\n".join(lines))).text == TOLD


@pytest.mark.parametrize(
    "sent",
    [
        '[caption id="attachment_7" align="left" width="300"]Smoke over Oakbury[/caption] ' + TOLD,
        TOLD + '\n\n[gallery ids="1,2,3" columns="2"]',
        "![Smoke over Oakbury](https://example.org/a.jpg)\n\n" + TOLD,
        "[vc_row width='full']" + TOLD + "[/vc_row]",
    ],
)
def test_shortcodes_that_a_feed_did_not_fill_in_go(sent: str) -> None:
    assert clean(Article(id="x", title="Barn burns down", text=sent)).text == TOLD


@pytest.mark.parametrize("said", ["[he said]", "[sic]", "[gallery]", "an array [a=1]", "[1]", "see [note id] below"])
def test_brackets_of_a_writer_stay(said: str) -> None:
    assert said in clean(Article(id="x", title="Barn burns down", text=f"{TOLD} It was {said} on Monday.")).text


@pytest.mark.parametrize(
    "label",
    [
        "【あわせて読みたい】消防、乾燥に注意呼びかけ",
        "[관련기사] 소방당국, 건조 주의 당부",
        "[Read also] Firefighters warn of drought",
    ],
)
def test_a_label_in_brackets_goes_with_its_link(label: str) -> None:
    assert (
        clean(Article(id="x", title="Barn burns down", text=f"{TOLD}\n\n{label}\n\nNobody lived there.")).text
        == f"{TOLD}\n\nNobody lived there."
    )
