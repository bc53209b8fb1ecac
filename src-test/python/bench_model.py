"""The peers of GenerationBenchmark: python bench_model.py FOLDER WEIGHTS TOKENS, one thread each."""

import sys
import time

import numpy
import onnxruntime
import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

folder, weights, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(1)
ids = Tokenizer.from_file(folder + "/tokenizer.json").encode("The node").ids


def reference(model):
    given = torch.tensor([ids])
    with torch.no_grad():
        model.generate(
            given, attention_mask=torch.ones_like(given), max_new_tokens=count, min_new_tokens=count, do_sample=False
        )


def runtime(session):
    inputs = {given.name: given for given in session.get_inputs()}
    names = [name for name in inputs if name.startswith("past_key_values.")]
    outputs = ["logits", *(name.replace("past_key_values.", "present.") for name in names)]
    past = {name: numpy.zeros((1, inputs[name].shape[1], 0, inputs[name].shape[3]), numpy.float32) for name in names}
    tokens, read = numpy.array([ids], numpy.int64), 0
    for _ in range(count):
        places = numpy.arange(read, read + tokens.shape[1], dtype=numpy.int64)[None]
        read += tokens.shape[1]
        mask = numpy.ones((1, read), numpy.int64)
        found = session.run(outputs, {"input_ids": tokens, "attention_mask": mask, "position_ids": places, **past})
        past = dict(zip(names, found[1:]))
        tokens = numpy.array([[found[0][0, -1].argmax()]], numpy.int64)


def timed(name, write, with_what):
    write(with_what)
    begun = time.time()
    write(with_what)
    print(f"  {name:21} {count / (time.time() - begun):.0f} tokens/s", flush=True)


options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
timed("transformers", reference, LlamaForCausalLM.from_pretrained(weights).eval())
timed("onnxruntime, Python", runtime, onnxruntime.InferenceSession(folder + "/model.onnx", options))
