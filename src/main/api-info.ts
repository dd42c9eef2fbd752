import type { ApiInfo } from '../infrastructure/http/openapi.ts';

export const API_INFO: ApiInfo = {
  title: 'Sky Park',
  version: '0.1.0',
  description:
    'Tickets of a family-park chain. Money is a decimal string in KGS, dates are YYYY-MM-DD in the park’s time zone, instants are UTC.',
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  servers: [{ url: 'http://127.0.0.1:8080', description: 'A local start' }],
  tags: [
    { name: 'auth', description: 'Accounts, sessions, keys' },
    { name: 'users', description: 'The profile and the children of a guest' },
    { name: 'parks', description: 'Parks and what they offer day by day' },
    { name: 'tickets', description: 'Quoting, holding, buying and showing tickets' },
    { name: 'payments', description: 'Paying and being told what became of it' },
    { name: 'gate', description: 'Checking tickets and letting people in' },
    { name: 'loyalty', description: 'Points and tiers' },
    { name: 'office', description: 'What head office looks into and settles; other systems that are told' },
    { name: 'staff', description: 'What managers do with tickets, days and promo codes' },
    { name: 'admin', description: 'Running the chain: staff and what they may do' },
    { name: 'sync', description: 'What nodes of parks and headquarters say to each other' },
    { name: 'operations', description: 'Health, metrics, documents' },
  ],
};
