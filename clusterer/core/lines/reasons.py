"""Why something was cut: a code, by which logic goes and which is stored, and a sentence for people, made at the edge.

Documents stored before there were codes hold the sentence itself as the reason; it reads as it is.
"""

from __future__ import annotations

from clusterer.core.model import Cut

ASKS = "asks_reader"
LEARNT = "learnt"
TITLE_REPEATED = "title_repeated"
TITLE_IS_TIME = "title_is_time"
AROUND_TITLE = "around_title"
BEYOND_LIMIT = "beyond_limit"
LISTED = "listed"
TEASER_HEADLINE = "teaser_headline"
TEASER_TEXT = "teaser_text"
TEASER_TAIL = "teaser_tail"
VIDEO_LIST = "video_list"
EXCERPT_LIST = "excerpt_list"
RELATED_HEADER = "related_header"
SOURCE_LABEL = "source_label"
COMMENTS_HEADER = "comments_header"
SHARE_BUTTON = "share_button"
RELATED_LINK = "related_link"
INVITATION = "invitation"
MENU = "menu"
TAGS = "tags"
PICTURE_CREDIT = "picture_credit"
ADVERT = "advert"
TIME_STAMP = "time_stamp"
AUTHOR = "author"
SECTION = "section"
PICTURE_LABEL = "picture_label"
COPYRIGHT = "copyright"
NOTE = "note"
CODE = "code"
BLOATED_TAG = "bloated_tag"
NO_TEXT = "no_text_in_page"
TOO_COMPLEX = "too_complex"

LINE_CAPITALS = "line_capitals"
LINE_FIGURES = "line_figures"
LINE_TIME_STAMP = "line_time_stamp"
LINE_BUTTON = "line_button"
LINE_REPEATED = "line_repeated"
LINE_BREAKS_OFF = "line_breaks_off"
LINE_CAPTION = "line_caption"
LINE_AUTHOR = "line_author"
LINE_COMMENT = "line_comment"
LINE_OTHER_ARTICLES = "line_other_articles"
LINE_OTHER_WORDS = "line_other_words"
LINE_NO_SENTENCE = "line_no_sentence"
LINE_APART = "line_apart"

SENTENCES = {
    ASKS: "asks the reader to subscribe, sign in or accept",
    LEARNT: "stands on {} of this source",
    TITLE_REPEATED: "repeats the title",
    TITLE_IS_TIME: "a time stamp instead of a title",
    AROUND_TITLE: "not of the headline: name of the site, or form of the article",
    BEYOND_LIMIT: "beyond the first {}",
    LISTED: "listed under a header of other articles",
    TEASER_HEADLINE: "headline of a teaser",
    TEASER_TEXT: "teaser that breaks off",
    TEASER_TAIL: "where to read on",
    VIDEO_LIST: "in a list of videos",
    EXCERPT_LIST: "one of several excerpts that break off",
    RELATED_HEADER: "header of a list of other articles",
    SOURCE_LABEL: "label of the source",
    COMMENTS_HEADER: "header of the comments",
    SHARE_BUTTON: "share or print button",
    RELATED_LINK: "link to another article",
    INVITATION: "invites to follow or to subscribe",
    MENU: "entry of a menu",
    TAGS: "tags of the article",
    PICTURE_CREDIT: "caption and credit of a picture, or a pointer to pictures",
    ADVERT: "advertisement or jump mark",
    TIME_STAMP: "time stamp of the page",
    AUTHOR: "name of the author, above or below the text",
    SECTION: "section of the page, above the text",
    PICTURE_LABEL: "label of a picture or a player, with its caption or credit",
    COPYRIGHT: "copyright notice",
    CODE: "program or style that the page shows by mistake",
    NOTE: "note of the newsroom on this text, as that it was corrected",
    BLOATED_TAG: "a tag with thousands of attributes",
    NO_TEXT: "no text was found in the page",
    TOO_COMPLEX: "beyond the first {}",
    LINE_CAPITALS: "capitalised like a link or a header",
    LINE_FIGURES: "mostly figures",
    LINE_TIME_STAMP: "a time stamp",
    LINE_BUTTON: "words or signs of a button, a link or a menu",
    LINE_REPEATED: "repeated on the page",
    LINE_BREAKS_OFF: "breaks off with an ellipsis",
    LINE_CAPTION: "caption or credit of a picture",
    LINE_AUTHOR: "about the author",
    LINE_COMMENT: "in the comments",
    LINE_OTHER_ARTICLES: "in a list of other articles",
    LINE_OTHER_WORDS: "shares few words with the article",
    LINE_NO_SENTENCE: "not a sentence",
    LINE_APART: "stands away from the sentences of the article",
}


def sentence(cut: Cut) -> str:
    """The reason of a cut in words."""
    words = SENTENCES.get(cut.reason)
    return cut.reason if words is None else words.format(cut.detail)
