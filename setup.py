"""What pyproject.toml cannot say: the folder `workers` is installed as `clusterer_workers`, or it would be taken for a user's own."""

from setuptools import find_namespace_packages, setup

setup(
    # Folders of scripts, templates and the like count as packages, or setuptools warns that it will leave them out one day.
    packages=[
        *find_namespace_packages(include=["clusterer", "clusterer.*"], exclude=["*.__pycache__"]),
        "clusterer_workers",
    ],
    package_dir={"clusterer_workers": "workers"},
)
