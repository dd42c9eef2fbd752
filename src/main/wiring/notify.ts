import { createAnnouncingMessenger, createMissingMessenger } from '../../infrastructure/messaging/messengers.ts';
import { createNotifyModule, type NotifyModule } from '../../modules/notify/module.ts';
import type { Wiring } from './tools.ts';

export function wireNotify({ tools, all }: Wiring): NotifyModule {
  const { mode, announce = () => undefined } = tools;
  const messenger = (channel: 'sms' | 'email') =>
    mode === 'demo' ? createAnnouncingMessenger(announce, channel) : createMissingMessenger(channel);
  return createNotifyModule({
    ...tools,
    contactOf: (userId) => all().user.profile(userId),
    parkNames: (parkId) => all().park.catalogue.find(parkId),
    messengers: { sms: messenger('sms'), email: messenger('email') },
  });
}
