import type { Recorded } from '../../kernel/event-codec.ts';
import type { Session } from '../../infrastructure/postgres/session.ts';
import type { Audit, Author, Finding } from './finding.ts';

export type Told = {
  readonly type: string;
  readonly data: object;
  readonly aggregateType?: string;
  readonly causationId?: string;
};

/** A log of these events at positions 1, 2, 3 …; the event at position 2 has the id `event-2`. */
export const logOf = (events: readonly Told[]): readonly Recorded[] =>
  events.map(({ type, data, aggregateType = 'Test', causationId = null }, index) => ({
    type,
    data,
    meta: {
      id: `event-${index + 1}`,
      streamId: 'stream',
      aggregateType,
      schemaVersion: 1,
      version: index + 1,
      position: index + 1,
      parkId: null,
      actor: 'system',
      correlationId: 'test',
      causationId,
      commandId: null,
      occurredAtMs: 0,
      recordedAtMs: 0,
      nodeId: 'hq',
      incarnation: 'one',
    },
  }));

/** Of a node that knows of no other. */
export const ownAuthor: Author = { nodeId: 'hq', incarnation: 'first', isOwn: true, isHeadquarters: false };

/** What an audit finds of a log. @param rows what its question to the tables is answered */
export async function findingsOf(
  audit: Audit,
  events: readonly Told[],
  rows: readonly object[] = [],
): Promise<readonly Finding[]> {
  for (const event of logOf(events)) audit.see(event, ownAuthor);
  return audit.findings({ rows: async () => rows } as unknown as Session);
}
