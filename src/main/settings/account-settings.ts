import { integer, oneOf } from './kinds.ts';
import { always } from './setting.ts';

/** How often accounts are tried, and what they have to prove. */
export const ACCOUNT_SETTINGS = {
  SMS_PER_HOUR: always('limits.sms_per_hour', integer(1, 1_000_000), '1000', {
    meaning:
      'one-time codes and news of accounts that the whole chain sends by text message; over it none goes out, the answer stays 202, and `skypark_limit_alarms_total` and the log tell',
  }),
  SMS_PER_DAY: always('limits.sms_per_day', integer(1, 1_000_000), '5000', { meaning: 'the same in a day' }),
  LOGIN_FAILURES_LIMIT: always('limits.login_failures', integer(1, 1_000_000), '500', {
    meaning:
      'refused logins of the whole chain in 15 minutes; over it no address may be refused more than 5 times for one number and 50 for all, and the alarm sounds',
  }),
  STAFF_SECOND_FACTOR: always(
    'accounts.staff_second_factor',
    oneOf('required', 'optional'),
    (textOf) => (textOf('SKYPARK_MODE') === 'production' ? 'required' : 'optional'),
    {
      otherwise: '`required` in production, else `optional`',
      meaning:
        'whether duties count only for whoever signed in with a second factor; without one an account is a guest until it has set one up',
    },
  ),
  STEP_UP_MINUTES: always('accounts.step_up_minutes', integer(1, 1_440, 'minutes'), '15', {
    meaning:
      'how long a password, with the second factor where there is one, counts as fresh for what asks for a fresh proof: refunds, roles, keys, second factors, passwords',
  }),
};
