"""Two things from one form that only common words tell apart, where the names of both are those of the place, the court or the shop."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clusterer.core.clustering.subjects import Subject, subject_of, two_things
from clusterer.core.evidence.evidence import extract
from clusterer.core.model import Document

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

# (language, title, text, what stands in the title and in the text of the one, and of the other)
FORMS = [
    ("en", "Wrexcombe Magistrates: {0}", "A defendant appeared before Wrexcombe magistrates on Wednesday charged with {0}. The prosecution said that {1}. The defendant pleaded guilty and was ordered to do unpaid work. The bench said that the offence was serious enough for a community order and that compensation would be paid to the victim.",
     ("fraud", "false invoices had been sent to a builder over a period of months"), ("arson", "a shed had been set alight behind an allotment over a dispute about water")),
    ("en", "Parish council notice: {0}", "The parish council of Little Tarn gives notice that it will discuss the {0} at its next meeting in the village hall. Residents may speak for three minutes each if they have told the clerk a day before. {1} Minutes of the meeting will be put up on the notice board and on the website.",
     ("allotments", "Nine plots lie fallow."), ("churchyard", "Two walls lean over the lane.")),
    ("fr", "Rappel de produit : {0}", "Un {0} vendu dans toute la France fait l’objet d’un rappel. {1} Les personnes qui détiennent ce produit sont priées de ne pas l’utiliser et de le rapporter au point de vente, où il sera remboursé. Un numéro vert est à la disposition des consommateurs jusqu’à la fin du mois.",
     ("fromage de chèvre", "Des bactéries ont été détectées lors d’un contrôle."), ("ours en peluche", "Des yeux mal cousus ont été constatés lors d’un contrôle.")),
    ("es", "Un año de prisión por {0}", "El juzgado de lo penal ha condenado a un año de prisión a un vecino por un delito de {0}. Según la sentencia, {1}. El acusado reconoció los hechos y pidió perdón. Contra la sentencia cabe recurso ante la Audiencia Provincial en el plazo de diez días.",
     ("estafa", "vendió por internet móviles que nunca envió"), ("maltrato animal", "dejó morir de sed a varios galgos en un corral")),
    ("tr", "{0} ihalesi yapılacak", "Belediye {1} için ihaleye çıkıyor. Teklifler kapalı zarfla yazı işlerine verilecek. Şartname mesai saatleri içinde görülebilir ve ücretsizdir. Geçici teminat istenecek, iş ortaklığı kabul edilmeyecektir. İhale komisyonu teklifleri aynı gün açacak.",
     ("Asfalt", "asfalt alımı"), ("Temizlik hizmeti", "okul temizliği")),
    ("zh", "市场监管部门通报：召回一批{0}", "市场监管部门4日通报，一家企业召回一批{0}，原因是{1}。消费者应当立即停止使用，并与销售商联系，办理免费更换或者退款。企业设立了热线电话，答复时间为工作日上午九时至下午五时。监管部门将继续督促企业履行义务。",
     ("电饭锅", "内胆涂层容易脱落"), ("儿童滑板车", "刹车可能失灵")),
    ("it", "Tribunale di Roccalta: condanna per {0}", "Il tribunale di Roccalta ha condannato mercoledì un imputato per {0}. Secondo l’accusa {1}. L’uomo ha ammesso i fatti e ha chiesto scusa. La pena è sospesa e la sentenza non è ancora definitiva: la difesa ha annunciato il ricorso in appello entro trenta giorni.",
     ("usura", "prestava denaro ai negozianti al doppio del dovuto"), ("bracconaggio", "tendeva trappole ai cinghiali nella riserva")),
]  # fmt: skip


def subject(lang: str, title: str, text: str) -> Subject:
    return subject_of(extract(Document(title, text, lang=lang)), title, "Marrowby Echo", NOON)


@pytest.mark.parametrize(("lang", "title", "text", "one", "other"), FORMS)
@pytest.mark.parametrize("reverse", [False, True])
def test_a_form_in_which_common_words_differ(
    lang: str, title: str, text: str, one: tuple[str, str], other: tuple[str, str], reverse: bool
) -> None:
    first, second = (subject(lang, title.format(*words), text.format(*words)) for words in (one, other))
    assert two_things(second, first) if reverse else two_things(first, second)


# Reports of one thing that are worded alike: the later title speaks of what is new, the text goes on with the first one's.
UPDATES = [
    ("en", ("Wrexcombe blaze: families leave their homes", "Nine families left their homes in Wrexcombe on Wednesday when a blaze spread through a warehouse of tyres. Smoke drifted over the ring road, and drivers were asked to keep their windows shut. Crews from four towns fought the flames. Nobody was hurt, said the fire chief."),
     ("Wrexcombe blaze: arson suspected", "Nine families left their homes in Wrexcombe on Wednesday when a blaze spread through a warehouse of tyres. Smoke drifted over the ring road, and drivers were asked to keep their windows shut. Crews from four towns fought the flames. Nobody was hurt, said the fire chief. Police suspect arson.")),
    ("es", ("Incendio en un almacén de neumáticos de Villasierra", "Un incendio destruyó el miércoles un almacén de neumáticos en Villasierra. El humo llegó a la autovía y los conductores circularon con las ventanillas cerradas. Acudieron bomberos de cuatro parques. No hay heridos, según el alcalde."),
     ("Villasierra: los vecinos vuelven a sus casas", "Los vecinos han vuelto a sus casas. Un incendio destruyó el miércoles un almacén de neumáticos en Villasierra. El humo llegó a la autovía y los conductores circularon con las ventanillas cerradas. Acudieron bomberos de cuatro parques. No hay heridos, según el alcalde.")),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "first", "later"), UPDATES)
def test_an_update_that_goes_on_in_the_same_words_is_no_form(
    lang: str, first: tuple[str, str], later: tuple[str, str]
) -> None:
    assert not two_things(subject(lang, *first), subject(lang, *later))
