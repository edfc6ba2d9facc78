"""Normal forms in bounded time, and texts that differ only in what no reader sees."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clusterer
from clusterer.core.cleaning.clean import clean
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint, folded_words
from clusterer.core.evidence.words import tokens
from clusterer.core.lines.markup import is_page, without_markup
from clusterer.core.model import Article
from clusterer.core.text import (
    MAX_MARKS,
    UNSPACED,
    comparable,
    folded,
    has_unspaced,
    normalized,
    stream_safe,
    visible,
)

POLICY = FingerprintPolicy()
ENGLISH = (
    "The council of Harrowby voted on Monday to close the old swimming pool, which has lost money for eleven years.\n\n"
    "Mayor Lena Tosk said that the building needs repairs worth four million crowns, more than the town can spend.\n\n"
    "Swimmers collected six thousand signatures against the closure and want a vote of all citizens in autumn."
)
GERMAN = (
    "Der Stadtrat von Hellenbrück hat am Montag beschlossen, das alte Schwimmbad zu schließen, das seit Jahren Verluste macht.\n\n"
    "Die Bürgermeisterin sagte, die nötigen Arbeiten am Gebäude würden vier Millionen kosten, mehr als die Stadt aufbringen könne."
)
FRENCH = (
    "Le conseil municipal de Vaubriel a décidé lundi de fermer la vieille piscine, qui perd de l'argent depuis onze ans.\n\n"
    "La maire a déclaré que les travaux nécessaires coûteraient quatre millions, plus que la ville ne peut dépenser."
)
RUSSIAN = (
    "Городской совет Залесья решил в понедельник закрыть старый бассейн, который одиннадцать лет приносит убытки.\n\n"
    "Мэр сообщила, что ремонт обойдётся в четыре миллиона, и город не найдёт таких денег в этом году."
)
ARABIC = (
    "قرر مجلس مدينة نهرين يوم الاثنين اغلاق المسبح القديم الذي يخسر المال منذ احدى عشرة سنة متتالية.\n\n"
    "وقالت رئيسة البلدية ان اصلاح المبنى يكلف اربعة ملايين وهو اكثر مما تستطيع المدينة انفاقه هذا العام."
)
GREEK = (
    "Το δημοτικό συμβούλιο της Λιμνούπολης αποφάσισε τη Δευτέρα να κλείσει το παλιό κολυμβητήριο που χάνει χρήματα.\n\n"
    "Η δήμαρχος είπε ότι οι εργασίες στο κτίριο κοστίζουν τέσσερα εκατομμύρια, περισσότερα από όσα έχει η πόλη."
)
POLISH = (
    "Rada miasta Żółkwin zdecydowała w poniedziałek o zamknięciu starego basenu, który od jedenastu lat przynosi straty.\n\n"
    "Burmistrz powiedziała, że naprawa budynku będzie kosztować cztery miliony, więcej niż miasto może wydać w tym roku."
)
HINDI = (
    "सोमवार की रात नदी का पुल टूट गया और सड़क बंद हो गई। अधिकारियों ने बताया कि पाँच गाँवों के लोग ज़िला अस्पताल तक नहीं पहुँच पाए।\n\n"
    "मरम्मत में तीन हफ़्ते लगेंगे। तब तक यात्री नाव से जाएँगे।"
)
ALL = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "ru": RUSSIAN, "ar": ARABIC, "el": GREEK, "pl": POLISH}


def exact(text: str) -> int:
    return fingerprint(clean(Article(id="x", text=text)), POLICY).exact


def inside_words(text: str, mark: str) -> str:
    """The text with a mark after the second letter of every word of five letters or more."""
    words = (word if len(word) < 5 else word[:2] + mark + word[2:] for word in text.split(" "))
    return " ".join(words)


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("code", [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x34F, 0x2063, 0xFE0F, 0x202C, 0x180E])
def test_a_text_with_invisible_characters_is_the_same_text(language: str, code: int) -> None:
    assert exact(inside_words(ALL[language], chr(code))) == exact(ALL[language])


def without_accents(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (FRENCH, without_accents(FRENCH)),
        (POLISH, without_accents(POLISH).replace("ł", "l").replace("Ł", "L")),
        (GREEK, without_accents(GREEK).upper()),
        (RUSSIAN, RUSSIAN.replace("ё", "е")),
        (RUSSIAN, RUSSIAN.replace("старый", "ста\u0301рый").replace("город", "го\u0301род")),
        (ARABIC, ARABIC.replace("مجلس", "مَجْلِسُ").replace("المدينة", "المَدِينَة").replace("مدينة", "مــدينة")),
        (ARABIC, ARABIC.replace("اغلاق", "إغلاق").replace("احدى", "إحدى").replace("ان ", "أن ").replace("اربعة", "أربعة")),
        (ARABIC, ARABIC.replace("ك", "ک").replace("ي", "ی")),
        (ENGLISH, ENGLISH.replace("Monday", "\uff2d\uff4f\uff4e\uff44\uff41\uff59")),
        (ENGLISH, ENGLISH.replace("st", "\ufb06").replace("fo", "\uff46o")),
        (ENGLISH + " They won't give up.", ENGLISH + " They won\u02bct give up."),
        (ENGLISH + " They won't give up.", ENGLISH + " They won\u2019t give up."),
        (ENGLISH + " A last-minute plan.", ENGLISH + " A last\u2011minute plan."),
        (FRENCH, unicodedata.normalize("NFD", FRENCH)),
        (GERMAN, GERMAN.replace(" ", "\u00a0")),
        (ENGLISH, ENGLISH.replace("\n\n", "\u2029")),
        (HINDI, HINDI.replace("\u093c", "").replace("\u095b", "\u091c").replace("\u0901", "\u0902")),
    ],
)  # fmt: skip
def test_what_writers_leave_out_or_type_otherwise_makes_no_other_text(text: str, changed: str) -> None:
    assert changed != text
    assert exact(changed) == exact(text)


def paragraphs(text: str, start: str = "<p>", end: str = "</p>") -> str:
    return "".join(f"{start}{paragraph}{end}" for paragraph in text.split("\n\n"))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize(
    "dress",
    [
        paragraphs,
        lambda text: paragraphs(text, "<p class='entry' style=\"margin: 0\">\n", "\n</p>\n"),
        lambda text: text.replace("\n\n", "<br><BR />"),
        lambda text: paragraphs(text, "<div><span data-x='a>b'>", "</span></div>"),
        lambda text: escaped(paragraphs(text)),
        lambda text: escaped(escaped(paragraphs(text))),
        lambda text: f"<![CDATA[{paragraphs(text)}]]>",
        lambda text: "<!-- begin --><style>p { color: red }</style>" + paragraphs(text) + "<script>if (a < b) show();</script>",
        lambda text: text.replace(" ", "&nbsp; ").replace(",", "&#44;"),
        lambda text: text.replace("a", "&#97;").replace("e", "&#x65;").replace("ä", "&auml;").replace("é", "&eacute;"),
        lambda text: text.replace(". ", '. <img src="x.png" alt="a picture"/>').replace(" der ", " <b>der</b> "),
    ],
)  # fmt: skip
def test_markup_in_a_text_makes_no_other_text(language: str, dress: object) -> None:
    assert callable(dress)
    dressed = dress(ALL[language])
    assert exact(dressed) == exact(ALL[language])


@pytest.mark.parametrize(
    "text",
    [
        "Use x < y and y > z, said the teacher.",
        "The caller, <name withheld>, hung up.",
        "if a <b and c> d then",
        "Write to <http://example.org/x> or <desk@example.org>.",
        "I <3 this town, AT&T does not &c.",
        "An unclosed <!-- stays where it is.",
    ],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert without_markup(text) == text


def test_a_whole_page_as_text_is_read_as_a_page() -> None:
    page = f"<!DOCTYPE html>\n<html><head><title>Pool to close</title></head><body><article>{paragraphs(ENGLISH)}</article></body></html>"
    document = clean(Article(id="x", text=page))
    assert is_page(page)
    assert document.text == ENGLISH
    assert document.title == "Pool to close"


@pytest.mark.parametrize("text", ["", " ", "\n\t\n", "\u00a0", "\r\n"])
def test_a_blank_text_does_not_hide_the_page(text: str) -> None:
    page = f"<html><body><article>{paragraphs(ENGLISH)}</article></body></html>"
    assert clean(Article(id="x", text=text, html=page)).text == ENGLISH


def test_a_title_is_shown_without_markup_and_without_what_nobody_sees() -> None:
    document = clean(
        Article(
            id="x",
            title="<b>Pool</b> &amp; sauna\u200b to \u202eclose\u202c: &#8216;no mo\u00adney&#8217;",
            text=ENGLISH,
        )
    )
    assert document.title == "Pool & sauna to close: ‘no money’"


def test_cleaned_text_keeps_what_readers_see() -> None:
    """Joiners that shape letters, signs of emoji, quotes, accents and ligatures: only comparing goes without."""
    kept = "Persian می\u200cخواهم, a family 👨\u200d👩\u200d👧 and ❤\ufe0f, “café” – Œuvre."
    assert clean(Article(id="x", text=kept)).text == kept
    assert visible("क्\u200dष") == "क्\u200dष"


def test_words_that_differ_stay_different() -> None:
    pairs = [("ガラス", "カラス"), ("мой", "мои"), ("हिन्दी", "हन्द"), ("ไทย", "ไท"), ("Lee", "Le"), ("12", "1.2")]
    assert all(folded(one) != folded(other) for one, other in pairs)


def test_tokens_keep_capitals_and_accents() -> None:
    assert [word for word, _, _ in tokens("Or\u00adbán’s café\u200b")] == ["orbán", "s", "café"]


# -- bounded time


def longest_run(text: str) -> int:
    longest = run = 0
    for mark in unicodedata.normalize("NFKD", text):
        run = run + 1 if unicodedata.combining(mark) else 0
        longest = max(longest, run)
    return longest


MARKS = st.sampled_from(
    "\u0344\u0f73\u0315\u0300\u0323\u0334\uff9e\uff9f\u0301\u1d165\u3099\u05b0\u064b\u0f71\u200b\u034f\u00adab가"
)


@given(st.lists(MARKS, min_size=40, max_size=400).map("".join))
def test_no_run_that_normalising_would_sort_is_long(text: str) -> None:
    assert longest_run(stream_safe(text)) <= 3 * MAX_MARKS
    assert longest_run(comparable(text)) <= 3 * MAX_MARKS


@pytest.mark.parametrize(
    "marks", ["\u0344\u0f73", "\u0315\u0300", "\uff9e\u0334", "\u3099\u0323\u0301", "\u05b0\u05bc"]
)
def test_a_long_run_of_marks_is_cut_before_it_is_normalised(marks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = unicodedata.normalize
    monkeypatch.setattr(
        "clusterer.core.text.unicodedata.normalize", lambda form, text: (seen.append(len(text)), real(form, text))[1]
    )
    attack = "a" + marks * 20_000
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        normalized(form, attack)  # type: ignore[arg-type]
    clean(Article(id="x", title=attack, text=attack))
    folded(attack)
    assert seen and max(seen) <= 10 * MAX_MARKS


def test_nothing_is_normalised_elsewhere() -> None:
    """Else the next caller meets quadratic time again."""
    root = Path(clusterer.__file__).parent
    users = [
        path.name
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "normalize"
            and getattr(node.value, "id", "") == "unicodedata"
        )
        or (isinstance(node, ast.ImportFrom) and node.module == "unicodedata")
    ]
    assert set(users) == {"text.py"}


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert visible(visible(text)) == visible(text)


def test_every_letter_of_a_script_without_spaces_is_noticed() -> None:
    every = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert [letter for letter in every if has_unspaced(f"a {letter} b") != (UNSPACED.match(letter) is not None)] == []


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Кра\u0301сный", "красный"),
        ("ёлка", "елка"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("שָׁלוֹם", "שלום"),
        ("Ångström café", "angstrom cafe"),
        ("Αθήνα", "αθηνα"),
    ],
)
def test_marks_that_writers_leave_out_fall_away_in_every_script(marked: str, plain: str) -> None:
    assert folded(marked) == folded(plain)


ASCII_TEXT = st.text(alphabet="aZ09 .,:;!?'|\n\"_-", max_size=40)


@given(ASCII_TEXT)
def test_a_text_in_ascii_has_the_words_that_it_has_beside_other_letters(text: str) -> None:
    alone, beside = tokens(text), tokens(f"{text}\né")
    assert alone == beside[:-1]


@given(ASCII_TEXT)
def test_a_text_in_ascii_has_the_folded_words_that_it_has_beside_other_letters(text: str) -> None:
    assert folded_words(text) == folded_words(f"{text}\nя")[:-1]
