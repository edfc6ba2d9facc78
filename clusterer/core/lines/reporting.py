"""Lines that report: somebody is quoted, or a day is named. Sites that ask their reader for something do neither."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clusterer.core.lines.features import holds_any, in_english_letters
from clusterer.core.text import listed

_I = re.IGNORECASE
_WORD = re.compile(r"\w+")
# Single words are compared as words, which costs a fraction of a pattern; the rest are phrases.
_REPORT_WORDS = listed(
    """
    said | says | told | wrote | warned | warns | ruled | finds | announced | argued
    | monday | tuesday | wednesday | thursday | friday | saturday | sunday
    | dijo | dijeron | afirmó | afirmaron | según | segun | anunció | anunciaron | advirtió | advirtieron
    | lunes | martes | miércoles | jueves | viernes | sábado | domingo
    | selon | lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche
    | sagte | sagten | laut | zufolge | teilte | teilten | erklärte | erklärten | warnte | warnten | warnt | urteilte | urteilten
    | montag | dienstag | mittwoch | donnerstag | freitag | samstag | sonntag
    | secondo | lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica
    | disse | disseram | segundo | anunciou | anunciaram | alertou | alertaram
    | zei | zeiden | volgens | waarschuwt | waarschuwde | waarschuwden
    | maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag
    | сообщил | сообщила | сообщили | заявил | заявила | заявили | сказал | сказала | сказали | предупредил | предупредила | предупредили
    | понедельник | вторник | четверг | воскресенье | среда | среду | пятница | пятницу | пятницы | суббота | субботу | субботы
    | säger | sade | enligt | meddelade | sier | ifølge | opplyser | opplyste | oplyser | oplyste
    | måndag | tisdag | onsdag | torsdag | fredag | lördag | söndag | mandag | tirsdag | lørdag | søndag
    | måndagen | tisdagen | onsdagen | torsdagen | fredagen | lördagen | söndagen
    | sanoi | kertoi | mukaan | ilmoitti
    | maanantaina | tiistaina | keskiviikkona | torstaina | perjantaina | lauantaina | sunnuntaina
    | powiedział | powiedziała | zapowiedział | zapowiedziała | poinformował | poinformowała | podał | podała | podali | według
    | poniedziałek | wtorek | środa | środę | czwartek | piątek | sobota | sobotę | niedziela | niedzielę
    | řekl | řekla | uvedl | uvedla | oznámil | oznámila | oznámili | podle | povedal | povedala | podľa
    | pondělí | úterý | středa | středu | čtvrtek | pátek | sobotu | neděle | neděli | pondelok | utorok | stredu | štvrtok | piatok
    | mondta | közölte | szerint | hétfőn | kedden | szerdán | csütörtökön | pénteken | szombaton | vasárnap
    | potrivit | luni | marți | miercuri | joi | vineri | sâmbătă | duminică
    | dedi | açıkladı | söyledi | duyurdu | göre | pazartesi | salı | çarşamba | perşembe | cuma | cumartesi | pazar
    | είπε | δήλωσε | ανακοίνωσε | σύμφωνα | δευτέρα | τρίτη | τετάρτη | πέμπτη | παρασκευή | σάββατο | κυριακή
    | kata | mengatakan | menurut | mengumumkan | senin | selasa | rabu | kamis | jumat | sabtu
    | повідомив | повідомила | повідомили | повідомило | заявив | заявила | сказав | сказала
    | понеділок | вівторок | середа | середу | четвер | неділя | неділю
    | rekao | rekla | izjavio | izjavila | prema | ponedjeljak | ponedeljak | utorak | srijeda | četvrtak | petak | nedjelja
    """
)
_REPORTS = re.compile(
    r"""\b(?:(?<!be\s)(?<!not\s)found|according\sto|d[’']après|(?:a|ont)\s(?:déclaré|annoncé|indiqué|averti|estimé)
    | ha(?:nno)?\s(?:detto|annunciato|avvertito|spiegato)|(?:segunda|terça|quarta|quinta|sexta)-feira|по\sданным|по\sсловам
    | за\sданими|за\sсловами|a\s(?:spus|anunțat|declarat)
    )\b|表示|宣布|警告|指出|周[一二三四五六日]|星期|と述べ|によると|と発表|曜日|밝혔|말했|[월화수목금토일]요일
    | \b[וש]?(?:אמר|הודיע|לדברי)|कहा(?![\u0900-\u097f])|बताया|กล่าว|ประกาศ|\b[وف]?(?:قال|أعلن|حذر)
    | (?:الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)""",
    _I | re.VERBOSE,
)
# In ASCII every match of `_REPORTS` holds one of these.
_REPORT_SIGNS = (
    "found", "according", "averti", "detto", "annunciato", "avvertito", "spiegato", "feira", "spus", "declarat",
)  # fmt: skip
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?"
    r"|(?:luned|marted|mercoled|gioved|venerd)ì|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
)
# From one day to another: hours in which somebody answers or delivers, no report.
_OPEN_DAYS = re.compile(
    rf"\b{_WEEKDAY}\s?(?:to|through|thru|until|till|and|-|–|—|a|à|al|au|bis|até|tot|t/m)\s?{_WEEKDAY}\b", _I
)


def quotes_or_reports(line: str, words: Sequence[str]) -> bool:
    """Does the line quote somebody, or report? words: those of the line, in lower case."""
    if line.startswith(("“", '"', "«", "「", "„")):
        return True
    if not _reports(line, words):
        return False
    without_hours = _OPEN_DAYS.sub("", line)
    return without_hours == line or _reports(without_hours, _WORD.findall(without_hours.lower()))


def _reports(line: str, words: Sequence[str]) -> bool:
    if not _REPORT_WORDS.isdisjoint(words):
        return True
    may_report = not in_english_letters(line) or holds_any(line.lower(), _REPORT_SIGNS)
    return may_report and _REPORTS.search(line) is not None
