import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { OnBreaker } from '../infrastructure/breaker.ts';
import { createNikitaSms, type SmsChannel } from '../infrastructure/messaging/nikita-sms.ts';
import { createSmtpMail, type MailChannel } from '../infrastructure/messaging/smtp-mail.ts';
import type { HttpFetch } from '../infrastructure/outgoing-http/http-fetch.ts';
import type { Config } from './config.ts';
import { createMessageWatch } from './metrics/message-metrics.ts';

/** The ways to people; null where none is configured. */
export type MessageChannels = {
  readonly sms: SmsChannel | null;
  readonly email: MailChannel | null;
  /** Hangs up. */
  close(): void;
};

type Needs = {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly http: HttpFetch;
  readonly watchBreaker: (dependency: string) => OnBreaker;
};

/** The configured channels, watched: what becomes of messages is counted, and the log tells what a person must do. */
export function openMessageChannels({ config, log, metrics, http, watchBreaker }: Needs): MessageChannels {
  const counted = createMessageWatch(metrics);
  const watching = (channel: string) => ({
    onBreaker: watchBreaker(channel),
    onAlarm: (reason: string) => log.error({ channel, reason }, 'messages wait until a person does something about it'),
  });
  const { sms, smtp } = config;
  const mail =
    smtp === null ? null : createSmtpMail({ ...smtp, requireTls: config.mode === 'production', ...watching('smtp') });
  return {
    sms: sms === null ? null : counted('sms', createNikitaSms({ ...sms, http, ...watching('sms') })),
    email: mail === null ? null : counted('email', mail),
    close: () => mail?.close(),
  };
}
