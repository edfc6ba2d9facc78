"""What pyproject.toml cannot say: the folder `workers` is installed as `clusterer_workers`, or it would be taken for a user's own."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["clusterer", "clusterer.*"]), "clusterer_workers"],
    package_dir={"clusterer_workers": "workers"},
)
