import { createUserModule, type UserModule } from '../../modules/user/module.ts';
import type { Wiring } from './tools.ts';

/** What registering agrees to, each document in the version now shown. */
const CONSENTS = [
  { document: 'terms', version: '2026-01' },
  { document: 'privacy', version: '2026-01' },
] as const;

export const wireUser = ({ tools }: Wiring): UserModule => createUserModule({ ...tools, consents: CONSENTS });
