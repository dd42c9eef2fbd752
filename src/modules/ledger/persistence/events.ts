import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { DifferenceResolved } from '../domain/difference.ts';
import type { StatementBooked, StatementImported, StatementWithdrawn } from '../domain/statement.ts';

/** The books say nothing of their own; people who compare them with statements do. */
export const ledgerEvents: readonly EventDefinition[] = [
  defineEvent<StatementImported>({ type: 'StatementImported', version: 1 }),
  defineEvent<StatementBooked>({ type: 'StatementBooked', version: 1 }),
  defineEvent<StatementWithdrawn>({ type: 'StatementWithdrawn', version: 1 }),
  defineEvent<DifferenceResolved>({
    type: 'DifferenceResolved',
    version: 1,
    personal: { subject: 'differenceId', fields: ['note'] },
  }),
];
