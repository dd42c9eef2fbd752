import { createServer, type IncomingMessage, type Server } from 'node:http';
import { freePort } from '../../tools/demo/own-product.ts';
import type { CleanUp } from './product.ts';

/**
 * What happens to the next call of a path: before headquarters hears of it, or once it has done what was asked, which nobody hears
 * then. A call that was refused, since it took a slow machine too long, is asked again.
 */
export type Stroke = { readonly path: string; readonly when: 'before' | 'after'; kill(): Promise<unknown> };

/** The line between a park and headquarters. */
export type StruckLine = {
  readonly url: string;
  /** Null once it has struck. */
  stroke: Stroke | null;
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** @param target where headquarters is at the moment; asked for each call */
export async function openStruckLine(target: () => string, later: CleanUp): Promise<StruckLine> {
  const port = await freePort();
  const opened: StruckLine = { url: `http://127.0.0.1:${port}`, stroke: null };
  const line: Server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const due = opened.stroke !== null && request.url === opened.stroke.path ? opened.stroke : null;
      if (due?.when === 'before') opened.stroke = null;
      const body = await bodyOf(request);
      if (due?.when === 'before') {
        await due.kill();
        throw new Error('nobody hears it');
      }
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(`${target()}${request.url}`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (due?.when === 'after' && answer.ok) {
        opened.stroke = null;
        await due.kill();
        throw new Error('the answer is lost');
      }
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(bytes);
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => line.listen(port, '127.0.0.1', resolve));
  later(async () => void line.close());
  return opened;
}
