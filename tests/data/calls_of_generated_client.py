"""What a user of the client that openapi-python-client makes of the OpenAPI document would write; run by its interpreter.

Arguments: the server's address, what to do (`send` or `read`), and for `read` the ids for paths as JSON. Prints what it saw as JSON.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import typing
from datetime import UTC, datetime

import clusterer_client.api
from clusterer_client import Client, models
from clusterer_client.api.admin import recluster, replay_dead, replay_rejected
from clusterer_client.api.articles import explain, find_articles, get_article
from clusterer_client.api.clusters import get_cluster, list_clusters, search
from clusterer_client.api.ingest import post_article, post_batch
from clusterer_client.api.webhooks import list_webhooks, replay_webhook, test_webhook

TEXT = "The river Wend rose over its banks at Lowfield on Monday night and flooded two hundred houses in the old town. "


def send(client: Client) -> None:
    """One article, and a batch with a copy and one that is refused."""
    flood = models.ArticleIn(
        id="post/1",
        text=TEXT * 3,
        title="Flood",
        url="https://x.example/1",
        source="Post",
        published_at=datetime.now(UTC),
    )
    accepted = post_article.sync(client=client, body=flood)
    assert isinstance(accepted, models.AcceptedArticle), accepted
    assert accepted.outcome == models.AcceptedArticleOutcome.ACCEPTED
    others = [
        ("wire/1", TEXT * 3),
        ("wire/2", "Train drivers of Vellen Rail stop work on Friday. " * 3),
        ("x" * 300, "Too long an id."),
    ]
    answer = post_batch.sync(client=client, body=[models.ArticleIn(id=id, text=text) for id, text in others])
    assert isinstance(answer, models.BatchAnswer), answer
    assert (answer.accepted, answer.rejected) == (2, 1)
    assert answer.items[2].errors[0].pointer == "/id"


def read(client: Client, known: dict[str, str]) -> dict[str, dict[str, object]]:
    """Lists with filters, one of each, and every operation that answers with a page: operation -> page, item and items."""
    page = list_clusters.sync(client=client, source="Post", min_size=2, sort=models.ListClustersSort.SIZE)
    assert isinstance(page, models.PageClusterResource), page
    cluster = page.data[0]
    assert (cluster.article_count, cluster.status) == (2, models.ClusterResourceStatus.ACTIVE)
    assert cluster.sources.additional_properties == {"Post": 1}
    assert isinstance(cluster.first_seen, datetime)
    one = get_cluster.sync(cluster.id, client=client)
    assert isinstance(one, models.ClusterResource), one
    articles = find_articles.sync(client=client, cluster=cluster.id, state=models.FindArticlesState.ASSIGNED)
    assert {article.id for article in articles.data} == {"post/1", "wire/1"}
    why = explain.sync("wire/1", client=client)
    assert isinstance(why, models.ExplanationView), why
    missing = get_article.sync("nothing", client=client)
    assert isinstance(missing, models.ProblemDocument), missing
    assert (missing.status, missing.code) == (404, "not_found")
    hits = search.sync(client=client, body=models.SearchIn(text="flooded houses"))
    assert hits.data[0].cluster.id == cluster.id
    without_bodies(client)
    return {name: seen(module, client, known) for name, module in operations() if page_of(module)}


def without_bodies(client: Client) -> None:
    """Operations that are posted to without anything: the client sends no content type."""
    assert isinstance(recluster.sync(client=client, dry_run=True, actor="ada"), models.Run)
    webhook = list_webhooks.sync(client=client).data[0].id
    assert isinstance(test_webhook.sync(webhook, client=client), models.TestAnswer)
    assert isinstance(replay_webhook.sync(webhook, client=client), models.WebhookResource)
    missing = replay_dead.sync("nothing", client=client), replay_rejected.sync("1-1", client=client)
    assert [answer.code for answer in missing] == ["not_found"] * 2


def operations() -> typing.Iterator[tuple[str, typing.Any]]:
    """(name, module) of each operation that the client has."""
    for found in pkgutil.walk_packages(clusterer_client.api.__path__, "clusterer_client.api."):
        if not found.ispkg:
            yield found.name.rpartition(".")[2], importlib.import_module(found.name)


def page_of(module: typing.Any) -> type | None:
    """The type of page that an operation answers with."""
    answers = typing.get_args(typing.get_type_hints(module.sync)["return"])
    return next((answer for answer in answers if answer.__name__.startswith("Page")), None)


def seen(module: typing.Any, client: Client, known: dict[str, str]) -> dict[str, object]:
    """The types that the client promises and those that came."""
    parameters = inspect.signature(module.sync).parameters
    wanted = {name: known[name] for name in parameters if name in known}
    if "body" in parameters:
        wanted["body"] = models.SearchIn(article_id="post/1")
    page = module.sync(client=client, **wanted)
    item = type(page).__annotations__["data"].removeprefix("list[").removesuffix("]")
    return {
        "promised": [page_of(module).__name__, item],
        "came": [type(page).__name__, *sorted({type(one).__name__ for one in page.data})],
    }


if __name__ == "__main__":
    with Client(base_url=sys.argv[1]) as client:
        if sys.argv[2] == "send":
            send(client)
        else:
            print(json.dumps(read(client, json.loads(sys.argv[3]))))
