import { ok, refuse } from '../../kernel/result.ts';
import { qrPng } from '../../infrastructure/qr/qr-png.ts';
import { qrSvg } from '../../infrastructure/qr/qr-svg.ts';
import { createBookingModule, type BookingModule } from '../../modules/booking/module.ts';
import type { FindGuest } from '../../modules/booking/application/ports.ts';
import { nodeHomes } from './node-homes.ts';
import type { Wiring } from './tools.ts';

/** The account of an id or a mobile number that proved it, unless it was erased. */
const findGuestWith =
  (all: Wiring['all']): FindGuest =>
  async (guest) => {
    const { user, auth } = all();
    const found = 'userId' in guest ? ok(guest.userId) : await user.userIdByPhone(guest.phone);
    const userId = found.ok ? found.value : null;
    if (userId === null || (await user.profile(userId)) === null) return refuse({ code: 'user_not_found' });
    return (await auth.mayBeTrusted(userId)) ? ok(userId) : refuse({ code: 'number_unproven' });
  };

export const wireBooking = ({ tools, all }: Wiring): BookingModule =>
  createBookingModule({
    ...tools,
    ...nodeHomes({ tools, all }),
    walkUpShares: async () =>
      (await all().park.catalogue.all()).map(({ parkId, walkUpSharePercent: percent }) => ({ parkId, percent })),
    parkDays: (parkId, date) => all().park.findDay(parkId, date),
    childrenOf: (userId) => all().user.childrenOf(userId),
    findGuest: findGuestWith(all),
    numberProven: (userId) => all().auth.mayBeTrusted(userId),
    async lookUpGuest(staffId, phone, meta) {
      const found = await all().user.lookUpGuest(staffId, phone, meta);
      return found.ok ? ok(found.value?.userId ?? null) : found;
    },
    voidAdmission: async (command) => [
      await all().admission.voidStep(command),
      all().nodes.stillHomeStep(command.parkId, command.visitDate),
    ],
    standings: (userId, nowMs) => all().loyalty.standing(userId, nowMs),
    reservePoints: (reservation) => all().loyalty.reserveStep(reservation),
    signAdmissionCode: (facts) => all().admission.issueCode(facts),
    moneyOfTicket: (ticketId) => all().payment.moneyOfTicket(ticketId),
    fiscalReceiptsOf: (paymentIds) => all().fiscal.receiptsOfPayments(paymentIds),
    parkNames: (parkId) => all().park.catalogue.find(parkId),
    qrImages: { svg: qrSvg, png: qrPng },
  });
