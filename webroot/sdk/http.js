/** The HTTP interface of one node. */

/** A node said no: `status` is that of HTTP, the message names the thing, the value and what was expected. */
export class NodeRefusal extends Error {
  constructor(status, problem) {
    super(`${status} ${problem.detail ?? 'no reason given'}`);
    this.name = 'NodeRefusal';
    this.status = status;
    this.problem = problem;
  }
}

/** Asks a node in JSON, as a guest or with a bearer token. */
export class Connection {
  #address;
  #token;

  /** A node at an address such as `http://127.0.0.1:8080`; in a page, the one the page came from unless told otherwise. */
  constructor(address = globalThis.location?.origin, { token = '' } = {}) {
    this.#address = address;
    this.#token = token;
  }

  /** The name under which the node is called, without port. */
  get host() {
    return new URL(this.#address).hostname;
  }

  /** The same node with a token: an API key, a node's token or a login's. */
  with(token) {
    return new Connection(this.#address, { token });
  }

  get(path, options = {}) {
    return this.send('GET', path, undefined, options);
  }

  post(path, body, options = {}) {
    return this.send('POST', path, body, options);
  }

  delete(path, options = {}) {
    return this.send('DELETE', path, undefined, options);
  }

  async send(method, path, body, { signal, timeoutMillis = 30_000 } = {}) {
    const headers = {};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const patience = AbortSignal.timeout(timeoutMillis);
    const response = await fetch(new URL(path, this.#address), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    const text = await response.text();
    let json = {};
    try {
      json = text ? JSON.parse(text) : {};
    } catch {
      if (response.ok) throw new Error('answer: no JSON (expected: from a SKYNET node)');
    }
    if (!response.ok) throw new NodeRefusal(response.status, json);
    return json;
  }
}
