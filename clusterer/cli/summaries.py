"""What each command does, as its `--help` begins: known without loading the modules of all."""

from __future__ import annotations

from collections.abc import Mapping

SUMMARIES: Mapping[str, str] = {
    "status": "Show articles, queues, workers and the result of the last nightly run.",
    "doctor": "Check versions, Redis, clock, model, workers, queues, disk and files.",
    "demo": "Send the sample stream through Redis and Celery workers and print what they found.",
    "serve": "Run the HTTP API alone; workers run elsewhere.",
    "up": "Run everything: Redis if none is configured, workers, schedule and API.",
    "ingest": "Accept articles from files.",
    "search": "The clusters nearest to a text.",
    "related": "The articles nearest to an article, in its cluster and in others.",
    "duplicates": "The copies, excerpts and versions of an article.",
    "explain": "Explain why an article is in its cluster.",
    "clusters": "Clusters, latest or largest first.",
    "changes": "The change feed, from its beginning or after a cursor.",
    "audit": "Check that the stored data is consistent: every accepted article in one state and one cluster, every counter right.",
    "erase": "Erase an article everywhere; only the record that it existed is kept.",
    "config": "Show the current settings, or all settings with their meaning.",
    "export": "Write every article as it was accepted, for `ingest` or for another program; or every cluster; or the change feed.",
    "backup": "Save a consistent snapshot while the service runs, and verify it by loading it.",
    "restore": "Restore a backup into the data folder, after verifying and auditing it; clusterer must be stopped.",
    "reembed": "Compute the vectors of all articles with the configured model, while the service runs with the former one.",
    "recluster": "Recluster the window now.",
    "runs": "Reports of nightly runs, latest first.",
    "rollback": "Publish the previous generation again.",
    "history": "The changes of a cluster, oldest first.",
    "calibrate": "Fit weights to labelled sets, for another model or domain; CLUSTERER_WEIGHTS_PATH then points to the file.",
    "clean": "Print the text of the article in a page; the removed parts, with reasons, go to standard error.",
    "show": "Show an article, a cluster or a storyline.",
    "boilerplate": "What recurs on the pages of each source and is removed from its articles.",
    "collections": "Separate sets of articles and clusters.",
    "dead": "Dead articles: those that failed too often.",
    "rejected": "Rejected articles: those sent through the queue that are not valid.",
    "correct": "Corrections by people, which all later decisions respect.",
    "evaluate": "Measure quality on labelled data.",
    "token": "Tokens that the API accepts: create, list and revoke them.",
    "webhook": "Endpoints that changes are sent to.",
}
