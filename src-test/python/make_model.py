"""Makes the small language model that the tests use, and what the reference says of it.

    python make_model.py --out ../resources/skynet/cascade/model            # the tests' own, some minutes on one core
    python make_model.py --out DIR --vocabulary 2048 --width 128 --layers 4 --steps 3000

It trains a tokenizer (byte-level BPE) and a model (Llama) from nothing on the texts of this repository, so both are as free as
those, writes the model as ONNX with past key values in the layout of the common exporters, and asks the reference
implementations, `tokenizers` and `transformers`, for the vectors of the tests. Needs torch, transformers, tokenizers, onnx.
"""

import argparse
import json
import pathlib
import random

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def corpus():
    folders = [ROOT / "verticles/src/main/resources", ROOT / "src-test/resources"]
    files = [ROOT / "README.md", *(f for folder in folders for f in sorted(folder.rglob("*.md")) if f.parent.name != "model")]
    return [f.read_text(encoding="utf-8") for f in files]


def byte_level(texts, vocabulary):
    tokenizer = Tokenizer(models.BPE(ignore_merges=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=MARKS,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return tokenizer


class Graph(nn.Module):
    """The trained model once more, in operations that any runtime knows."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.config = model.config

    def forward(self, input_ids, attention_mask, position_ids, *past):
        config = self.config
        heads, groups = config.num_attention_heads, config.num_key_value_heads
        width = config.hidden_size // heads
        hidden = self.model.model.embed_tokens(input_ids)
        batch, count = input_ids.shape[0], input_ids.shape[1]
        seen = torch.cumsum(attention_mask, dim=1) - 1
        mask = (seen[:, None, None, :] <= position_ids[:, None, :, None]) & (attention_mask[:, None, None, :] > 0)
        angles = position_ids[:, :, None].float() * self.frequencies(width)[None, None, :]
        angles = torch.cat([angles, angles], dim=-1)[:, None]
        cos, sin = angles.cos(), angles.sin()
        present = []
        for at, layer in enumerate(self.model.model.layers):
            x = self.norm(layer.input_layernorm, hidden)
            q = layer.self_attn.q_proj(x).view(batch, count, heads, width).transpose(1, 2)
            k = layer.self_attn.k_proj(x).view(batch, count, groups, width).transpose(1, 2)
            v = layer.self_attn.v_proj(x).view(batch, count, groups, width).transpose(1, 2)
            q, k = q * cos + self.turned(q) * sin, k * cos + self.turned(k) * sin
            k = torch.cat([past[2 * at], k], dim=2)
            v = torch.cat([past[2 * at + 1], v], dim=2)
            present += [k, v]
            k, v = (t.repeat_interleave(heads // groups, dim=1) for t in (k, v))
            scores = q @ k.transpose(2, 3) / width**0.5
            scores = torch.where(mask, scores, torch.full_like(scores, -1e9))
            mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, count, heads * width)
            hidden = hidden + layer.self_attn.o_proj(mixed)
            x = self.norm(layer.post_attention_layernorm, hidden)
            hidden = hidden + layer.mlp.down_proj(
                torch.nn.functional.silu(layer.mlp.gate_proj(x)) * layer.mlp.up_proj(x)
            )
        return (self.norm(self.model.model.norm, hidden) @ self.model.model.embed_tokens.weight.T, *present)

    def frequencies(self, width):
        return 1.0 / (10000.0 ** (torch.arange(0, width, 2).float() / width))

    def norm(self, norm, x):
        return norm.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config.rms_norm_eps)

    def turned(self, x):
        half = x.shape[-1] // 2
        return torch.cat([-x[..., half:], x[..., :half]], dim=-1)


def train(tokenizer, texts, arguments):
    torch.manual_seed(7)
    random.seed(7)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=arguments.width,
        intermediate_size=2 * arguments.width,
        num_hidden_layers=arguments.layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=arguments.context,
        tie_word_embeddings=True,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )
    model = LlamaForCausalLM(config)
    ids = []
    for text in texts:
        ids += tokenizer.encode(text).ids + [0]
    ids = torch.tensor(ids)
    print(sum(p.numel() for p in model.parameters()), "parameters,", len(ids), "tokens of text", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, arguments.steps)
    for step in range(arguments.steps):
        starts = [random.randrange(len(ids) - arguments.window) for _ in range(8)]
        batch = torch.stack([ids[s : s + arguments.window] for s in starts])
        loss = model(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 200 == 0:
            print(step, round(loss.item(), 3), flush=True)
    return model.eval()


def export(model, out):
    config = model.config
    graph = Graph(model).eval()
    shape = (1, config.num_key_value_heads, 3, config.hidden_size // config.num_attention_heads)
    past = [torch.zeros(shape) for _ in range(2 * config.num_hidden_layers)]
    names = [f"{layer}.{part}" for layer in range(config.num_hidden_layers) for part in ("key", "value")]
    axes = {
        "input_ids": {0: "batch", 1: "count"},
        "attention_mask": {0: "batch", 1: "all"},
        "position_ids": {0: "batch", 1: "count"},
        "logits": {0: "batch", 1: "count"},
    }
    axes |= {f"past_key_values.{n}": {0: "batch", 2: "past"} for n in names}
    axes |= {f"present.{n}": {0: "batch", 2: "all"} for n in names}
    given = (torch.tensor([[1, 2]]), torch.ones(1, 5, dtype=torch.long), torch.tensor([[3, 4]]), *past)
    torch.onnx.export(
        graph,
        given,
        str(out / "model.onnx"),
        input_names=["input_ids", "attention_mask", "position_ids", *(f"past_key_values.{n}" for n in names)],
        output_names=["logits", *(f"present.{n}" for n in names)],
        dynamic_axes=axes,
        opset_version=17,
        do_constant_folding=False,
        dynamo=False,
    )


TEXTS = [
    "",
    " ",
    "Hello, world!",
    "I'm sure they'll say it's what we've DON'T.",
    "  two  spaces   three\t tab\n\n\nlines \r\n end  ",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "naïve café — “quotes” … e\u0301 \u212b \ufb01",
    "👩‍👩‍👧‍👦 😀😀 🇨🇿 ❤️‍🔥 👍🏽",
    "日本語のテキスト 中文 한국어 ไทย العربية हिन्दी",
    "def f(x):\n    return x ** 2  # square\n\n\nprint(f(1234567890), 3.14e-10)",
    "{\"a\": [1, 22, 333, 4444], 'b': null}\n\t\t};",
    "<|im_start|>user\nnobody<|im_end|> <|endoftext|>",
    "a  <tool>  b<tool>c <tool",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\u00a0non\u2003breaking\u200bzero\ufeff \u2028sep\u0085",
    "x" * 300 + " " * 50 + "!" * 40,
    "①②③ ½ Ⅷ ٣٤ ²",
    "ſ'S 'RE İstanbul ß ẞ",
    "\u0000\u0001\u007f\u0080\u00ad",
]


def samples(texts, seed=11):
    dice = random.Random(seed)
    alphabet = "abc XYZ 012 \n\t.,;:'\"!?-_/\\(){}[]<>|@#$%^&*+=~`éěščřžÜßλя中日한😀👩\u200d\u0301\u00a0\u2009"
    found = list(TEXTS)
    for _ in range(24):
        found.append("".join(dice.choice(alphabet) for _ in range(dice.randrange(1, 40))))
    whole = "\n".join(texts)
    for _ in range(12):
        start = dice.randrange(len(whole) - 200)
        found.append(whole[start : start + dice.randrange(10, 200)])
    return found


def split(pattern):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def level(regex, prefix=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": list(steps)}


def with_fallback(texts):
    """One whose pieces are characters, and bytes for those that it does not know."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{value:02X}>" for value in range(256))]
    tokenizer.train_from_iterator(
        (text[:20000] for text in texts[:3]),
        trainers.BpeTrainer(
            vocab_size=600, special_tokens=pieces, limit_alphabet=60, max_token_length=12, show_progress=False
        ),
    )
    file = json.loads(tokenizer.to_str())
    file["added_tokens"] = [token for token in file["added_tokens"] if token["id"] < 3]
    return file


def vectors(file, texts):
    """The tokens of the same texts by tokenizers of several kinds: what each changes in the file, and what it finds."""
    mark = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True, "special": False}
    code = [{**mark, "id": len(file["model"]["vocab"]) + run - 2, "content": " " * run} for run in range(2, 5)]
    code.append({**mark, "id": len(file["model"]["vocab"]) + 3, "content": "<tool>", "normalized": False, "lstrip": True, "rstrip": True})
    preface = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<|im_start|>": {"id": "<|im_start|>", "ids": [1], "tokens": ["<|im_start|>"]}},
    }
    kinds = [
        {},
        {"normalizer": None, "pre_tokenizer": level(True)},
        {"normalizer": None, "pre_tokenizer": level(True, prefix=True)},
        {
            "normalizer": None,
            "pre_tokenizer": sequence(split(LLAMA3), level(False)),
            "model": {**file["model"], "ignore_merges": True},
            "post_processor": preface,
        },
        {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": True}, level(True))},
        {"added_tokens": file["added_tokens"] + code},
        {"model": {**file["model"], "merges": [" ".join(pair) for pair in file["model"]["merges"]]}},
        with_fallback(texts),
    ]
    found = []
    for changes in kinds:
        tokenizer = Tokenizer.from_str(json.dumps({**file, **changes}))
        tokenizer.encode_special_tokens = True
        ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in samples(texts)]
        if "model" in changes and "version" not in changes:
            # The vocabulary stands in the file already.
            told = {"ignore_merges": changes["model"]["ignore_merges"]}
            changes = {**changes, "model": told, "merges_as_text": isinstance(changes["model"]["merges"][0], str)}
        found.append({"changes": changes, "ids": ids})
    return found


def answers(model, tokenizer, count):
    prompts = ["The node", "A question that no document answers", "SKYNET is", "How", "Příliš", "1. "]
    found = []
    for prompt in prompts:
        ids = torch.tensor([tokenizer.encode(prompt, add_special_tokens=False).ids])
        with torch.no_grad():
            out = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, do_sample=False)
        found.append({"prompt": prompt, "ids": ids[0].tolist(), "answer": out[0, ids.shape[1] :].tolist()})
        print(repr(prompt), "->", repr(tokenizer.decode(found[-1]["answer"])), flush=True)
    return found


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--vocabulary", type=int, default=384)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--context", type=int, default=256)
    parser.add_argument("--window", type=int, default=96)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--weights", help="where the reference's own form of the model goes")
    parser.add_argument("--answer", type=int, default=48)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    texts = corpus()
    tokenizer = byte_level(texts, arguments.vocabulary)
    write(out / "tokenizer.json", json.loads(tokenizer.to_str()))
    model = train(tokenizer, texts, arguments)
    export(model, out)
    kept = ("num_attention_heads", "num_key_value_heads", "hidden_size", "max_position_embeddings", "vocab_size")
    config = {"model_type": "llama", **{key: getattr(model.config, key) for key in kept}, "eos_token_id": 0}
    write(out / "config.json", config)
    found = {
        "texts": samples(texts),
        "tokenizers": vectors(json.loads(tokenizer.to_str()), texts),
        "answers": answers(model, tokenizer, arguments.answer),
    }
    write(out / "vectors.json", found)
    if arguments.weights:
        model.save_pretrained(arguments.weights)
    for file in sorted(out.iterdir()):
        print(file.name, file.stat().st_size)


if __name__ == "__main__":
    main()
