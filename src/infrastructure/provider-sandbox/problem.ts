import type { FastifyReply } from 'fastify';

/** Answers with problem details (RFC 9457). */
export const problem = (reply: FastifyReply, status: number, code: string, detail: string): FastifyReply =>
  reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
