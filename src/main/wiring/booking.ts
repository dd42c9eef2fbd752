import { qrPng } from '../../infrastructure/qr/qr-png.ts';
import { qrSvg } from '../../infrastructure/qr/qr-svg.ts';
import { createBookingModule, type BookingModule } from '../../modules/booking/module.ts';
import type { FindGuest } from '../../modules/booking/application/ports.ts';
import type { Wiring } from './tools.ts';

/** The account of an id or a mobile number, unless it was erased. */
async function findGuest(all: Wiring['all'], guest: Parameters<FindGuest>[0]): Promise<string | null> {
  const { user } = all();
  const found = 'userId' in guest ? guest.userId : await user.userIdByPhone(guest.phone);
  const userId = typeof found === 'string' ? found : found.ok ? found.value : null;
  return userId === null || (await user.profile(userId)) === null ? null : userId;
}

export const wireBooking = ({ tools, all }: Wiring): BookingModule =>
  createBookingModule({
    ...tools,
    parkDays: (parkId, date) => all().park.findDay(parkId, date),
    childrenOf: (userId) => all().user.childrenOf(userId),
    findGuest: (guest) => findGuest(all, guest),
    voidAdmission: (command) => all().admission.voidStep(command),
    standings: (userId, nowMs) => all().loyalty.standing(userId, nowMs),
    reservePoints: (reservation) => all().loyalty.reserveStep(reservation),
    signAdmissionCode: (facts) => all().admission.issueCode(facts),
    qrImages: { svg: qrSvg, png: qrPng },
  });
