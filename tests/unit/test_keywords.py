"""Names and keywords of a cluster as an editor would write them; texts of our own, in several languages."""

# ruff: noqa: E501

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.evidence.evidence import LEAD, NAME, TITLE, Sparse, extract
from clusterer.core.faces.datelines import without_capitals
from clusterer.core.faces.keywords import keywords_and_names
from clusterer.core.faces.offices import is_office
from clusterer.core.faces.terms import Voice, telling
from clusterer.core.faces.written import Written
from clusterer.core.model import Document


def voice(title: str, text: str, lang: str = "en", source: str | None = None, read: bool = True) -> Voice:
    document = Document(title, text, lang=lang)
    return Voice(extract(document), title, source, document if read else None)


def shown(*voices: Voice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return keywords_and_names(voices, telling(voices), 10, 10)


# Language, two titles with their texts, names that are shown and what is not among them.
NAMES = [
    ("en", [("Harbour talks stall", "The talks with Lee Ho-jin stalled. Secretary of State Vera Lund flew home on Friday. Lund said the Green Vale Hospital would stay open, and the Green Vale Hospital agreed."), ("Lund leaves talks", "In the capital Vera Lund met Lee Ho-jin and his staff. Lund was tired. The Green Vale Hospital stays.")],
     {"Vera Lund", "Lee Ho-jin", "Green Vale Hospital"}, {"State Vera", "State Vera Lund", "Lee Ho", "Vale Hospital", "Lund", "Vera", "Friday"}),
    ("en", [("Port strike spreads", "The strike by members of the PWU reached Ostrel, Fenwick and Tarn. Sen. Nora Quill wants talks. The PWU said that Ostrel, Fenwick and Tarn were closed."), ("Ports stay shut", "The PWU closed the ports of Ostrel, Fenwick and Tarn, and Sen. Nora Quill (R-Ost.) called for talks with the PWU.")],
     {"PWU", "Ostrel", "Nora Quill"}, {"Pwu", "Ostrel Fenwick", "Sen", "Sen Nora", "Quill", "R-Ost"}),
    ("en", [("Dam bursts in Korvia", "The dam in Korvia burst. The Korvian army came, and Korvia asked its neighbours for help. Prime Minister Tomas Hale thanked the Korvian army."), ("Korvian dam gone", "In Korvia the Korvian army searched the valley. Late at night Prime Minister Tomas Hale spoke, and Hale wept.")],
     {"Korvia", "Tomas Hale"}, {"Korvian", "Minister Tomas", "Prime Minister Tomas Hale"}),
    ("de", [("Keller tritt zurück", "Am Abend trat die Bürgermeisterin zurück. Für Anna Keller war es ein schwerer Tag, sagte Keller. Mit Bundeskanzlerin Ruth Ahlers sprach Keller nicht."), ("Rücktritt nach Streit", "Nach dem Streit ging Anna Keller. Später dankte Bundeskanzlerin Ruth Ahlers, und Keller schwieg.")],
     {"Anna Keller", "Ruth Ahlers"}, {"Keller", "Bundeskanzlerin Ruth", "Anna", "Ahlers"}),
    ("es", [("Cierra el hospital de Lumbra", "El Hospital Santa Rosalba cerró sus puertas. La ministra Inés Valcárcel pidió calma y el Hospital Santa Rosalba calló. Valcárcel viajará a Lumbra."), ("Valcárcel viaja a Lumbra", "En Lumbra, la ministra Inés Valcárcel visitó el Hospital Santa Rosalba. Valcárcel no habló.")],
     {"Inés Valcárcel", "Hospital Santa Rosalba"}, {"Santa Rosalba", "Rosalba", "Inés", "Valcárcel"}),
    ("fr", [("Grève à Morvaux", "La maire de Morvaux, Claire Destin-Roy, a reçu la CGDF. Claire Destin-Roy promet une réponse à la CGDF."), ("Morvaux en grève", "À Morvaux, la CGDF maintient la grève. Pour Claire Destin-Roy, il faut parler avec la CGDF.")],
     {"Claire Destin-Roy", "CGDF", "Morvaux"}, {"Cgdf", "Destin Roy", "Claire Destin"}),
    ("it", [("Frana a Montelusa", "La frana ha isolato Montelusa. Il sindaco Carlo De Santis ha chiesto aiuto a Montelusa Servizi. Per Carlo De Santis serve tempo."), ("Montelusa isolata", "A Montelusa il sindaco Carlo De Santis ha parlato con gli abitanti. Per De Santis serve tempo.")],
     {"Carlo De Santis", "Montelusa"}, {"De Santis", "Carlo De", "Santis"}),
    ("ru", [("Пожар в Заречье", "В Заречье сгорел склад. Губернатор Игорь Ветлугин приехал в Заречье ночью, и Ветлугин говорил с жителями. На складе завода АРЗ никого не было, сообщил АРЗ."), ("Склад сгорел", "Ночью в Заречье сгорел склад завода АРЗ. Как сказал Игорь Ветлугин, в Заречье всё спокойно, и АРЗ работает.")],
     {"Игорь Ветлугин", "АРЗ"}, {"Арз", "Игорь", "Ветлугин"}),
    ("tr", [("Köprü kapandı", "Şehirde köprü kapandı. Toplantıda Belediye Başkanı Selim Karaoğlu konuştu ve Karaoğlu özür diledi."), ("Köprü ne zaman açılacak", "Dün Belediye Başkanı Selim Karaoğlu geldi. Sonra Karaoğlu gitti.")],
     {"Selim Karaoğlu"}, {"Başkanı Selim", "Karaoğlu", "Selim"}),
]  # fmt: skip


def test_names_are_whole_across_an_ampersand_and_an_abbreviation() -> None:
    text = "Shares of Hull & Barrow fell in St. Aldric. In St. Aldric the Vice President of Hull & Barrow, J. T. Moss, resigned."
    _, names = shown(voice("Shares fall", text), voice("Moss resigns", text))
    assert {"Hull & Barrow", "St Aldric", "J T Moss"} <= set(names)
    assert not {"Hull", "Barrow", "Aldric", "Vice President"} & set(names)


@pytest.mark.parametrize(("lang", "articles", "are", "are_not"), NAMES)
def test_names_are_shown_in_full_as_the_texts_write_them(
    lang: str, articles: list[tuple[str, str]], are: set[str], are_not: set[str]
) -> None:
    _, names = shown(*(voice(title, text, lang) for title, text in articles))
    assert are <= set(names)
    assert are_not.isdisjoint(names)


def test_without_texts_names_are_the_words_that_were_kept() -> None:
    title, text = "Lund leaves talks", "In the capital Vera Lund met the staff, and Vera Lund left."
    _, names = shown(voice(title, text, read=False), voice(title, text, read=False))
    assert names == ("Vera Lund",)


def test_a_name_that_stands_for_itself_is_not_made_a_longer_one() -> None:
    text = "The shop of Orlo burned. Orlo is rich, and Orlo will build it again. In May Orlo Holdings paid. With Orlo it is so."
    _, names = shown(voice("Orlo burns", text), voice("Orlo again", text))
    assert "Orlo" in names


def test_two_people_of_one_name_are_both_named() -> None:
    text = (
        "The brothers met. In court Aldo Brenk wept and Tito Brenk laughed. Then Aldo Brenk left, and Tito Brenk too."
    )
    _, names = shown(voice("Brothers in court", text), voice("Brenk trial", text))
    assert {"Aldo Brenk", "Tito Brenk"} <= set(names)
    assert "Brenk" not in names


def test_a_first_name_alone_is_its_persons_and_a_places_name_is_not_its_clubs() -> None:
    text = "Mira Dunlop sang. Later Mira wept, said Dunlop. In the final the Ostrel Hawks won. In Ostrel the Hawks are loved, and Ostrel danced."
    _, names = shown(voice("Singer weeps", text), voice("Hawks win", text))
    assert {"Mira Dunlop", "Ostrel Hawks", "Ostrel"} <= set(names)
    assert not {"Mira", "Dunlop"} & set(names)


def test_what_an_office_owns_is_named_in_full() -> None:
    text = "Nobody was hurt, said the Tarn County Sheriff's Office. Sheriff Ada Bolt of the Tarn County Sheriff's Office came, and Ada Bolt left."
    _, names = shown(voice("Shots in Tarn", text), voice("Shots fired", text))
    assert {"Tarn County Sheriff's Office", "Ada Bolt"} <= set(names)
    assert not {"Office", "County", "Sheriff Ada Bolt"} & set(names)


def test_what_describes_a_person_is_no_name() -> None:
    text = (
        "The bill of Sen. Nora Quill, D-West Korvia, failed. The Ostrel Republican laughed, and the Ostrel Republican left. In a talk "
        "Senate Democrats met FBI Special Agent in Charge Leo Marsh at noon PWU EST. Nora Quill, D-West Korvia, told Special Agent in "
        "Charge Leo Marsh that Senate Democrats had met the PWU at noon PWU EST."
    )
    _, names = shown(voice("Bill fails", text), voice("A bill and its end", text))
    assert {"Nora Quill", "West Korvia", "Senate Democrats", "Leo Marsh", "PWU"} <= set(names)
    assert not {"D-West Korvia", "D-West", "Ostrel Republican", "Special Agent", "Charge Leo Marsh", "PWU EST"} & set(
        names
    )


def test_a_short_name_that_no_text_shows_is_not_guessed_at() -> None:
    texts = "The FBI asked for help in Ostrel, said the FBI.", "Calls went to the FBI from Ostrel. The FBI came."
    unread = [voice("", text, read=False) for text in texts]
    _, names = shown(*unread)
    assert names == ("Ostrel",)
    _, names = shown(*unread, voice("FBI asks for help", texts[0], read=False))
    assert set(names) == {"Ostrel", "FBI"}
    _, names = shown(*unread, voice("", texts[0]))
    assert set(names) == {"Ostrel", "FBI"}


def test_an_article_behind_a_dateline_and_a_legal_form_are_no_part_of_a_name() -> None:
    text = (
        "KELLBRIDGE, Vellen (CP) — An Ostrelian court fined Hull Motors Ltd on Monday. Chief Executive Lea Moss of Hull "
        "Motors will pay. It is an Ostrelian fine. In the court Hull Motors Ltd said so, and Lea Moss wept."
    )
    _, names = shown(voice("Court fines maker", text), voice("Maker fined", text))
    assert {"Hull Motors", "Lea Moss"} <= set(names)
    assert not {"An Ostrelian", "Hull Motors Ltd", "Executive Lea Moss"} & set(names)


def test_inflected_forms_of_one_keyword_are_shown_once() -> None:
    first = voice(
        "Donors leave the museum", "The donors left. One donor wrote a letter about the museums, and each donor signed."
    )
    second = voice(
        "Donor anger grows", "Each donor is angry with the museum, and the donors said so. The museums wait."
    )
    keywords, _ = shown(first, second)
    assert len({"donor", "donors"} & set(keywords)) == 1
    assert len({"museum", "museums"} & set(keywords)) == 1


def test_a_letter_by_itself_and_a_word_that_comes_once_are_no_keywords() -> None:
    text = "The U.S. envoy met the guild of weavers. The weavers want wool. Somewhere a trombone played. R. is the first letter."
    keywords, _ = shown(voice("Envoy meets weavers", text))
    assert {"envoy", "weavers"} <= set(keywords)
    assert not {"u", "s", "r", "trombone"} & set(keywords)


def test_what_one_site_says_on_each_page_is_no_keyword_of_what_several_report() -> None:
    pages = [
        (
            "one.example",
            "Media caption unsupported. The ferry sank off the reef. Tap the loudspeaker for captions. Loudspeaker off.",
        )
    ] * 3
    pages += [("two.example", "The ferry sank off the reef at dawn, and divers searched the reef.")] * 2
    keywords, _ = shown(*(voice("Ferry sinks", text, source=source) for source, text in pages))
    assert {"ferry", "reef"} <= set(keywords)
    assert not {"loudspeaker", "unsupported", "captions"} & set(keywords)


def test_words_of_scripts_without_spaces_are_whole() -> None:
    zh = [
        ("委内瑞拉逮捕逃犯", "委内瑞拉警方逮捕逃犯。该逃犯曾贿赂海军。"),
        ("逃犯在委内瑞拉落网", "海军贿赂案逃犯在委内瑞拉落网。"),
    ]
    keywords, _ = shown(*(voice(title, text, "zh") for title, text in zh))
    assert {"委内瑞拉", "逃犯"} <= set(keywords)
    assert not {"委内", "内瑞", "瑞拉", "在委"} & set(keywords)


def test_a_keyword_is_written_as_in_the_texts() -> None:
    de = voice(
        "Haushalt beschlossen",
        "Der Landtag hat den Haushalt beschlossen. Über den Haushalt stritt der Landtag lange.",
        "de",
    )
    assert "Haushalt" in shown(de)[0]
    en = voice("New ePod sold", "The new ePod is on sale. Buyers of an ePod wait, and each ePod is late.")
    assert {"ePod"} & {*shown(en)[0], *shown(en)[1]}


def test_a_headline_in_capitals_says_nothing_about_names() -> None:
    lines = "Storm Hits Quiet Coast Towns Before Dawn Today\nThe storm hit the coast. In the towns of the coast the storm tore roofs off."
    written = Written([Document("", lines, lang="en")])
    assert written.name("storm") is None
    assert written.name("quiet coast") is None


def test_a_place_in_capitals_before_a_report_is_named_as_names_are() -> None:
    text = "TESSALY BAY (Corvane Press) - A ferry ran aground off Tessaly Bay, and lifeboats left Kellbridge."
    written = Written([Document("", text, lang="en")])
    assert written.name("tessaly bay") == "Tessaly Bay"
    assert without_capitals("Talks on\nSAO PAULO/OSLO — A deal.") == "Talks on\nSao Paulo/OSLO — A deal."
    assert without_capitals("KELLBRIDGE, Vellen - A quake.") == "Kellbridge, Vellen - A quake."


@pytest.mark.parametrize(
    "text", ["NATO - the alliance - met.", "The TDU and the NATO met.", "FIRE IN HALVERN", "A STORM! - it came"]
)
def test_what_is_no_dateline_keeps_its_capitals(text: str) -> None:
    assert without_capitals(text) == text


@given(st.text(st.sampled_from("ABİß -–,(\n"), max_size=40))
def test_a_dateline_keeps_its_length(text: str) -> None:
    assert len(without_capitals(text)) == len(text)


@pytest.mark.parametrize(
    "word", ["Sen.", "President", "President's", "Außenministerin", "Parteichef", "Cumhurbaşkanı", "Frau"]
)
def test_offices_are_known(word: str) -> None:
    assert is_office(word)


@pytest.mark.parametrize("word", ["Chef", "Meister", "King", "Pope", "Senate", "Anna", "Don", "minister-wide"])
def test_what_only_looks_like_an_office_is_none(word: str) -> None:
    assert not is_office(word)


def test_of_a_large_cluster_only_the_strongest_words_are_looked_at() -> None:
    """A list of the largest clusters draws many faces at once; a word that stands behind five hundred others is not shown."""
    rare = Sparse(
        tuple(f"word{number}" for number in range(90)), bytes([1]) * 90, bytes([LEAD | NAME]) * 90, bytes([90]) * 90
    )
    voices = [
        Voice(
            Sparse(tuple(f"{word}x{number // 2}" for word in rare.terms), rare.counts, rare.kinds, rare.rarity),
            "",
            f"Outlet {number}",
        )
        for number in range(200)
    ]
    told = Voice(Sparse(("lumbra",), bytes([9]), bytes([TITLE | NAME]), bytes([120])), "Lumbra", "Echo")
    terms = telling([told, *voices, told])
    assert len(terms) == 500
    assert max(terms, key=lambda term: terms[term].strength) == "lumbra"


def test_a_word_that_one_source_alone_has_says_nothing_of_three_articles() -> None:
    one = Sparse(("harbour", "lumbra"), bytes([3, 3]), bytes([LEAD | NAME] * 2), bytes([90, 90]))
    other = Sparse(("lumbra",), bytes([3]), bytes([LEAD | NAME]), bytes([90]))
    named = [Voice(one, "", "Echo"), Voice(one, "", "Echo"), Voice(other, "", "Post")]
    assert set(telling(named)) == {"lumbra"}
    unnamed = [Voice(one, ""), Voice(one, ""), Voice(other, "", "Post")]
    assert set(telling(unnamed)) == {"harbour", "lumbra"}


def test_who_made_the_picture_and_who_sent_the_report_are_no_names_of_the_event() -> None:
    one = "The dam at Holm has been mended, said Petra Wolny. [Photo: Nils Aker/AFP] Water flows again."
    other = "Holm (dpa) - Engineers mended the dam at Holm, said Petra Wolny. (Foto: Nils Aker)"
    _, names = shown(voice("Dam at Holm mended", one), voice("Holm dam repaired", other))
    assert {"Holm", "Petra Wolny"} <= set(names)
    assert not {"Nils Aker", "Aker", "Nils", "AFP", "dpa", "Dpa"} & set(names)


def test_a_paper_that_speaks_of_itself_is_named_only_where_a_title_names_it() -> None:
    text = "Lena Brook of Trent told the Vale Courier that she leaves. The Vale Courier asked why."
    for title, is_named in (("Lena Brook leaves", False), ("Vale Courier asks Lena Brook", True)):
        _, names = shown(voice(title, text, source="Vale Courier"), voice(title, text, source="Post"))
        assert ("Vale Courier" in names) is is_named
        assert "Lena Brook" in names


def test_the_article_of_an_arabic_name_is_a_part_of_it() -> None:
    one = "The writer Yusuf al-Masri was released in Qasrabad. Yusuf al-Masri had been held for years."
    other = "In Qasrabad the writer Yusuf al-Masri was freed, said the lawyer of Yusuf al-Masri."
    _, names = shown(voice("Writer freed", one), voice("Writer released", other))
    assert "Yusuf al-Masri" in names
