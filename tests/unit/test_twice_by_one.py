"""Two short reports that one source published within a day: two matters of one town, court or office, or one matter told again."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clusterer.core.clustering.telling import TWICE_BY_ONE, Telling
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ALIKE = np.ones(4, np.float32) / 2  # so near in meaning that nothing else parts them

# (language, title and text of the one, of the other)
MATTERS = [
    ("en", "Cyclist killed by lorry in Wrexcombe", "A cyclist of 44 was killed when a lorry turned across her path at the Mill Lane crossing in Wrexcombe on Wednesday morning, Sergeant Ida Cole said. The driver, who was unhurt, is being questioned. Witnesses are asked to call the station at Bridge Street.",
     "Pensioner robbed of savings in Wrexcombe", "A pensioner of 81 was robbed of his savings by two men who said that they came from the waterworks, Sergeant Ida Cole said in Wrexcombe on Wednesday. They took the tin in which he kept them. Witnesses are asked to call the station at Bridge Street."),
    ("fr", "Lurcy : le boulanger jugé pour fraude", "Le tribunal de Lurcy a jugé mercredi un boulanger poursuivi pour fraude à la farine. Trois mois de prison avec sursis ont été requis par la procureure Agnès Vial. Le jugement sera rendu le 20 mars.",
     "Lurcy : un chasseur relaxé", "Le tribunal de Lurcy a relaxé mercredi un chasseur qui avait tué par mégarde le chien de son voisin. Six mois de prison avaient été requis par la procureure Agnès Vial. Le parquet ne fera pas appel de la relaxe."),
    ("es", "Villasierra arregla el mercado", "El Ayuntamiento de Villasierra destinará dos millones a arreglar el mercado, anunció este miércoles el concejal Blas Ortuño. Las obras durarán un año y los puestos se trasladarán a la plaza.",
     "Multas a los patinetes", "El Ayuntamiento de Villasierra pondrá multas de cien euros a los patinetes que circulen por la acera, anunció este miércoles el concejal Blas Ortuño. La ordenanza entrará en vigor en junio."),
    ("tr", "Fırında patlama", "Yeniköy'de bir fırında çarşamba sabahı patlama oldu. İki işçi yaralandı, camlar kırıldı. Vali Nuri Aksoy soruşturma başlatıldığını söyledi.",
     "Okul servisi devrildi", "Çocukları taşıyan okul servisi Yeniköy çıkışında devrildi. Dört öğrenci hastaneye götürüldü. Vali Nuri Aksoy şoförün gözaltında olduğunu bildirdi."),
    ("hi", "पुलिस ने बाइक चोर पकड़े", "हरिपुर पुलिस ने बुधवार को बाइक चुराने वाले तीन युवकों को गिरफ्तार किया। उनके पास से दस बाइक मिलीं। थाना प्रभारी मोहन रावत ने बताया कि बाइक दूसरे राज्य में बेची जाती थीं।",
     "नकली दवा बेचने वाला दुकानदार धरा गया", "हरिपुर के बड़े बाजार में छापे के दौरान नकली दवा की दो पेटी मिली। दुकानदार को हिरासत में लिया गया। मोहन रावत के अनुसार दवा की जांच प्रयोगशाला में होगी।"),
    ("sv", "Älg stoppade tåget", "En älg på spåret stoppade i onsdags tåget till Vidsele i två timmar. Tågvärden Karin Moe delade ut kaffe, och älgen gick till slut sin väg.",
     "Biblioteket får nytt tak", "Biblioteket i Vidsele får ett nytt tak till hösten. Taket har läckt i två år, säger kommunalrådet Karin Moe. Böckerna flyttas till skolan under tiden."),
]  # fmt: skip

# The title is a heading of its own, whose words the text does not take up, and the text names nothing.
HEADINGS = [
    ("de", "POL-WR: Kupferdiebstahl", "Von einer Baustelle hat ein Unbekannter am Dienstag Kabel mitgenommen. Es entstand ein Schaden von 4000 Euro. Wer etwas beobachtet hat, wird gebeten, sich bei der Polizei zu melden.",
     "POL-WR: Wildunfall", "Auf der Landstraße hat ein Unbekannter am Dienstag nach einem Zusammenstoß mit einem Reh Fahrerflucht begangen. Es entstand ein Schaden von 1500 Euro. Wer etwas beobachtet hat, wird gebeten, sich bei der Polizei zu melden."),
    ("en", "Police report: burglary", "A man took tools from a shed while the owner slept. He left by the back gate on a child's bicycle.",
     "Police report: noise", "A man played the trumpet on a balcony at three in the morning and was asked to stop. He left it at that."),
    ("en", "Sticky fingers", "Someone took tools from a shed while the owner slept and left by the back gate on a child's bicycle.",
     "Blowing his own horn", "Someone played the trumpet on a balcony at three in the morning and was asked to stop by a tired sergeant."),
]  # fmt: skip
# One matter under two such titles: the texts, or a title and a text, name the same.
HEADED_AGAIN = [
    ("en", "Sticky fingers", "Someone took tools from a shed in Wrexcombe while the owner slept and left on a child's bicycle.",
     "Pedal power", "The shed owner of Wrexcombe has his tools back: they lay in a ditch, beside the bicycle."),
    ("en", "Tea for two", "A goat walked into a launderette and ate a curtain. Its owner offered to pay.",
     "Horns of a dilemma", "The owner of the goat that ate a curtain in a launderette has bought a new one."),
    ("de", "Kupferdiebstahl", "Von einer Baustelle hat ein Unbekannter am Dienstag Kabel mitgenommen. Der Schaden liegt bei 4000 Euro.",
     "Täter gefasst", "Der Unbekannte, der Kupfer von einer Baustelle mitgenommen hat, ist gefasst. Der Schaden liegt bei 4000 Euro."),
]  # fmt: skip

# One matter that one source tells again within the day: the second title says what is new.
AGAIN = [
    ("en", "Blast at Wrexcombe bakery injures two", "Two bakers were injured when an oven exploded at a bakery in Wrexcombe on Wednesday morning. The street was closed.",
     "Bakery blast: third victim found", "A third victim was found in the rubble of the bakery in Wrexcombe where an oven exploded on Wednesday morning. Two bakers had been injured in the blast."),
    ("de", "Waldbrand bei Brenzfeld", "Bei Brenzfeld brennt seit Mittwoch früh der Wald auf zwanzig Hektar. Hundert Feuerwehrleute sind im Einsatz.",
     "Waldbrand: Brenzfeld wird geräumt", "Der Waldbrand hat sich auf sechzig Hektar ausgeweitet, nun werden zwei Straßen in Brenzfeld geräumt. Zweihundert Feuerwehrleute sind im Einsatz."),
    ("es", "Descarrila un tren cerca de Montejo", "Un tren de mercancías descarriló el miércoles cerca de Montejo. No hay heridos, pero la línea está cortada.",
     "Montejo: la vía seguirá cortada tras el descarrilamiento del tren", "La línea seguirá cortada hasta el viernes después de que un tren de mercancías descarrilara el miércoles cerca de Montejo."),
    ("pl", "Powódź w Lipnicy", "W Lipnicy rzeka wystąpiła w środę z brzegów i zalała dwie ulice. Strażacy ewakuowali mieszkańców.",
     "Po powodzi w Lipnicy: szkoły zamknięte", "Szkoły w Lipnicy będą zamknięte do piątku, bo powódź zalała dwie ulice. Rzeka wystąpiła w środę z brzegów."),
    ("hi", "हरिपुर में पुल गिरा", "हरिपुर में बुधवार सुबह निर्माणाधीन पुल गिर गया। दो मजदूर मलबे में दब गए।",
     "पुल हादसा: ठेकेदार गिरफ्तार", "हरिपुर में बुधवार सुबह गिरे निर्माणाधीन पुल के ठेकेदार को गिरफ्तार कर लिया गया। मलबे से दो मजदूर निकाले गए।"),
]  # fmt: skip

Report = tuple[str, str, str, str, str]


def lost(
    report: Report, source: str | None = "Marrowby Echo", hours: int | None = 5, longer: int = 0, title: bool = True
) -> float:
    """What the pair loses late in a stream; the other one is of `source`, published so many hours later, or at no known time."""
    lang, *words = report
    known: dict[int, Evidence] = {}
    telling = Telling(lambda seq: known[seq].sparse, lambda seq: known[seq].lead)
    later = None if hours is None else NOON + timedelta(hours=hours)
    for seq, its, at in ((0, "Marrowby Echo", NOON), (1, source, later)):
        heading, text = words[2 * seq : 2 * seq + 2]
        heading = heading if title else ""
        text += " ".join(f" wort{number}" for number in range(seq * longer, (seq + 1) * longer))
        sparse = extract(Document(heading, text, lang=lang))
        known[seq] = Evidence(seq, ALIKE, sparse, at, NOON, source=its, lang=lang, heading=heading)
        telling.meet(known[seq])
    return telling.compare(0, 1, at_first=False)


@pytest.mark.parametrize("report", MATTERS)
def test_two_matters_of_one_place(report: Report) -> None:
    lang, one, its, other, text = report
    assert lost(report) == TWICE_BY_ONE
    assert lost((lang, other, text, one, its)) == TWICE_BY_ONE


@pytest.mark.parametrize("report", HEADINGS)
def test_two_matters_under_headings_of_their_own(report: Report) -> None:
    assert lost(report) == TWICE_BY_ONE
    assert lost(report, source="Harbour Post") == 0.0


@pytest.mark.parametrize("report", [*AGAIN, *HEADED_AGAIN])
def test_one_matter_told_again(report: Report) -> None:
    assert lost(report) == 0.0


@pytest.mark.parametrize("report", MATTERS)
def test_of_two_sources_it_is_not_told(report: Report) -> None:
    assert lost(report, source="Harbour Post") == 0.0
    assert lost(report, source=None) == 0.0


@pytest.mark.parametrize(("hours", "told"), [(24, True), (-24, True), (25, False), (-25, False), (None, False)])
def test_within_a_day(hours: int | None, told: bool) -> None:
    assert (lost(MATTERS[0], hours=hours) == TWICE_BY_ONE) is told


def test_long_articles_come_back_to_a_matter_from_another_side() -> None:
    assert lost(MATTERS[0], longer=20) == TWICE_BY_ONE
    assert lost(MATTERS[0], longer=60) == 0.0


def test_without_titles_there_is_nothing_to_tell_by() -> None:
    assert lost(MATTERS[0], title=False) == 0.0
