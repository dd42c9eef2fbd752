import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { CommandRunner, StoreRefusal } from '../../kernel/command-runner.ts';
import { ok, refuse } from '../../kernel/result.ts';
import type { DeskTicket, FindDeskTicket, FindSale, GiveUpTicket, SellTicket } from './application/ports.ts';

/** What a child costs at the desk of the tests; adults cost nothing. */
export const CHILD_TYIYN = 35_000n;

/** A desk whose tickets exist only as a name; what the till stores with one is real. A party of a free child costs nothing. */
export function createFakeDesk(tickets: Map<string, string | null>) {
  const byCommand = new Map<string, DeskTicket>();
  const givenUp = new Set<string>();
  const statuses = new Map<string, DeskTicket['status']>();
  const asItIs = (ticket: DeskTicket): DeskTicket => ({
    ...ticket,
    status: statuses.get(ticket.ticketId) ?? ticket.status,
  });
  const findSale: FindSale = async (commandId) => {
    const ticket = byCommand.get(commandId);
    return ticket === undefined ? null : { ticket: asItIs(ticket), isCancelled: givenUp.has(ticket.ticketId) };
  };
  const findDeskTicket: FindDeskTicket = async (ticketId) => {
    const ticket = [...byCommand.values()].find((one) => one.ticketId === ticketId);
    return ticket === undefined ? null : asItIs(ticket);
  };
  const giveUpTicket: GiveUpTicket = async (ticketId) => {
    givenUp.add(ticketId);
    tickets.delete(ticketId);
  };
  return {
    givenUp,
    findSale,
    findDeskTicket,
    giveUpTicket,
    became: (ticketId: string, status: DeskTicket['status']) => void statuses.set(ticketId, status),
    sellWith: (runner: CommandRunner) => fakeSale(runner, tickets, byCommand, asItIs),
  };
}

const fakeSale = (
  runner: CommandRunner,
  tickets: Map<string, string | null>,
  byCommand: Map<string, DeskTicket>,
  asItIs: (ticket: DeskTicket) => DeskTicket,
): SellTicket =>
  async function sell<Refusal extends { readonly code: string }>(...[visit, stepsOf, meta]: Parameters<SellTicket>) {
    if (visit.parkId === 'closed-park') return refuse({ code: 'park_closed' } as const);
    const ticketId = ids.derive(`ticket:${meta.commandId}`);
    const paying = visit.children.filter(({ age }) => age > 0).length;
    const priceTyiyn = BigInt(paying) * CHILD_TYIYN;
    const isActive = visit.paymentId !== null || priceTyiyn === 0n;
    if (priceTyiyn > 0n && visit.paymentId !== null) {
      const done = await runner.runAll(stepsOf({ ticketId, priceTyiyn }), meta);
      if (!done.ok) return refuse(done.refusal as Refusal & StoreRefusal);
    }
    tickets.set(ticketId, null);
    const sold: DeskTicket = {
      ticketId,
      parkId: visit.parkId,
      visitDate: '2026-12-05',
      status: isActive ? 'active' : 'pending_payment',
      qrCode: `qr-${ticketId}`,
      priceTyiyn,
      places: visit.children.length + visit.adults,
      expiresAtMs: 1_780_000_000_000,
      admissionCode: isActive ? 'SKY1.code' : null,
    };
    byCommand.set(String(meta.commandId), sold);
    return ok(asItIs(sold));
  };
