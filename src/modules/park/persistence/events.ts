import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { ParkOpened } from '../domain/park.ts';

export const parkEvents: readonly EventDefinition[] = [defineEvent<ParkOpened>({ type: 'ParkOpened', version: 1 })];
