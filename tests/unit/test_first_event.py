"""The first articles of an empty collection: there is nothing yet to show what is usual, so what is presumed counts."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from support.exact_index import ExactIndex

from clusterer.core.clustering.telling import NOTHING_BUT_NAMES, Telling, nothing_but_names
from clusterer.core.clustering.window import Window
from clusterer.core.copies.contrast import SharedMatter
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.scoring.scales import MEANING, best_and_usual
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation.fitting import cluster_stream

START = datetime(2026, 3, 4, 8, tzinfo=UTC)

# Language, title and text of two reports of one event. The cosines below are what the shipped model gives for such pairs.
REPORTS = [
    (
        "en",
        "Warehouse fire in Marrowby drives sixty from their homes",
        "Firefighters worked through the night to contain a blaze that destroyed a furniture warehouse on the edge of Marrowby, forcing about sixty residents to leave their homes. The owner, Teller and Sons, said that stock worth several million had been lost.",
        "Dozens flee as furniture store burns in Marrowby",
        "About sixty people in Marrowby had to leave their homes on Tuesday night when a furniture warehouse caught fire. The owner, Teller and Sons, put the damage at several million.",
    ),
    (
        "en",
        "Ferry capsizes off Port Callan, 12 dead",
        "A ferry with two hundred people on board capsized off Port Callan on Tuesday, and 12 of them died. Harbour master Ann Roe said that the ship had listed within minutes.",
        "Passengers drown as ship goes down near Port Callan",
        "At least a dozen people drowned when a ferry rolled over in calm water near Port Callan. Rescuers led by harbour master Ann Roe pulled dozens from the sea.",
    ),
    (
        "en",
        "Orvane names Nina Castor as chief executive",
        "Carmaker Orvane named Nina Castor, 48, as chief executive on Wednesday. She follows Hugo Prell, who retires after twelve years.",
        "Woman to lead Orvane for the first time",
        "Nina Castor will be the first woman at the head of the carmaker Orvane. Hugo Prell is leaving after twelve years at the wheel.",
    ),
    (
        "de",
        "Zugunglück bei Brenzfeld: dreißig Verletzte",
        "Bei einem Zugunglück nahe Brenzfeld sind am Dienstag dreißig Menschen verletzt worden. Ein Regionalzug entgleiste in einer Kurve. Einsatzleiter Karl Seidel sprach von einem Bild der Verwüstung.",
        "Regionalzug entgleist",
        "Ein Regionalzug ist bei Brenzfeld entgleist, etwa dreißig Menschen kamen in Kliniken. Einsatzleiter Karl Seidel sagte, die Ursache sei offen.",
    ),
    (
        "es",
        "Incendio destruye un mercado en Montejo",
        "Un incendio destruyó el martes el mercado central de Montejo. No hubo heridos, pero cincuenta puestos quedaron reducidos a cenizas, dijo la alcaldesa Rosa Prieto.",
        "Arde el mercado de Montejo",
        "El mercado central de Montejo ardió en la madrugada. La alcaldesa Rosa Prieto prometió ayudas a los dueños de los cincuenta puestos quemados.",
    ),
]
STRANGERS = [
    (REPORTS[0][1:3], REPORTS[1][1:3], 0.15),
    (REPORTS[1][1:3], REPORTS[2][1:3], 0.1),
    (
        REPORTS[0][1:3],
        (
            "Schools in Marrowby to get new roofs",
            "Six schools in Marrowby get new roofs this summer, the council said. The work costs four million and is paid for by the state.",
        ),
        0.31,
    ),
    (
        ("Orvane recalls vans", "Carmaker Orvane recalls 12,000 vans over brakes, it said."),
        ("Rain in the north", "Rain is expected in the north over the weekend, the weather service said."),
        0.05,
    ),
    (
        (
            "Rovers sign striker Paul Adler from Senn",
            "Rovers have signed striker Paul Adler from Senn, the club said. Adler, 24, scored eleven goals.",
        ),
        (
            "Rovers sign goalkeeper Tim Hale from Ladd",
            "Rovers have signed goalkeeper Tim Hale from Ladd, the club said. Hale, 31, replaces the injured keeper.",
        ),
        0.58,
    ),
]

# The same people or the same place on the same day, and another matter.
ANOTHER_MATTER = [
    (
        (
            "Cyclist killed in Kell",
            "A cyclist of 61 died on Monday when a lorry turned right at the Mill Street crossing in Kell, police said.",
        ),
        (
            "Pedestrian hurt in Kell",
            "A woman of 23 was badly hurt on Monday when a tram struck her at Kell central station, police said.",
        ),
        0.38,
    ),
    (
        (
            "Minister Pohl visits flood area",
            "Interior minister Ines Pohl visited the flooded town of Brell on Monday and promised 10 million in aid.",
        ),
        (
            "Minister Pohl wants more police",
            "Interior minister Ines Pohl wants to hire 2,000 police officers by next year, she said on Monday.",
        ),
        0.41,
    ),
    (
        (
            "Rovers sign Lem",
            "Rovers have signed striker Dario Lem for three years, the club said on Monday. He comes from United for 12 million.",
        ),
        (
            "Rovers fined over flares",
            "Rovers must pay 40,000 because fans lit flares in the match against Albion, the league said on Monday.",
        ),
        0.37,
    ),
    (
        (
            "Gunman kills two in Tarn bar",
            "A gunman killed two people in a bar in Tarn on Sunday night and fled on a motorbike, police said.",
        ),
        (
            "Knife attack in Tarn park",
            "A man with a knife hurt three people in a park in Tarn on Sunday afternoon and was arrested, police said.",
        ),
        0.52,
    ),
    (
        (
            "Fire at Olm bakery",
            "A bakery in Olm burned down on Monday morning. The baker smelled smoke at four and got out.",
        ),
        ("Fire on Olm train", "A train caught fire near Olm on Monday evening. All 90 passengers got out unhurt."),
        0.66,
    ),
    (
        (
            "Voss wins chess title",
            "Ada Voss won the national chess championship in Kell on Sunday with nine points from eleven games.",
        ),
        (
            "Voss wins marathon",
            "Ina Voss won the Kell marathon on Sunday in two hours and 31 minutes, the third win in a row for her.",
        ),
        0.72,
    ),
    (
        (
            "Senator Pratt breaks leg",
            "Senator Noel Pratt broke his leg on Thursday when he slipped on ice outside the capitol in Dane.",
        ),
        (
            "Senator Pratt backs dam",
            "Senator Noel Pratt will vote for the Dane dam, he told farmers on Thursday. It would flood two valleys.",
        ),
        0.34,
    ),
    (
        (
            "Pop star Mira Sol cancels tour",
            "Singer Mira Sol has cancelled all concerts in June on the advice of doctors. Tickets can be returned.",
        ),
        (
            "Pop star Mira Sol buys castle",
            "Singer Mira Sol has bought a castle near Gren for nine million, a newspaper says. It has forty rooms.",
        ),
        0.37,
    ),
    (
        (
            "Actress Lena Quist joins spy series",
            "Lena Quist will play a double agent in the third season of the series Cold Harbour, the studio said. Filming begins in Riga in the spring.",
        ),
        (
            "Actress Lena Quist opens school in Malawi",
            "Lena Quist opened a school for 300 girls near Zomba on Tuesday. The actress has paid for the building with the fee of her last film.",
        ),
        0.4,
    ),
    (
        (
            "Kaldor apologises",
            "President Ivo Kaldor apologised on Thursday for remarks about teachers that he had made at a dinner.",
        ),
        ("Kaldor flies to Quill", "President Ivo Kaldor flew to Quill on Thursday to sign a treaty on fish."),
        0.32,
    ),
    (
        ("Kestrel Air grounds jets", "Kestrel Air grounded nine jets over cracks in their wings."),
        ("Kestrel Air hires pilots", "Kestrel Air will hire two hundred pilots for routes to Asia."),
        0.47,
    ),
    (
        ("Bank Verda cuts rates", "Bank Verda lowers interest on savings to one per cent."),
        ("Bank Verda robbed", "Two masked men robbed a branch of Bank Verda at noon."),
        0.43,
    ),
]
ONE_MATTER = [
    (
        ("Singer Oda loses voice", "Singer Oda postponed her concert in Riga with a sore throat."),
        ("Riga concert put off", "Fans in Riga must wait for Oda, who has a throat infection."),
        0.65,
    ),
    (
        ("Lake Ilm ferry sinks", "A ferry sank on Lake Ilm but everybody swam ashore."),
        ("Passengers swim to safety", "All passengers reached the shore of Lake Ilm after their ferry went down."),
        0.74,
    ),
    (
        (
            "Two climbers die on Mount Serre",
            "Two climbers from Austria fell to their death on the north face of Mount Serre on Tuesday. A helicopter recovered them in the evening.",
        ),
        (
            "Austrians killed in fall",
            "A rope broke and two Austrians fell 300 metres on Mount Serre on Tuesday. Rescuers flew their bodies to the valley by helicopter.",
        ),
        0.69,
    ),
    (
        (
            "La presidenta Ibarra cambia a su ministro de Hacienda",
            "La presidenta Carmen Ibarra destituyó el miércoles al titular de Hacienda por sus diferencias sobre el presupuesto.",
        ),
        (
            "Una economista del banco central llega a Hacienda",
            "Tras la pelea por el presupuesto, el ministro de Hacienda deja el gobierno de Carmen Ibarra. Lo sucede una economista.",
        ),
        0.8,
    ),
    (
        (
            "Ostrava Steel fined for dust",
            "Ostrava Steel must pay 300,000 for dust over the Hrad district, the environment office ruled on Thursday.",
        ),
        (
            "Steelmaker to pay for dirty air",
            "The environment office has ordered Ostrava Steel to pay a fine of 300,000 because of dust in Hrad.",
        ),
        0.87,
    ),
    (
        (
            "Kaldor apologises",
            "President Ivo Kaldor apologised on Thursday for remarks about teachers that he had made at a dinner.",
        ),
        (
            "President says sorry to teachers",
            "Ivo Kaldor told teachers on Thursday that he was sorry for what he had said about them.",
        ),
        0.84,
    ),
    (
        (
            "Bridge collapses in Fen",
            "A road bridge over the Wend fell into the river in Fen on Thursday. Two cars went down with it.",
        ),
        (
            "Divers search Wend after collapse",
            "Divers looked for two cars in the Wend on Thursday after a bridge had given way in Fen.",
        ),
        0.48,
    ),
    (
        (
            "Le ministre Faure démissionne",
            "Le ministre des transports Marc Faure a démissionné jeudi après des révélations sur ses voyages.",
        ),
        (
            "Faure quitte le gouvernement",
            "Mis en cause pour ses voyages, Marc Faure n'est plus ministre des transports depuis jeudi.",
        ),
        0.78,
    ),
    (
        (
            "Zoo in Olm shows tiger cubs",
            "Three tiger cubs were shown to visitors of the zoo in Olm for the first time on Thursday.",
        ),
        ("Tiger triplets meet public", "Hundreds came to the zoo in Olm on Thursday to see its three young tigers."),
        0.78,
    ),
]


def two(one: tuple[str, str], other: tuple[str, str], cosine: float, lang: str = "en") -> list[Evidence]:
    vectors = np.eye(8, dtype=np.float32)[0], np.array([cosine, (1 - cosine**2) ** 0.5, *[0] * 6], np.float32)
    return [
        Evidence(seq, lead, extract(Document(title, text, lang=lang)), at, at, f"source {seq}", lang, heading=title)
        for seq, lead, (title, text) in zip((1, 2), vectors, (one, other), strict=True)
        if (at := START + timedelta(hours=seq))
    ]


def together(pair: list[Evidence]) -> bool:
    clusters, _ = cluster_stream(pair, Window(ExactIndex(), shipped_weights()))
    return clusters[1] == clusters[2]


def against(one: tuple[str, str], other: tuple[str, str], cosine: float, before: int = 0) -> float:
    """before: articles that came before the two."""
    pair = two(one, other, cosine)
    telling = Telling(lambda seq: pair[seq - 1].sparse, lambda seq: pair[seq - 1].lead)
    for article in (*(replace(pair[0], seq=100 + number) for number in range(before)), *pair):
        telling.meet(article)
    return telling.against(1, 2)


@pytest.mark.parametrize(("lang", "title", "text", "other_title", "other_text"), REPORTS)
@pytest.mark.parametrize("cosine", [0.7, 0.8])
def test_two_reports_of_the_first_event(
    lang: str, title: str, text: str, other_title: str, other_text: str, cosine: float
) -> None:
    one, other = (title, text), (other_title, other_text)
    assert together(two(one, other, cosine, lang))
    assert together(two(other, one, cosine, lang))


@pytest.mark.parametrize(("one", "other", "cosine"), STRANGERS)
def test_the_first_two_events(one: tuple[str, str], other: tuple[str, str], cosine: float) -> None:
    assert not together(two(one, other, cosine))
    assert not together(two(other, one, cosine))


@pytest.mark.parametrize(("one", "other", "cosine"), ANOTHER_MATTER)
def test_names_alone_do_not_make_one_event(one: tuple[str, str], other: tuple[str, str], cosine: float) -> None:
    assert not together(two(one, other, cosine))
    assert not together(two(other, one, cosine))


def test_names_alone_do_not_make_one_event_of_many_either() -> None:
    firsts = [two(one, other, cosine) for one, other, cosine in ANOTHER_MATTER]
    stream = [
        replace(article, seq=2 * number + place, lead=np.roll(np.pad(article.lead, (0, 24)), 2 * number))
        for number, pair in enumerate(firsts)
        for place, article in enumerate(pair)
    ]
    clusters, _ = cluster_stream(stream, Window(ExactIndex(), shipped_weights()))
    assert len(set(clusters.values())) == len(stream)


@pytest.mark.parametrize(("one", "other", "cosine"), ONE_MATTER)
def test_short_reports_in_other_words_are_one_event(
    one: tuple[str, str], other: tuple[str, str], cosine: float
) -> None:
    assert together(two(one, other, cosine))
    assert together(two(other, one, cosine))


@pytest.mark.parametrize(
    ("nats", "share", "words", "near", "far"),
    [
        (8.0, 0.2, 40, True, True),
        (12.0, 0.2, 40, False, True),
        (8.0, 0.4, 40, False, True),
        (0.0, 0.0, 39, False, True),
        (0.0, 0.0, 6, False, True),
        (0.0, 0.0, 5, False, False),
        (13.0, 0.2, 50, False, False),
        (8.0, 0.5, 50, False, False),
    ],
)
def test_who_is_far_in_meaning_has_to_share_more(nats: float, share: float, words: int, near: bool, far: bool) -> None:
    shared = SharedMatter(nats, share, words)
    found = (nothing_but_names(shared, cosine, at_first=False) for cosine in (0.6, 0.4))
    assert tuple(found) == (near, far)


@pytest.mark.parametrize(("words", "told"), [(8, True), (7, False)])
def test_at_first_less_tells(words: int, told: bool) -> None:
    assert nothing_but_names(SharedMatter(8.0, 0.2, words), 0.6, at_first=True) is told


@pytest.mark.parametrize(("one", "other", "cosine"), [pair for pair in ANOTHER_MATTER if pair[2] >= 0.5])
def test_later_in_a_stream_summaries_near_in_meaning_may_share_nothing_but_names(
    one: tuple[str, str], other: tuple[str, str], cosine: float
) -> None:
    """Which of two events short texts report is told by how near others are; what they lack is left out by chance."""
    assert against(one, other, cosine) == NOTHING_BUT_NAMES
    assert against(one, other, cosine, before=30) > NOTHING_BUT_NAMES


def test_pieces_of_one_report_may_share_nothing_but_its_names() -> None:
    """Without titles they are compared as before."""
    one, other, cosine = ANOTHER_MATTER[3]
    assert together(two(("", one[1]), ("", other[1]), cosine))


@pytest.mark.parametrize(("one", "other", "cosine"), ANOTHER_MATTER)
def test_headlines_of_one_event_may_share_nothing_but_its_names(
    one: tuple[str, str], other: tuple[str, str], cosine: float
) -> None:
    """Without texts, however long, they are compared as before."""
    assert against(one, other, cosine) == NOTHING_BUT_NAMES
    assert against((" ".join(one), ""), (" ".join(other), ""), cosine) > NOTHING_BUT_NAMES
    assert against((" ".join(one), ""), other, cosine) > NOTHING_BUT_NAMES


def test_what_is_presumed_fades_with_what_is_seen() -> None:
    few, more, many = (np.full((1, count), 0.5) for count in (1, 5, 12))
    usual = [float(best_and_usual(seen, MEANING)[1][0]) for seen in (few, more, many)]
    assert MEANING.usual < usual[0] < usual[1] < usual[2] == 0.5
    best = [float(best_and_usual(seen, MEANING)[0][0]) for seen in (few, more, many)]
    assert MEANING.best > best[0] > best[1] >= best[2] == 0.5
