/** The data of one event as every side of the contest stores it: some 330 bytes of JSON. */
export const exampleData = {
  ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  userId: '01936f2e-0000-7c3a-9d4e-2f6a8b1c0d3e',
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  qrCode: 'q3Jx0v1mT8uZr5cWk2bN7A',
  adults: 1,
  places: 2,
  price: '350.00',
  children: [{ age: 5, ageBand: '3-6', name: 'Aibek' }],
  lines: [{ kind: 'child_over_3', quantity: 1, amount: '350.00' }],
  status: 'held',
} as const;
