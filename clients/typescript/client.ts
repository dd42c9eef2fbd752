import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export type SkyParkClientOptions = {
  /** Where the API lives, without `/api/v1`: `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  readonly fetch?: typeof globalThis.fetch;
  /** The access token of the next request, asked for each time, so that a refreshed one is used at once. */
  readonly token?: () => string | undefined;
};

export type SkyParkClient = Client<paths>;

/** A client whose paths, bodies and answers are typed by the OpenAPI document. */
export function createSkyParkClient({ baseUrl, fetch, token }: SkyParkClientOptions): SkyParkClient {
  const client = createClient<paths>({ baseUrl, ...(fetch === undefined ? {} : { fetch }) });
  client.use({
    onRequest: ({ request }) => {
      const value = token?.();
      if (value !== undefined && !request.headers.has('authorization')) request.headers.set('authorization', `Bearer ${value}`);
      return request;
    },
  });
  return client;
}
