"""A plain BERT with mean pooling (Devlin et al. 2019; Reimers and Gurevych 2019) on torch alone, as the shipped model is one.

Importing sentence-transformers and transformers takes three quarters of a worker's start and a third of its memory; of them, this network
needs sixty lines. The vectors are those of the libraries (tests/contract/test_bert_network.py). Other models go the libraries' way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional

_BATCH_SIZE = 32
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_KINDS = ["Transformer", "Pooling"]
# What the network below computes; a model whose configuration says otherwise is another one.
_CONFIG = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}

Layer = dict[str, tuple[torch.Tensor, torch.Tensor]]


def is_plain_bert(folder: Path) -> bool:
    """Whether a folder of sentence-transformers holds what this network computes."""
    try:
        config = json.loads((folder / "config.json").read_bytes())
        modules = json.loads((folder / "modules.json").read_bytes())
        pooling = json.loads((folder / modules[1]["path"] / "config.json").read_bytes())
        transformer = json.loads((folder / "sentence_bert_config.json").read_bytes())
    except (OSError, ValueError, LookupError, TypeError):
        return False
    modes = [name for name, value in pooling.items() if name.startswith("pooling_mode_") and value]
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    return (
        all(config.get(name, value) == value for name, value in _CONFIG.items())
        and config.get("architectures") == ["BertModel"]
        and kinds in (_KINDS, [*_KINDS, "Normalize"])
        and modes == ["pooling_mode_mean_tokens"]
        and not transformer.get("do_lower_case")
        and all((folder / name).is_file() for name in (_WEIGHTS, _TOKENIZER))
    )


class BertNetwork:
    """Texts to means over their pieces. `dtype` is the precision of everything but the means, which are float32."""

    def __init__(self, folder: Path, max_tokens: int, dtype: torch.dtype) -> None:
        config = json.loads((folder / "config.json").read_bytes())
        weights = {name: value.to(dtype) for name, value in load_file(folder / _WEIGHTS).items() if value.is_floating_point()}
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = weights["embeddings.position_embeddings.weight"]
        self._first_part = weights["embeddings.token_type_embeddings.weight"][0]
        self._norm = _affine(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(config["num_hidden_layers"])]
        self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(max_tokens, len(self._places)))

    def __call__(self, texts: Sequence[str]) -> torch.Tensor:
        """Shape (len(texts), dimension), float32, in the order of the texts."""
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(pieces)), key=lambda place: -len(pieces[place]))
        means = torch.empty((len(pieces), self._words.shape[1]))
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH_SIZE):
                batch = order[start : start + _BATCH_SIZE]
                means[batch] = self._means([pieces[place] for place in batch])
        return means

    def _means(self, texts: Sequence[Sequence[int]]) -> torch.Tensor:
        length = len(texts[0])  # the longest
        ids = torch.tensor([[*text, *[0] * (length - len(text))] for text in texts])
        present = torch.arange(length) < torch.tensor([len(text) for text in texts])[:, None]
        values = self._normed(self._words[ids] + self._first_part + self._places[:length], self._norm)
        mask = None if bool(present.all()) else present[:, None, None, :]
        for layer in self._layers:
            values = self._transformed(values, layer, mask)
        weight = present[:, :, None].float()
        return (values.float() * weight).sum(1) / weight.sum(1)

    def _transformed(self, values: torch.Tensor, layer: Layer, mask: torch.Tensor | None) -> torch.Tensor:
        queries, keys, meant = (
            functional.linear(values, *layer[name]).unflatten(2, (self._heads, -1)).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        seen = functional.scaled_dot_product_attention(queries, keys, meant, attn_mask=mask)
        mixed = functional.linear(seen.transpose(1, 2).flatten(2), *layer["mixed"])
        values = self._normed(mixed + values, layer["mixed_norm"])
        wide = functional.gelu(functional.linear(values, *layer["wide"]))
        return self._normed(functional.linear(wide, *layer["narrow"]) + values, layer["narrow_norm"])

    def _normed(self, values: torch.Tensor, norm: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        return functional.layer_norm(values, (values.shape[-1],), *norm, self._epsilon)


def _layer(weights: dict[str, torch.Tensor], name: str) -> Layer:
    return {
        "query": _affine(weights, f"{name}.attention.self.query"),
        "key": _affine(weights, f"{name}.attention.self.key"),
        "value": _affine(weights, f"{name}.attention.self.value"),
        "mixed": _affine(weights, f"{name}.attention.output.dense"),
        "mixed_norm": _affine(weights, f"{name}.attention.output.LayerNorm"),
        "wide": _affine(weights, f"{name}.intermediate.dense"),
        "narrow": _affine(weights, f"{name}.output.dense"),
        "narrow_norm": _affine(weights, f"{name}.output.LayerNorm"),
    }


def _affine(weights: dict[str, torch.Tensor], name: str) -> tuple[torch.Tensor, torch.Tensor]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]
