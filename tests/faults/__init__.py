"""Faults on purpose: real processes are killed, stopped and cut off while articles flow, and then the books are checked.

Not part of `make test`: see `conftest.py`. `docs/reliability.md` says what is provoked where.
"""
