"""The files the book learns from: found, checked to the last byte, downloaded where they are missing."""

import errno
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

REPOSITORY = "https://raw.githubusercontent.com/unrolled-book/unrolled/main/data/"


class Copy(NamedTuple):
    """One published form of a file, and where it can be had."""

    size: int
    sha256: str
    url: str


# Any of a file's copies will do; they are asked for in this order, and the last lies in the repository.
# Keras packs MNIST into other bytes than ours.
FILES = {
    "mnist.npz": (
        Copy(
            11490434,
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        ),
        Copy(
            11490519,
            "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64",
            REPOSITORY + "mnist.npz",
        ),
    ),
    "shakespeare.txt": (
        Copy(
            956846,
            "e86dae1cc1fcb7b334a6481f6337fcfa68c995e7aef94f7c7ae9ac81edbf8e43",
            REPOSITORY + "shakespeare.txt",
        ),
    ),
    "phrases.tsv": (
        Copy(
            95221,
            "72872faa1711c7ef733c19c5243402dbedc537c76f81cc962dd60f25423bc51c",
            REPOSITORY + "phrases.tsv",
        ),
    ),
    "seattle.csv": (
        Copy(
            41488,
            "f5ae7dee19d689a4e5294ef3d56d8ba04a58afdde756779b35f671d5ba635e80",
            REPOSITORY + "seattle.csv",
        ),
    ),
}


class DataError(RuntimeError):
    """A data file cannot be had or is not what it should be; the message says what to do."""


class Mnist(NamedTuple):
    """Images are bytes, 0 is paper and 255 ink; a label is the digit drawn."""

    train_images: np.ndarray  # (60000, 28, 28)
    train_labels: np.ndarray  # (60000,)
    test_images: np.ndarray  # (10000, 28, 28)
    test_labels: np.ndarray  # (10000,)


class Phrase(NamedTuple):
    """A short phrase and its sentiment, 1 for positive and 0 for negative. kind: the pattern it was made from."""

    label: int
    text: str
    kind: str


class Weather(NamedTuple):
    """Measured days, one after the other without a gap."""

    days: np.ndarray  # (N,) datetime64[D]
    values: np.ndarray  # (N, 4), the columns as `names` says
    names: tuple  # each with its unit


def mnist():
    """MNIST as published: 60,000 digits to train on and 10,000 to test on."""
    file = path("mnist.npz")
    shapes = {"x_train": (60000, 28, 28), "y_train": (60000,), "x_test": (10000, 28, 28), "y_test": (10000,)}
    try:
        with np.load(file, allow_pickle=False) as stored:  # a pickle could run any code when it is loaded
            arrays = {name: stored[name] for name in shapes}
    except Exception as error:
        raise DataError(f"{file} cannot be read as MNIST: {error}") from error
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.uint8:
            raise DataError(f"{file}: expected {name} to be uint8 {shape}, got {array.dtype} {array.shape}")
    return Mnist(*arrays.values())


def shakespeare():
    """Eight plays of Shakespeare as one string of 956,846 characters."""
    return path("shakespeare.txt").read_text(encoding="utf-8")


def phrases():
    """The book's own phrases: a dict from the split (train, validation, test, longer, wild) to a list of Phrase."""
    splits = {}
    for line in path("phrases.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        label, text, split, kind = line.split("\t")
        splits.setdefault(split, []).append(Phrase(int(label), text, kind))
    return splits


def seattle():
    """The weather of Seattle, each day from 2012 to 2015: Weather of 1,461 days."""
    file = path("seattle.csv")
    days = np.loadtxt(file, "datetime64[D]", delimiter=",", skiprows=1, usecols=0)
    values = np.loadtxt(file, delimiter=",", skiprows=1, usecols=(2, 3, 1, 4))
    return Weather(
        days, values, ("highest temperature, °C", "lowest temperature, °C", "precipitation, mm", "wind, m/s")
    )


def path(name):
    """Path of a data file whose checksum is right: $UNROLLED_DATA, this checkout's data/, else a download."""
    if name not in FILES:
        raise DataError(f"There is no data file {name!r}; there are {', '.join(FILES)}.")
    named = os.environ.get("UNROLLED_DATA")
    if named:
        if not Path(named).is_dir():
            raise DataError(f"UNROLLED_DATA names {named}, which is not a folder. Correct it, or unset it.")
        if (Path(named) / name).is_file():
            return checked(Path(named) / name, "Replace it, or delete it and it is looked for elsewhere.")
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "code" / "unrolled").is_dir() and (checkout / "data" / name).is_file():
        return checked(checkout / "data" / name, f"Restore it: git checkout -- data/{name}")
    return downloaded(name)


def sha256(file):
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def checked(file, remedy):
    """`file`, if it is one of the copies in FILES, else DataError with the remedy."""
    try:
        found = sha256(file)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}. {remedy}") from error
    if any(copy.sha256 == found for copy in FILES[file.name]):
        return file
    wanted = "\n  or       ".join(f"{copy.size} bytes, sha256 {copy.sha256}" for copy in FILES[file.name])
    raise DataError(
        f"{file} is damaged or another file.\n  expected {wanted}\n"
        f"  found    {file.stat().st_size} bytes, sha256 {found}\n{remedy}"
    )


def downloaded(name):
    """The file in the user's cache. pooch writes to a temporary name and renames what has the right checksum."""
    import pooch
    import requests

    cache, failures = pooch.os_cache("unrolled"), []
    by_hand = f"Or put {name} into a folder yourself and set the environment variable UNROLLED_DATA to it."
    try:
        return checked(cache / name, "")
    except DataError:
        pass  # not there, or damaged: fetched now
    for copy in FILES[name]:
        try:
            downloader = pooch.HTTPDownloader(progressbar=True)
            return Path(pooch.retrieve(copy.url, "sha256:" + copy.sha256, name, cache, downloader=downloader))
        except (requests.RequestException, ValueError) as error:  # pooch: ValueError for a wrong checksum
            failures.append(f"  {copy.url} ({copy.size} bytes, sha256 {copy.sha256})\n    {error}")
        except OSError as error:
            why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or error
            raise DataError(f"{name} cannot be written to {cache}: {why}. {by_hand}") from error
    raise DataError(
        f"{name} could not be downloaded:\n"
        + "\n".join(failures)
        + f"\nNothing was kept. Check the network and try again. {by_hand}"
    )
