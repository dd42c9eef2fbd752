import { expect, test } from 'vitest';
import { parentOfEvent, spanIdOfEvent, traceIdFor } from './trace-ids.ts';

test('the trace of a request is found again from its correlation id alone', () => {
  expect(traceIdFor('4bf92f3577b34da6a3ce929d0e0e4736')).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(traceIdFor('01936F2E-0000-7000-8000-000000000042')).toBe('01936f2e000070008000000000000042');
  const made = traceIdFor('worker/17/x');
  expect(made).toMatch(/^[0-9a-f]{32}$/);
  expect(traceIdFor('worker/17/x')).toBe(made);
  expect(traceIdFor('0'.repeat(32))).not.toBe('0'.repeat(32));
});

test('who handles an event continues the span that stored it', () => {
  const correlationId = '01936f2e-0000-7000-8000-000000000042';
  const id = '01936f2e-0000-7000-8000-000000000043';
  expect(parentOfEvent({ id, correlationId })).toEqual({
    traceId: traceIdFor(correlationId),
    spanId: spanIdOfEvent(id),
    isSampled: true,
  });
});
