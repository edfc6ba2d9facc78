"""Updates of one story: the same place, rising numbers, texts revised or written anew."""

# ruff: noqa: E501

from __future__ import annotations

import random
from datetime import timedelta

from support.made_forms import DAYS, PEOPLE, PLACES, START, Made, names

# (language, [(hours later, same outlet, title, text), ...]); {a} < {b} < {c} < {d} rise from stage to stage; {day} is the day of the event.
CHAINS = [
    (
        "en",
        [
            (
                0,
                True,
                "Ferry capsizes off {place}, at least {a} dead",
                "A ferry with more than two hundred people on board capsized off {place} on {day}, and at least {a} of them died, the coastguard said. Boats from the harbour took part in the search, and {b} people were brought ashore alive.\n\nThe ship, the Star of {place}, had left in fair weather. Harbour master {person} said that it listed to one side within minutes.",
            ),
            (
                3,
                True,
                "UPDATE 1-Ferry capsizes off {place}, at least {b} dead",
                "A ferry with more than two hundred people on board capsized off {place} on {day}, and at least {b} of them died, the coastguard said. Boats from the harbour took part in the search, and {c} people were brought ashore alive.\n\nThe ship, the Star of {place}, had left in fair weather. Harbour master {person} said that it listed to one side within minutes.",
            ),
            (
                9,
                False,
                "Death toll in {place} ferry disaster rises to {c}",
                "The number of people known to have died when a ferry went down off {place} has risen to {c}, officials said as divers reached the lower deck. Relatives waited at the harbour through the night.\n\nThe Star of {place} was carrying more than two hundred passengers on {day} when it rolled over. Harbour master {person} said the search would go on.",
            ),
            (
                28,
                True,
                "Divers find more bodies in {place} ferry; {d} now confirmed dead",
                "Divers who searched the wreck of the ferry off {place} found more bodies in the night, which brings the number of the dead to {d}. Prosecutors opened an inquiry into the loading of the ship.\n\nThe Star of {place} capsized on {day} with more than two hundred people aboard. The captain, who survived, is being questioned.",
            ),
        ],
    ),
    (
        "en",
        [
            (
                0,
                True,
                "Strong quake hits {place}, {a} killed",
                "A strong earthquake shook {place} early on {day} and killed at least {a} people, the authorities said. Houses of brick collapsed in the old town, and power was cut in large parts of the district.\n\nMayor {person} asked residents to stay in the open. Hospitals called in staff from their holidays.",
            ),
            (
                5,
                True,
                "{place} earthquake: death toll climbs to {b}",
                "At least {b} people are known to have died in the earthquake that struck {place} early on {day}. Rescuers dug with their hands in the old town, where rows of brick houses came down.\n\nMayor {person} said that the number was likely to go up. Tents were put up in the stadium for the homeless.",
            ),
            (
                20,
                False,
                "Rescuers race to find survivors as {place} quake toll hits {c}",
                "Teams with dogs searched the ruins of {place} for a second day after an earthquake that has killed {c} people. A boy was pulled out alive after nineteen hours.\n\nThe tremor struck early on {day} and was felt far away. Mayor {person} appealed for blankets and drinking water.",
            ),
            (
                44,
                True,
                "Hopes fade in {place} after quake that killed {d}",
                "Hopes of finding more survivors faded in {place} two days after the earthquake, as the death toll reached {d}. Bulldozers began to clear the main road of the old town.\n\nMany people have slept in tents in the stadium since the quake of {day}. The government promised money for rebuilding.",
            ),
        ],
    ),
    (
        "en",
        [
            (
                0,
                True,
                "Wildfire near {place} forces {a} families to flee",
                "A wildfire that broke out on {day} in the hills above {place} forced {a} families from their homes. Helicopters dropped water as the wind drove flames towards the edge of the town.\n\nFire chief {person} said that the fire had burnt {b} hectares and was not under control.",
            ),
            (
                4,
                True,
                "Wildfire near {place} grows to {c} hectares",
                "The wildfire in the hills above {place} has grown to {c} hectares, and {b} families have had to flee. Helicopters dropped water as the wind drove flames towards the edge of the town.\n\nFire chief {person} said that the fire, which broke out on {day}, was not under control.",
            ),
            (
                16,
                False,
                "Crews battle blaze above {place} through the night",
                "More than two hundred firefighters fought through the night to keep a wildfire from {place}. The fire has burnt {c} hectares of pine since {day}, and two barns were lost.\n\nFire chief {person} put hope in the rain that is forecast for the evening. Some {d} families spent the night in a school.",
            ),
            (
                40,
                True,
                "Rain helps firefighters at {place}; {d} families may go home",
                "Rain has brought the wildfire above {place} under control, and {d} families may go home from this evening. Fire chief {person} thanked the crews who had come from four districts.\n\nThe fire broke out on {day} and burnt more land than any for ten years. The police suspect a carelessly thrown cigarette.",
            ),
        ],
    ),
    (
        "en",
        [
            (
                0,
                True,
                "Gunman opens fire at {place} market",
                "A man opened fire at the market in {place} on {day} and wounded {a} people, the police said. He fled on foot towards the river, and the centre was sealed off.\n\nWitnesses spoke of a dozen shots. A stall holder, {person}, said that people hid under the tables.",
            ),
            (
                2,
                True,
                "Suspect held after {place} market shooting, {b} wounded",
                "The police in {place} arrested a man of 34 after the shooting at the market on {day}, in which {b} people were wounded, two of them badly. He was found in a boathouse by the river.\n\nA stall holder, {person}, told reporters that people had hidden under the tables when the shots fell.",
            ),
            (
                22,
                False,
                "One victim of {place} shooting dies in hospital",
                "One of the {b} people wounded in the shooting at the market in {place} has died in hospital, a spokesman said. The suspect, a man of 34, was brought before a judge.\n\nFlowers were laid where the shots had fallen on {day}. The market stays closed for the rest of the week.",
            ),
        ],
    ),
    (
        "en",
        [
            (
                0,
                True,
                "{place} mine: {a} workers trapped after blast",
                "An explosion in a coal mine near {place} has trapped {a} workers underground, the operator said on {day}. The blast happened at a depth of six hundred metres shortly after the change of shift.\n\nMine manager {person} said that there had been no contact since. Rescue teams were on their way from the whole region.",
            ),
            (
                6,
                True,
                "Rescuers bring up {b} bodies from {place} mine",
                "Rescuers have brought {b} bodies to the surface after the explosion in the coal mine near {place}. Gas made it hard to reach the rest of the shift.\n\nThe blast happened on {day} at a depth of six hundred metres. Mine manager {person} spoke of the darkest day in the history of the pit.",
            ),
            (
                30,
                False,
                "Search ends at {place} coal mine with {c} dead",
                "The search in the coal mine near {place} has ended, and the number of the dead stands at {c}. The last bodies were recovered in the early morning.\n\nUnions called for an inquiry into the explosion of {day}. Mine manager {person} has offered to resign.",
            ),
        ],
    ),
    (
        "de",
        [
            (
                0,
                True,
                "Zugunglück bei {place}: mindestens {a} Verletzte",
                "Bei einem Zugunglück nahe {place} sind am {day} mindestens {a} Menschen verletzt worden. Ein Regionalzug entgleiste aus noch ungeklärter Ursache in einer Kurve, drei Wagen kippten um.\n\nDer Einsatzleiter {person} sprach von einem Bild der Verwüstung. Hubschrauber brachten Schwerverletzte in Kliniken.",
            ),
            (
                4,
                True,
                "Zahl der Verletzten nach Zugunglück bei {place} steigt auf {b}",
                "Nach dem Zugunglück bei {place} ist die Zahl der Verletzten auf {b} gestiegen, drei Menschen starben. Das teilte Einsatzleiter {person} mit.\n\nDer Regionalzug war am {day} in einer Kurve entgleist. Die Strecke bleibt bis auf Weiteres gesperrt, Busse fahren als Ersatz.",
            ),
            (
                26,
                False,
                "Nach der Entgleisung: {place} trauert um die Opfer",
                "In {place} haben Hunderte Menschen der Opfer des Zugunglücks gedacht. Noch immer liegen {b} Verletzte in Krankenhäusern, vier Menschen sind tot.\n\nErmittler werteten den Fahrtenschreiber des Regionalzugs aus, der am {day} entgleist war. Einsatzleiter {person} dankte den Helfern.",
            ),
        ],
    ),
    (
        "de",
        [
            (
                0,
                True,
                "Hochwasser in {place}: {a} Häuser geräumt",
                "In {place} ist am {day} der Fluss über die Ufer getreten, {a} Häuser mussten geräumt werden. Die Feuerwehr füllte die ganze Nacht Sandsäcke.\n\nBürgermeister {person} rief dazu auf, die Keller zu meiden. Der Pegel steigt weiter.",
            ),
            (
                7,
                True,
                "Hochwasser in {place}: jetzt {b} Häuser geräumt",
                "In {place} mussten wegen des Hochwassers inzwischen {b} Häuser geräumt werden. Die Feuerwehr füllte die ganze Nacht Sandsäcke, ein Damm am Sportplatz weicht auf.\n\nBürgermeister {person} rief dazu auf, die Keller zu meiden. Seit {day} steigt der Pegel.",
            ),
            (
                31,
                False,
                "Damm in {place} gebrochen, {c} Menschen ohne Obdach",
                "Beim Hochwasser in {place} ist in der Nacht ein Damm am Sportplatz gebrochen. {c} Menschen können vorerst nicht in ihre Häuser zurück und wurden in Schulen untergebracht.\n\nBürgermeister {person} sprach von Schäden in Millionenhöhe. Der Fluss war am {day} über die Ufer getreten.",
            ),
        ],
    ),
    (
        "fr",
        [
            (
                0,
                True,
                "Effondrement d'un immeuble à {place} : {a} morts",
                "Un immeuble de quatre étages s'est effondré {day} à {place}, faisant au moins {a} morts, selon la préfecture. Les secours cherchent des survivants sous les décombres.\n\nLe maire, {person}, a ouvert un gymnase pour les voisins évacués. Une fuite de gaz serait à l'origine de l'explosion.",
            ),
            (
                6,
                True,
                "Immeuble effondré à {place} : le bilan passe à {b} morts",
                "Le bilan de l'effondrement d'un immeuble à {place} s'est alourdi à {b} morts, a annoncé la préfecture. Deux enfants ont été retirés vivants des décombres.\n\nLe drame s'est produit {day} après une explosion. Le maire, {person}, a décrété un jour de deuil.",
            ),
            (
                29,
                False,
                "À {place}, les secours cherchent encore après l'explosion",
                "Une journée après l'explosion qui a détruit un immeuble à {place}, les équipes cherchaient encore trois disparus. Le bilan est désormais de {c} morts.\n\nLe maire, {person}, a parlé d'une ville meurtrie. Le parquet a ouvert une enquête sur l'entretien des conduites de gaz.",
            ),
        ],
    ),
    (
        "es",
        [
            (
                0,
                True,
                "Choque de autobuses en {place} deja {a} heridos",
                "Dos autobuses chocaron el {day} a la entrada de {place} y {a} personas resultaron heridas, informó la policía. Llovía con fuerza y la carretera quedó cortada.\n\nEl jefe de bomberos, {person}, dijo que varios pasajeros seguían atrapados.",
            ),
            (
                5,
                True,
                "Suben a {b} los heridos por el choque de autobuses en {place}",
                "El choque de dos autobuses a la entrada de {place} deja ya {b} heridos, cinco de ellos graves, según el hospital. Todos los pasajeros han sido rescatados.\n\nEl jefe de bomberos, {person}, atribuyó el accidente del {day} a la lluvia.",
            ),
            (
                25,
                False,
                "Muere un conductor tras el accidente de {place}",
                "Uno de los conductores de los autobuses que chocaron en {place} murió en el hospital. Otros {b} heridos siguen ingresados.\n\nLos vecinos piden desde hace años una rotonda en el lugar del accidente del {day}. El jefe de bomberos, {person}, les dio la razón.",
            ),
        ],
    ),
    (
        "ru",
        [
            (
                0,
                True,
                "Взрыв на заводе в городе {place}: погибли {a} человек",
                "В результате взрыва на химическом заводе в городе {place} в {day} погибли {a} человек, сообщили спасатели. Пожар охватил два цеха.\n\nДиректор завода {person} заявил, что угрозы для жителей нет. Причины выясняются.",
            ),
            (
                5,
                True,
                "Число жертв взрыва на заводе в городе {place} выросло до {b}",
                "До {b} выросло число погибших при взрыве на химическом заводе в городе {place}. Ещё десять человек остаются в больнице.\n\nДиректор завода {person} пообещал помощь семьям. Взрыв произошёл в {day}, огонь потушили через шесть часов.",
            ),
            (
                27,
                False,
                "Город {place} прощается с погибшими на заводе",
                "В городе {place} объявлен траур по {b} рабочим, погибшим при взрыве на химическом заводе. Следователи задержали начальника цеха.\n\nДиректор завода {person} отстранён от должности. Взрыв прогремел в {day} во время пересменки.",
            ),
        ],
    ),
]


def update_chains(count: int = 30, seed: int = 3) -> list[list[Made]]:
    """Chains of articles about one story each, no two of them about the same place."""
    draw = random.Random(seed)
    pools = {lang: names(PLACES, lang, "", 7) for lang in PLACES}
    chains = []
    for number in range(count):
        lang, stages = CHAINS[number % len(CHAINS)]
        at = START + timedelta(hours=draw.randint(0, 24 * 9))
        first = draw.randint(3, 14)
        slots = {
            "place": pools[lang].pop(),
            "person": draw.choice(names(PEOPLE, lang, " ", seed)),
            "day": DAYS[lang].split()[at.weekday()],
        }
        slots |= dict(
            zip(
                "abcd",
                (str(first + step) for step in (0, draw.randint(2, 9), draw.randint(12, 24), draw.randint(26, 60))),
                strict=True,
            )
        )
        home, other = draw.sample(["Marrowby Echo", "North Courier", "Halvern Post", "Wirex", "Coast Herald"], 2)
        chains.append(
            [
                Made(
                    {
                        "id": f"update-{number}-{stage}",
                        "source": home if same else other,
                        "lang": lang,
                        "title": title.format(**slots),
                        "text": text.format(**slots),
                        "published_at": (at + timedelta(hours=hours)).isoformat(),
                    },
                    f"update/{number}",
                )
                for stage, (hours, same, title, text) in enumerate(stages)
            ]
        )
    return chains
