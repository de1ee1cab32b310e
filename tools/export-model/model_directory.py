"""Writes model directories in the Hugging Face layout that @smart-support/inference opens, and checks what it wrote."""
import hashlib
import json
import os

# Before onnxruntime is loaded: no telemetry, unless it is asked for.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

INPUTS = ["input_ids", "attention_mask"]
# What is still rounding, not a mistake, as a share of the largest logit.
FP32_TOLERANCE = 1e-3


class Logits(torch.nn.Module):
    """A sequence classifier reduced to what the runtime needs: token ids and mask in, logits out."""

    def __init__(self, classifier):
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids, attention_mask):
        return self.classifier(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits


class LogitsWithoutCache(Logits):
    """The same for encoders, which have no cache to turn off."""

    def forward(self, input_ids, attention_mask):
        return self.classifier(input_ids=input_ids, attention_mask=attention_mask).logits


def write_model(classifier, tokenizer, examples, out, int8):
    """Writes configuration, tokenizer and onnx/model.onnx (or onnx/model_int8.onnx) to the directory `out`.

    examples: one text or pair of texts per line of the batch that is traced.
    """
    os.makedirs(os.path.join(out, "onnx"), exist_ok=True)
    if os.listdir(os.path.join(out, "onnx")):
        raise SystemExit(f"{out} holds a network already: which of two is run would be a matter of luck. Choose an empty directory.")
    classifier.config.save_pretrained(out)
    tokenizer.save_pretrained(out)
    if not os.path.exists(os.path.join(out, "tokenizer.json")):
        raise SystemExit(f"{type(tokenizer).__name__} has no tokenizer.json: the source needs a fast tokenizer.")

    module = (Logits if classifier.config.is_encoder_decoder else LogitsWithoutCache)(classifier).eval()
    fp32 = os.path.join(out, "onnx", "model.onnx")
    batch = tokenizer(*examples, return_tensors="pt", padding=True)
    axes = {name: {0: "batch", 1: "sequence"} for name in INPUTS} | {"logits": {0: "batch"}}
    with torch.no_grad():
        torch.onnx.export(module, tuple(batch[name] for name in INPUTS), fp32, input_names=INPUTS, output_names=["logits"],
                          dynamic_axes=axes, opset_version=17, dynamo=False)
    difference = largest_difference(module, tokenizer, examples, fp32)
    print(f"fp32: logits differ from PyTorch by at most {difference:.1e} of the largest")
    if not difference <= FP32_TOLERANCE:
        raise SystemExit("The exported graph does not compute what the model computes.")
    if int8:
        quantised = os.path.join(out, "onnx", "model_int8.onnx")
        # 7-bit weights: processors without VNNI add pairs of products in 16 bits, which 8-bit weights can overflow.
        quantize_dynamic(fp32, quantised, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        difference = largest_difference(module, tokenizer, examples, quantised)
        print(f"int8: logits differ from PyTorch by at most {difference:.1%} of the largest; measure it on your own tickets")
        os.remove(fp32)
    write_manifest(out)


def largest_difference(module, tokenizer, examples, path):
    """Compares PyTorch with onnxruntime, as a share of the largest logit.

    Sizes that were fixed by mistake while tracing show up on others: each example alone, all together, and one much
    longer than any that was traced.
    """
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    long = (" ".join(examples[0] * 3),)
    batches = [examples] + [tuple([texts[i]] for texts in examples) for i in range(len(examples[0]))]
    batches.append(tuple([text] for text in long + tuple(texts[0] for texts in examples[1:])))
    worst = 0.0
    for texts in batches:
        batch = tokenizer(*texts, return_tensors="pt", padding=True, truncation=True)
        with torch.no_grad():
            expected = module(*(batch[name] for name in INPUTS)).numpy()
        (found,) = session.run(["logits"], {name: batch[name].numpy() for name in INPUTS})
        worst = max(worst, float(np.abs(expected - found).max() / np.abs(expected).max()))
    return worst


def write_manifest(out):
    """Lists every file with its size and SHA-256, so that a damaged copy is noticed when it is opened."""
    files = {}
    for directory, _, names in os.walk(out):
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            files[os.path.relpath(path, out).replace(os.sep, "/")] = {"sha256": content, "bytes": os.path.getsize(path)}
    files.pop("manifest.json", None)
    manifest = {"name": os.path.basename(os.path.abspath(out)), "files": dict(sorted(files.items()))}
    with open(os.path.join(out, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2)
        file.write("\n")
