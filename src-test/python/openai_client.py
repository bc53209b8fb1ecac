"""Asks a node with the openai client of PyPI, as any program would: python openai_client.py http://127.0.0.1:8080"""

import sys

import openai

node = sys.argv[1]
client = openai.OpenAI(base_url=node + "/v1", api_key="guest", max_retries=0)
question = [{"role": "developer", "content": "Answer shortly."}, {"role": "user", "content": "What does NOD7 do?"}]


def refused(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"not refused with {kind.__name__}")


ids = [model.id for model in client.models.list()]
assert {"skyai-auto", "skyai-standard", "skyai-advanced", "skyai-pro"} <= set(ids), ids
assert client.models.retrieve("skyai-auto").owned_by == "skynet"

whole = client.chat.completions.create(model="skyai-standard", messages=question, temperature=0.2, top_p=1, seed=7, user="somebody")
assert "NOD7" in whole.choices[0].message.content
assert whole.choices[0].finish_reason == "stop"
assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
assert whole.skynet["citations"]

text, usage, finish = "", None, None
with client.chat.completions.create(
    model="skyai-auto", messages=question, stream=True, stream_options={"include_usage": True}
) as stream:
    for chunk in stream:
        usage = chunk.usage or usage
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
            finish = chunk.choices[0].finish_reason or finish
assert text == whole.choices[0].message.content, text
assert finish == "stop" and usage.completion_tokens > 5

vectors = client.embeddings.create(model="all-minilm-l6-v2", input=["a cat", "a kitten", "tax law"])
assert [len(one.embedding) for one in vectors.data] == [384] * 3
plain = client.embeddings.create(model="all-minilm-l6-v2", input="a cat", encoding_format="float")
assert max(abs(x - y) for x, y in zip(plain.data[0].embedding, vectors.data[0].embedding)) < 1e-4

error = refused(openai.NotFoundError, lambda: client.chat.completions.create(model="gpt-none", messages=question))
assert error.code == "model_not_found" and error.param == "model"
error = refused(openai.BadRequestError, lambda: client.chat.completions.create(model="skyai-auto", messages=question, temperature=3))
assert error.param == "temperature"
refused(openai.BadRequestError, lambda: client.embeddings.create(model="all-minilm-l6-v2", input=[[1, 2]]))
error = refused(
    openai.APIStatusError,
    lambda: client.chat.completions.create(model="skyai-auto", messages=[{"role": "user", "content": "x" * 300_000}]),
)
assert error.status_code == 413 and error.code == "context_length_exceeded"
wrong = openai.OpenAI(base_url=node + "/v1", api_key="sk-nobody", max_retries=0)
error = refused(openai.AuthenticationError, lambda: wrong.models.list())
assert error.code == "invalid_api_key"
print("openai for Python: all well")
