import type { Manifest, Projection } from '../infrastructure/module.ts';
import type { MigrationSource } from '../infrastructure/postgres/migration-files.ts';
import { admissionManifest } from '../modules/admission/module.ts';
import { authManifest } from '../modules/auth/module.ts';
import { bookingManifest } from '../modules/booking/module.ts';
import { fiscalManifest } from '../modules/fiscal/module.ts';
import { ledgerManifest } from '../modules/ledger/module.ts';
import { loyaltyManifest } from '../modules/loyalty/module.ts';
import { nodesManifest } from '../modules/nodes/module.ts';
import { notifyManifest } from '../modules/notify/module.ts';
import { officeManifest } from '../modules/office/module.ts';
import { parkManifest } from '../modules/park/module.ts';
import { paymentManifest } from '../modules/payment/module.ts';
import { userManifest } from '../modules/user/module.ts';

export const manifests: readonly Manifest[] = [
  authManifest,
  userManifest,
  parkManifest,
  bookingManifest,
  admissionManifest,
  paymentManifest,
  loyaltyManifest,
  ledgerManifest,
  fiscalManifest,
  officeManifest,
  notifyManifest,
  nodesManifest,
];

/** Every read model of the program. */
export const projections: readonly Projection[] = manifests.flatMap((manifest) => manifest.projections);

/** Every folder of SQL files, in the order they are applied: the store first, since projections read it. */
export const migrationSources: readonly MigrationSource[] = [
  { name: 'event-store', directory: new URL('../infrastructure/event-store/migrations/', import.meta.url) },
  { name: 'idempotency', directory: new URL('../infrastructure/idempotency/migrations/', import.meta.url) },
  ...manifests.map(({ name, migrations }) => ({ name, directory: migrations })),
];
