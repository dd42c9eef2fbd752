import { createHmac } from 'node:crypto';
import { createOutsideWorld } from '../../infrastructure/outgoing-http/post-outside.ts';
import { createOfficeModule, type OfficeModule } from '../../modules/office/module.ts';
import type { Wiring } from './tools.ts';

const hmacSha256 = (keyBase64: string, text: string): string =>
  createHmac('sha256', Buffer.from(keyBase64, 'base64')).update(text).digest('base64');

export const wireOffice = ({ tools }: Wiring): OfficeModule =>
  createOfficeModule({
    ...tools,
    hmacSha256,
    outsideWorld: createOutsideWorld({ allowLoopback: tools.mode === 'demo' }),
  });
