import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Ids } from '../../kernel/ids.ts';
import { renderProblem } from './answer.ts';
import type { ErrorCode } from './error-table.ts';
import { problem } from './problem.ts';
import type { ProblemOptions } from './problem.ts';
import { closeAfterAnswer, hasUnreadBody, isClosing, LINGER_MS } from './unread-body.ts';

const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** A whole HTTP/1.1 answer as text, for requests that never became one. */
export function rawProblem(
  code: ErrorCode,
  requestId: string,
  fixedHeaders: Readonly<Record<string, string>>,
  options: ProblemOptions = {},
): string {
  const { status, headers, body } = renderProblem(problem(code, options), requestId, undefined);
  const all = {
    ...fixedHeaders,
    ...headers,
    'x-request-id': requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

/** Whether an answer is already on its way over a connection: another one must not be written into it. */
function isAnswering(socket: Duplex): boolean {
  const message: unknown = Reflect.get(socket, '_httpMessage');
  return typeof message === 'object' && message !== null && Reflect.get(message, 'headersSent') === true;
}

function closeWith(socket: Duplex, text: string): void {
  socket.end(text);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Answers what the parser refused: malformed HTTP, headers too large or too slow. */
export function createClientErrorHandler(
  ids: Ids,
  fixedHeaders: Readonly<Record<string, string>>,
  onRefused: (code: ErrorCode) => void,
) {
  const closing = new WeakSet<Duplex>();
  return (error: { readonly code?: string }, socket: Duplex): void => {
    if (closing.has(socket)) return;
    closing.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable || isClosing(socket) || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const code = CODE_OF[error.code ?? ''] ?? 'malformed_body';
    onRefused(code);
    const options = code === 'malformed_body' ? { detail: 'The request is not valid HTTP.' } : {};
    closeWith(socket, rawProblem(code, ids.next(), fixedHeaders, options));
  };
}

/** Answers the requests that the HTTP library would otherwise answer without a body, or not at all. */
export function answerOddRequests(server: Server, ids: Ids, fixedHeaders: Readonly<Record<string, string>>): void {
  server.on('checkExpectation', (request, response) => {
    if (hasUnreadBody(request)) closeAfterAnswer(request);
    const text = renderProblem(problem('expectation_failed'), ids.next(), undefined);
    response.writeHead(text.status, { ...fixedHeaders, ...text.headers, connection: 'close' }).end(text.body);
  });
  server.on('connect', (_request, socket) =>
    closeWith(socket, rawProblem('method_not_allowed', ids.next(), fixedHeaders, { headers: { allow: '' } })),
  );
}
