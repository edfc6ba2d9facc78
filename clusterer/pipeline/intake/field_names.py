"""What scrapers, feeds and news services call the fields of an article, by this program's own names for them."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uuid", "article_id", "_id"),
    "url": ("url", "feedburner_origlink", "link", "external_url", "canonical_url", "canonical_link", "permalink", "webUrl", "pageUrl"),
    "title": ("title", "headline", "title_page", "title_rss", "webTitle"),
    "html": ("html", "raw_html", "page_html"),
    "source": (
        "source", "source_name", "sitename", "site_name", "siteName", "publisher", "outlet", "source-hostname", "source_domain",
        "hostname", "domain", "source_id",
    ),
    "published_at": (
        "published_at", "published", "date_publish", "date_published", "publishedAt", "datePublished", "pubDate", "pubdate",
        "publish_date", "published_date", "webPublicationDate", "date_gmt", "date", "published_parsed", "issued", "created", "updated",
    ),
    "lang": ("lang", "language", "meta_lang", "inLanguage", "humanLanguage"),
}  # fmt: skip
TEXTS = (
    "text", "maintext", "content_text", "content_html", "content", "body", "full_text", "fulltext", "articleBody", "bodyText",
)  # fmt: skip
SHORT_TEXTS = ("raw_text", "description", "summary", "excerpt")
# Known, and of no use here.
UNUSED = frozenset(
    (
        "author", "authors", "author_detail", "authors_detail", "byline", "creator", "contributor", "contributors", "image",
        "images", "image_url", "imageUrl", "urlToImage", "banner_image", "top_image", "thumbnail", "attachments", "media",
        "media_content", "media_thumbnail", "video", "videos", "enclosure", "enclosures", "links", "tags", "category",
        "categories", "keywords", "section", "country", "date_download", "date_modify", "date_modified", "updated_at",
        "updated_parsed", "modified", "filename", "localpath", "filedate", "fingerprint", "license", "rights", "copyright",
        "comments", "slash", "slash_comments", "wfw", "pagetype", "pagination", "title_detail", "subtitle", "summary_detail",
        "guidislink", "source_url", "source_icon", "source_priority", "yoast_head", "yoast_head_json", "_embedded", "_links",
        "class_list", "comment_status", "ping_status", "featured_media", "sticky", "acf", "cluster", "event", "note", "type", "status",
    )
)  # fmt: skip
_OURS = {"text": "text"} | {
    theirs.casefold(): ours for ours, names in (*NAMES.items(), ("text", (*TEXTS, *SHORT_TEXTS))) for theirs in names
}


def our_name(theirs: str) -> str | None:
    """What this program calls a field that others call so, None where it knows none."""
    return _OURS.get(theirs.casefold())
