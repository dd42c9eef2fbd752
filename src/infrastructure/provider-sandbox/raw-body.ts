import type { FastifyRequest } from 'fastify';

/** The bytes of a request; none when it came without a body. */
export const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

export type Form = Readonly<Record<string, string | undefined>>;

/** The fields of a form as browsers and card banks send it. */
export const formOf = (request: FastifyRequest): Form =>
  Object.fromEntries(new URLSearchParams(bodyOf(request).toString('utf8')));
