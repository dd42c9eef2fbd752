import { unreachable } from '../../../kernel/assert.ts';
import type { Transfer } from '../../../kernel/decider.ts';
import type { TicketPlace, TicketPromo } from '../contract.ts';
import { capacityAccount, type CapacityBucket } from './capacity.ts';
import type { TicketEvent } from './ticket-messages.ts';

const places = (place: TicketPlace, from: CapacityBucket, to: CapacityBucket): Transfer => ({
  from: capacityAccount(place.parkId, place.visitDate, from),
  to: capacityAccount(place.parkId, place.visitDate, to),
  amount: place.places,
});

/** The counters of a promo code: uses that are left and uses made, of everybody or of one guest. */
export const promoAccount = (promoId: string, userId: string | null, bucket: 'left' | 'used'): string =>
  userId === null ? `promo/${promoId}/${bucket}` : `promo/${promoId}/guest/${userId}/${bucket}`;

type Promoted = { readonly promo: TicketPromo | null; readonly userId: string | null };

function promoUse({ promo, userId }: Promoted, from: 'left' | 'used', to: 'left' | 'used'): readonly Transfer[] {
  if (promo === null) return [];
  return (userId === null ? [null] : [null, userId]).map((whose) => ({
    from: promoAccount(promo.promoId, whose, from),
    to: promoAccount(promo.promoId, whose, to),
    amount: 1,
  }));
}

/** Where places and promo uses go by each event of a ticket. */
export function ticketTransfers(event: TicketEvent): readonly Transfer[] {
  switch (event.type) {
    case 'TicketHeld':
      return [places(event.data, 'free', 'held'), ...promoUse(event.data, 'left', 'used')];
    case 'TicketHoldExpired':
      return [places(event.data, 'held', 'free'), ...promoUse(event.data, 'used', 'left')];
    case 'TicketActivated':
      if (event.data.remembered === true) return [];
      return [places(event.data, event.data.retaken ? 'free' : 'held', 'sold')];
    case 'TicketSaleRemembered': {
      const { placesFrom } = event.data;
      const sold = places(event.data, placesFrom, 'sold');
      // Somebody has the ticket, whether there is room for it or not.
      return [placesFrom === 'free' ? { ...sold, overdraws: true } : sold];
    }
    case 'TicketCancelled': {
      const { freedFrom } = event.data;
      const freed = freedFrom === null ? [] : [places(event.data, freedFrom, 'free')];
      return [...freed, ...promoUse(event.data, 'used', 'left')];
    }
    case 'TicketMoved':
      // The new place first, so that a full day refuses the move as a whole.
      return [
        places(event.data, event.data.placesFrom, 'sold'),
        ...(event.data.leaving === null
          ? [places({ ...event.data, visitDate: event.data.fromDate }, 'sold', 'free')]
          : []),
        ...promoUse({ promo: event.data.returnedPromo, userId: event.data.userId }, 'used', 'left'),
      ];
    case 'TicketLeftDay': {
      const { returnedPromo: promo, userId } = event.data;
      return [places(event.data, 'sold', 'free'), ...promoUse({ promo, userId }, 'used', 'left')];
    }
    case 'TicketMoveUndone':
      return [places({ ...event.data, visitDate: event.data.fromDate }, 'sold', 'free')];
    case 'TicketMoveHeld':
      return [places(event.data, 'free', 'held')];
    case 'TicketMoveLapsed':
      return [places(event.data, 'held', 'free')];
    case 'TicketMoveKept':
    case 'TicketHoldKept':
    case 'TicketPaymentRefused':
    case 'TicketRefunded':
    case 'TicketExpired':
    case 'VoidAsked':
    case 'TicketVoidDenied':
      return [];
    default:
      return unreachable(event, 'ticket event');
  }
}
