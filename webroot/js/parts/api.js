const DEADLINE_MS = 20_000;

/** What went wrong in a call, in the words of the node's problem+json where there are any. */
export class Problem extends Error {
  constructor({ title, detail, fix, status, request_id: requestId }) {
    super(title);
    this.title = title;
    this.detail = detail;
    this.fix = fix;
    this.status = status;
    this.requestId = requestId;
  }
}

/** Tells the pill in the top bar how the node was last reached: live, waiting or down. */
export function report(state, words) {
  document.dispatchEvent(new CustomEvent('node-link', { detail: { state, words } }));
}

export const get = (path, accepted) => call(path, { method: 'GET' }, accepted);

/** Shown with whatever changes something: no foreign page can show it, so the node knows that we are one of its own. */
const OWN = { 'X-Skynet-Page': '1' };

export const post = (path, body, signal) =>
  call(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...OWN }, body: JSON.stringify(body), signal });

export const put = (path, body) => call(path, { method: 'PUT', headers: { 'Content-Type': 'application/json', ...OWN }, body: JSON.stringify(body) });

export const patch = (path, body) => call(path, { method: 'PATCH', headers: { 'Content-Type': 'application/json', ...OWN }, body: JSON.stringify(body) });

export const remove = (path) => call(path, { method: 'DELETE', headers: OWN });

/** Calls the node and answers its JSON. Statuses in `accepted` count as answers although they are errors in HTTP. */
async function call(path, request, accepted = []) {
  const response = await reach(path, request);
  const body = await response.json().catch(() => undefined);
  const requestId = response.headers.get('X-Request-Id') ?? undefined;
  if (body !== undefined && (response.ok || accepted.includes(response.status))) return body;
  throw new Problem({
    title: body?.title ?? `The node answered ${response.status}.`,
    detail: body?.detail ?? 'The answer was not readable.',
    fix: body?.fix,
    status: response.status,
    request_id: body?.request_id ?? requestId,
  });
}

async function reach(path, request) {
  const limit = AbortSignal.timeout(DEADLINE_MS);
  const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
  try {
    const response = await fetch(path, { ...request, signal });
    report('live', 'Live');
    return response;
  } catch (failure) {
    if (request.signal?.aborted) throw failure;
    if (!limit.aborted) report('down', 'Not reachable');
    throw limit.aborted
      ? new Problem({ title: 'The node took too long.', detail: `No answer within ${DEADLINE_MS / 1000} s.`, fix: 'Try again, or look at the Status page.' })
      : new Problem({ title: 'The node cannot be reached.', detail: 'The connection failed.', fix: 'Check that "skynet run" is still running.' });
  }
}
