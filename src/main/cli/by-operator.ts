import { randomUUID } from 'node:crypto';
import type { CommandMeta } from '../../kernel/command-runner.ts';

/** Whoever is at the command line, who has no account. The audit trail knows what they do by that id. */
export const byOperator = (): CommandMeta => ({ actor: 'system', correlationId: `cli-${randomUUID()}` });
