import { expect, test } from 'vitest';
import { describeMessenger } from '../../modules/notify/application/messenger-contract.ts';
import { createAnnouncingMessenger, createMissingMessenger } from './messengers.ts';

describeMessenger('announcing', async () => ({
  messenger: createAnnouncingMessenger(() => undefined, 'sms'),
  to: '+996555123456',
  received: null,
  away: null,
  close: async () => undefined,
}));

test('a demo announces a message without its receiver and its words', async () => {
  const said: string[] = [];
  const messenger = createAnnouncingMessenger((message) => said.push(message), 'sms');
  const message = { messageId: 'm1', kind: 'ticket_paid', letter: { to: '+996555123456', text: 'Aida, hello' } };
  expect(await messenger.send(message)).toEqual({ kind: 'sent' });
  expect(said).toEqual(['demo mode: a message (ticket_paid, m1) would have gone out by sms']);
});

test('without a channel no message counts as sent', async () => {
  expect(await createMissingMessenger('sms').send()).toEqual({
    kind: 'refused',
    reason: 'no sms channel is configured',
  });
});
