import { createHash } from 'node:crypto';
import type { EventDefinition } from '../../kernel/event-definition.ts';

/** The types of events that a program knows, with the newest version of each. */
export const knownTypes = (events: readonly EventDefinition[]): ReadonlyMap<string, number> =>
  new Map(events.map(({ type, version }) => [type, version]));

/** All of them as one hash: nodes whose programs know others differ in it. */
export const typesHash = (events: readonly EventDefinition[]): string =>
  createHash('sha256')
    .update(
      events
        .map(({ type, version }) => `${type}/${version}`)
        .toSorted()
        .join('\n'),
    )
    .digest('hex');
