import { createAnnouncingMessenger, createMissingMessenger } from '../../infrastructure/messaging/messengers.ts';
import { createNotifyModule, type NotifyModule } from '../../modules/notify/module.ts';
import type { Wiring } from './tools.ts';

export function wireNotify({ tools, all }: Wiring): NotifyModule {
  const { mode, channels, announce = () => undefined } = tools;
  const standIn = (channel: 'sms' | 'email') =>
    mode === 'demo' ? createAnnouncingMessenger(announce, channel) : createMissingMessenger(channel);
  return createNotifyModule({
    ...tools,
    contactOf: (userId) => all().user.profile(userId),
    parkNames: (parkId) => all().park.catalogue.find(parkId),
    mayText: (userId, phone) => all().auth.mayText(userId, phone),
    messengers: { sms: channels.sms ?? standIn('sms'), email: channels.email ?? standIn('email') },
  });
}
