import { Ajv, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { FastifyInstance } from 'fastify';
import { product } from '../harness/product.ts';

/** The product's own schema of a visit, closed to unknown fields as the product closes it. */
export async function visitSchema(): Promise<object> {
  const [{ VisitBody }, { closedSchema, anonymousSchema }] = await Promise.all([
    product.ticketSchemas(),
    product.jsonSchemas(),
  ]);
  return anonymousSchema(closedSchema(VisitBody));
}

/** Makes a plain server validate as strictly as ours: nothing coerced, nothing dropped, formats checked in full. */
export function validateStrictly(app: FastifyInstance): void {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  ajv.addFormat('uuid', fullFormats.uuid);
  ajv.addFormat('date', fullFormats.date);
  ajv.addKeyword('example');
  app.setValidatorCompiler(({ schema }): ValidateFunction => ajv.compile(schema));
}
