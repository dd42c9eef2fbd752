import { trustedSom } from '../../../kernel/money.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type {
  Cancellation,
  LeavingView,
  PendingMoveView,
  RefundStatus,
  TicketRefund,
  TicketView,
} from '../application/ticket-view.ts';
import type { AgeBand, TicketStatus, WhyCancelled } from '../contract.ts';
import type { PriceLine } from '../domain/pricing.ts';
import type { TicketChild, TicketType } from '../domain/ticket-messages.ts';

export const COLUMNS = `id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
  places, remaining, created_at, expires_at, used_at, valid_from, valid_until, admission_code, paid,
  promo_code, points_spent, moved_from, move_to, move_price, move_due, move_until, cancelled_at, cancelled_by, cancel_reason, refund_status, refund_amount,
  void_status, void_amount, leaving, leaving_refund,
  (select pass_id from booking.pass_visits where ticket_id = tickets.id) as pass_id`;

type StoredLine = Omit<PriceLine, 'unitTyiyn' | 'amountTyiyn'> & {
  readonly unitTyiyn: string;
  readonly amountTyiyn: string;
};
type StoredChild = {
  readonly childId: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly age: string | null;
  readonly ageBand: AgeBand;
};

export type TicketRow = {
  readonly id: string;
  readonly user_id: string | null;
  readonly park_id: string;
  readonly ticket_type: TicketType;
  readonly visit_date: string;
  readonly qr_code: string;
  readonly status: TicketStatus;
  readonly price: string;
  readonly price_breakdown: readonly StoredLine[];
  readonly children_data: readonly StoredChild[];
  readonly adults: number;
  readonly places: number;
  readonly remaining: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
  readonly valid_from: number;
  readonly valid_until: number;
  readonly admission_code: string | null;
  readonly paid: string | null;
  readonly promo_code: string | null;
  readonly points_spent: number;
  readonly pass_id: string | null;
  readonly moved_from: string | null;
  readonly move_to: string | null;
  readonly move_price: string | null;
  readonly move_due: string | null;
  readonly move_until: number | null;
  readonly cancelled_at: number | null;
  readonly cancelled_by: WhyCancelled | null;
  readonly cancel_reason: string | null;
  readonly refund_status: Exclude<RefundStatus, 'denied_used'> | null;
  readonly refund_amount: string | null;
  readonly void_status: 'requested' | 'denied_used' | null;
  readonly void_amount: string | null;
  readonly leaving: string | null;
  readonly leaving_refund: string | null;
};

/** Nobody comes in with such a ticket. */
const OVER: readonly TicketStatus[] = ['expired', 'cancelled', 'refunded'];

/** What the gates were asked, as long as the ticket is not cancelled; then what payment says. */
function refundOf({ status, void_status, void_amount, refund_status, refund_amount }: TicketRow): TicketRefund | null {
  const isOpen = status !== 'cancelled' && status !== 'refunded';
  const [progress, amount] =
    isOpen && void_status !== null ? [void_status, void_amount] : [refund_status, refund_amount];
  return progress === null || amount === null ? null : { status: progress, amountTyiyn: trustedSom(amount) };
}

function pendingMoveOf({ move_to, move_price, move_due, move_until }: TicketRow): PendingMoveView | null {
  if (move_to === null || move_price === null || move_due === null || move_until === null) return null;
  const [priceTyiyn, dueTyiyn] = [trustedSom(move_price), trustedSom(move_due)];
  return { visitDate: move_to, priceTyiyn, dueTyiyn, expiresAtMs: move_until };
}

function leavingOf({ leaving, leaving_refund, status }: TicketRow): LeavingView | null {
  if (leaving === null || leaving_refund === null || OVER.includes(status)) return null;
  return { visitDate: leaving, refundTyiyn: trustedSom(leaving_refund) };
}

/** Opens what is sealed in a row. */
export function createToView(vault: Vault): (row: TicketRow) => Promise<TicketView> {
  async function open<Value>(sealed: string | null): Promise<Value | null> {
    const text = sealed === null ? null : await vault.open(sealed);
    return text === null ? null : (JSON.parse(text) as Value);
  }

  async function openChild({ childId, ageBand, name, birthDate, age }: StoredChild): Promise<TicketChild> {
    const [openName, openBirth, openAge] = await Promise.all([
      open<string>(name),
      open<string>(birthDate),
      open<number>(age),
    ]);
    return { childId, ageBand, name: openName, birthDate: openBirth, age: openAge };
  }

  async function cancellationOf({
    cancelled_at,
    cancelled_by,
    cancel_reason,
  }: TicketRow): Promise<Cancellation | null> {
    if (cancelled_at === null || cancelled_by === null) return null;
    return { why: cancelled_by, reason: await open<string>(cancel_reason), cancelledAtMs: cancelled_at };
  }

  return async (row) => {
    const enters = row.remaining > 0 && (row.status === 'active' || row.status === 'used');
    return {
      ticketId: row.id,
      userId: row.user_id,
      parkId: row.park_id,
      ticketType: row.ticket_type,
      visitDate: row.visit_date,
      qrCode: row.qr_code,
      status: row.status,
      priceTyiyn: trustedSom(row.price),
      paidTyiyn: row.paid === null ? 0n : trustedSom(row.paid),
      priceLines: row.price_breakdown.map((line) => ({
        ...line,
        unitTyiyn: BigInt(line.unitTyiyn),
        amountTyiyn: BigInt(line.amountTyiyn),
      })),
      children: await Promise.all(row.children_data.map(openChild)),
      adults: row.adults,
      places: row.places,
      remaining: OVER.includes(row.status) ? 0 : row.remaining,
      createdAtMs: row.created_at,
      usedAtMs: row.used_at,
      expiresAtMs: row.expires_at,
      validFromMs: row.valid_from,
      validUntilMs: row.valid_until,
      admissionCode: enters ? await open<string>(row.admission_code) : null,
      promoCode: row.promo_code,
      pointsSpent: row.points_spent,
      passId: row.pass_id,
      movedFrom: row.moved_from,
      pendingMove: pendingMoveOf(row),
      leaving: leavingOf(row),
      cancelled: await cancellationOf(row),
      refund: refundOf(row),
    };
  };
}
