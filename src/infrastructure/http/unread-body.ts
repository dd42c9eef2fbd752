import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** How long a connection is kept after its last answer, so that the answer is not lost to a reset. */
export const LINGER_MS = 500;
/** How much of an unwanted body is read meanwhile: some clients read no answer before all is sent. */
const LINGER_BYTES = 262_144;

const closing = new WeakSet<Duplex>();

/** Whether a connection has had its last answer: whatever still comes over it is not a request (RFC 9112, 9.6). */
export const isClosing = (socket: Duplex): boolean => closing.has(socket);

/** Whether bytes of the body are still to come. */
export function hasUnreadBody(request: IncomingMessage): boolean {
  if (request.complete || request.readableEnded) return false;
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * Makes the answer to this request the last of its connection: the rest of the body is read for a short time and up to a
 * limit only, because it may have no end. To be called before an answer with `Connection: close` is sent.
 */
export function closeAfterAnswer(request: IncomingMessage): void {
  const { socket } = request;
  if (closing.has(socket)) return;
  closing.add(socket);
  let leftBytes = LINGER_BYTES;
  request.on('data', (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes <= 0) request.pause();
  });
  // What the HTTP library does to the connection once the answer is out; by itself it would not wait for the client.
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}
