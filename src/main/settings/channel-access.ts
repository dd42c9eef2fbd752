import type { MailSender } from './kinds.ts';
import type { Given } from './sources.ts';
import type { SettingName, Values } from './table.ts';

export type SmsAccess = {
  readonly baseUrl: string;
  readonly login: string;
  readonly password: string;
  readonly sender: string;
};
export type SmtpAccess = { readonly url: string; readonly from: MailSender };

export type GivenSettings = ReadonlyMap<SettingName, Given>;

/** Adds to `faults` when some of them are given and some are not. */
export function wantTogether(names: readonly SettingName[], given: GivenSettings, faults: string[]): void {
  const missing = names.filter((name) => !given.has(name));
  if (missing.length > 0 && missing.length < names.length) {
    faults.push(`${missing.join(', ')} missing: ${names.join(', ')} are given together or not at all`);
  }
}

/** Null when text messages have no way out. */
export function smsAccess(values: Values, given: GivenSettings, faults: string[]): SmsAccess | null {
  wantTogether(['SMS_BASE_URL', 'SMS_LOGIN', 'SMS_PASSWORD', 'SMS_SENDER'], given, faults);
  const { SMS_BASE_URL: baseUrl, SMS_LOGIN: login, SMS_PASSWORD: password, SMS_SENDER: sender } = values;
  if (baseUrl === null || login === null || password === null || sender === null) return null;
  return { baseUrl, login, password, sender };
}

/** Null when mails have no way out. */
export function smtpAccess(values: Values, given: GivenSettings, faults: string[]): SmtpAccess | null {
  wantTogether(['SMTP_URL', 'SMTP_FROM'], given, faults);
  const { SMTP_URL: url, SMTP_FROM: from } = values;
  return url === null || from === null ? null : { url, from };
}
