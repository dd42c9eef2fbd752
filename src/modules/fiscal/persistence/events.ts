import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { FiscalReceiptIssued } from '../contract.ts';

/** A receipt names no buyer. */
export const fiscalEvents: readonly EventDefinition[] = [
  defineEvent<FiscalReceiptIssued>({ type: 'FiscalReceiptIssued', version: 1 }),
];
