"""Export sentence-transformers/all-MiniLM-L6-v2 to the int8 ONNX file of libs/model-minilm.

usage: export_minilm.py SOURCE_DIR OUT_DIR
SOURCE_DIR holds config.json, tokenizer.json and model.safetensors of the published model.
Needs torch, transformers, onnx, onnxscript, onnxruntime. Writes OUT_DIR/onnx/model_int8.onnx.
"""
import os
import sys
import tempfile

# Before onnxruntime is loaded: no telemetry, unless it is asked for.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import AutoModel, AutoTokenizer

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


class SentenceEmbedder(torch.nn.Module):
    """BERT, then the mean over real tokens, then L2 normalisation: [batch, sequence] -> [batch, 384]."""

    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask, token_type_ids):
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2.0, dim=1)


def main(source, out):
    bert = AutoModel.from_pretrained(source, attn_implementation="eager").eval()
    example = AutoTokenizer.from_pretrained(source)(["a short text", "a somewhat longer second text"], return_tensors="pt", padding=True)
    axes = {name: {0: "batch", 1: "sequence"} for name in INPUTS} | {"sentence_embedding": {0: "batch"}}
    os.makedirs(os.path.join(out, "onnx"), exist_ok=True)
    with tempfile.TemporaryDirectory() as tmp:
        raw, fused = os.path.join(tmp, "raw.onnx"), os.path.join(tmp, "fused.onnx")
        torch.onnx.export(SentenceEmbedder(bert).eval(), tuple(example[name] for name in INPUTS), raw, input_names=INPUTS,
                          output_names=["sentence_embedding"], dynamic_axes=axes, opset_version=17, dynamo=False)
        optimizer.optimize_model(raw, model_type="bert", num_heads=12, hidden_size=384,
                                 optimization_options=FusionOptions("bert"), opt_level=1).save_model_to_file(fused)
        quantize_dynamic(fused, os.path.join(out, "onnx", "model_int8.onnx"), weight_type=QuantType.QInt8, per_channel=True,
                         reduce_range=True, extra_options={"DefaultTensorType": 1})


if __name__ == "__main__":
    main(*sys.argv[1:3])
