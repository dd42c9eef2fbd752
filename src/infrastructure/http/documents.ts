import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** The page runs only what this server serves; the UI needs styles in the page and pictures as data. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="40" viewBox="0 0 150 40"><text x="0" y="27" font-family="sans-serif" font-size="22" font-weight="bold" fill="#fff">Sky Park</text></svg>';

/** Serves `/openapi.json` and, from our own files, the pages under `/docs`. */
export async function serveDocuments(app: FastifyInstance, document: Record<string, unknown>): Promise<void> {
  const text = JSON.stringify(document);
  app.get('/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text),
  );
  await app.register(async (scope) => {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- the plugin has its own type for the same document
    await scope.register(swagger, { mode: 'static', specification: { document: JSON.parse(text) } });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: PAGE_POLICY,
      logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/docs', target: '_self' },
      theme: { title: 'Sky Park API' },
      uiConfig: { docExpansion: 'none', deepLinking: true, tryItOutEnabled: false },
    });
  });
}
