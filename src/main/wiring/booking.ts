import { qrPng } from '../../infrastructure/qr/qr-png.ts';
import { qrSvg } from '../../infrastructure/qr/qr-svg.ts';
import { createBookingModule, type BookingModule } from '../../modules/booking/module.ts';
import type { Wiring } from './tools.ts';

export const wireBooking = ({ tools, all }: Wiring): BookingModule =>
  createBookingModule({
    ...tools,
    parkDays: (parkId, date) => all().park.findDay(parkId, date),
    childrenOf: (userId) => all().user.childrenOf(userId),
    voidAdmission: (command) => all().admission.voidStep(command),
    standings: (userId, nowMs) => all().loyalty.standing(userId, nowMs),
    reservePoints: (reservation) => all().loyalty.reserveStep(reservation),
    signAdmissionCode: (facts) => all().admission.issueCode(facts),
    qrImages: { svg: qrSvg, png: qrPng },
  });
