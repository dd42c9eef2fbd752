import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { DifferenceResolved, StatementImported } from '../domain/reconciliation.ts';

/** The books say nothing of their own; people who compare them with statements do. */
export const ledgerEvents: readonly EventDefinition[] = [
  defineEvent<StatementImported>({ type: 'StatementImported', version: 1 }),
  defineEvent<DifferenceResolved>({
    type: 'DifferenceResolved',
    version: 1,
    personal: { subject: 'differenceId', fields: ['note'] },
  }),
];
