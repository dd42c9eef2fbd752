/** `fetch` or a function that behaves like it. */
export type HttpFetch = (url: string, init: RequestInit) => Promise<Response>;

const LONGEST_ANSWER_BYTES = 65_536;

/** The body of an answer; null when it is longer than an answer can sensibly be. */
export async function boundedText(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    const chunk: unknown = part;
    // Leaving the loop cancels the stream, so a flood costs no more than this.
    if (!(chunk instanceof Uint8Array) || length + chunk.length > LONGEST_ANSWER_BYTES) return null;
    length += chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
