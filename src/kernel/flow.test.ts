import { expect, test } from 'vitest';
import type { Recorded } from './event-codec.ts';
import { flowAt, type Flow } from './flow.ts';

const eventOf = (nodeId: string) => ({ type: 'Told', data: {}, meta: { nodeId } }) as unknown as Recorded;

async function heard(hears: Flow['hears']): Promise<readonly string[]> {
  const nodes: string[] = [];
  const handle = async ({ meta }: Recorded): Promise<void> => void nodes.push(meta.nodeId);
  const flow = flowAt('hq', { name: 'flow', eventTypes: ['Told'], handle, ...(hears === undefined ? {} : { hears }) });
  for (const nodeId of ['hq', 'osh-1']) await flow.handle(eventOf(nodeId));
  return nodes;
}

test('a flow hears everybody, or only its own node', async () => {
  expect(await heard(undefined)).toEqual(['hq', 'osh-1']);
  expect(await heard('own')).toEqual(['hq']);
});
