import type { FastifyRequest } from 'fastify';
import type { Access, Principal, PrincipalOf } from './access.ts';
import type { Language } from './error-table.ts';
import { subscriberOf } from './client-key.ts';
import { chooseLanguage } from './language.ts';
import { chooseMediaType } from './negotiation.ts';
import type { Idempotency, RouteRequest } from './route.ts';
import type { Upload } from './upload.ts';

const LONGEST_EVENT_ID = 200;

/** What a handler sees of a request. Rarely used parts are worked out when they are asked for. */
export class RouteCall implements RouteRequest<unknown, unknown, unknown, unknown, Access, Idempotency> {
  readonly commandId: string | undefined;
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest, commandId: string | undefined) {
    this.#request = request;
    this.commandId = commandId;
  }

  get params(): unknown {
    return this.#request.params;
  }

  get query(): unknown {
    return this.#request.query;
  }

  get body(): unknown {
    return this.#request.body;
  }

  get headers(): unknown {
    return this.#request.headers;
  }

  get principal(): PrincipalOf<Access> {
    return this.#request.principal;
  }

  get requestId(): string {
    return this.#request.id;
  }

  get correlationId(): string {
    return this.#request.correlationId;
  }

  get language(): Language {
    return chooseLanguage(this.#request.headers['accept-language']);
  }

  get clientAddress(): string {
    return subscriberOf(this.#request.ip);
  }

  get exactAddress(): string {
    return this.#request.ip;
  }

  get idempotencyKey(): string | undefined {
    return this.#request.idempotencyKey;
  }

  get rawBody(): Buffer | undefined {
    return this.#request.exactBody;
  }

  get upload(): Upload | undefined {
    return this.#request.upload;
  }

  get ifMatch(): number {
    return this.#request.ifMatch;
  }

  get lastEventId(): string | undefined {
    const header = this.#request.headers['last-event-id'];
    return typeof header === 'string' && header.length <= LONGEST_EVENT_ID ? header : undefined;
  }

  accepts<const ContentType extends string>(types: readonly [ContentType, ...ContentType[]]): ContentType {
    return chooseMediaType(this.#request.headers.accept, types) ?? types[0];
  }
}

/**
 * The name that the id of a keyed request's command is derived from: the same for the same principal, route, key and
 * request, for ever. The request is in it because answers are kept for a while only: later another request under the key
 * must not be taken for the first one.
 */
export const commandName = (principal: Principal, routeName: string, key: string, fingerprint: string): string =>
  `http ${principal.userId} ${routeName} ${key} ${fingerprint}`;
