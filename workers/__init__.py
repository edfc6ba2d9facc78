"""Celery: processes, queues and the schedule. No decision is made here."""
