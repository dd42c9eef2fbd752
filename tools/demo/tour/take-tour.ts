import { createSteps, type StepBook, type Tour } from './tour.ts';
import type { Patience } from '../answered.ts';
import { demoLogins } from '../demo-logins.ts';
import { Session } from '../session.ts';
import { tourAccounts } from './accounts.ts';
import { tourAdmission } from './admission.ts';
import { tourBooking } from './booking.ts';
import { tourContract } from './contract.ts';
import { tourLoyalty } from './loyalty.ts';
import { tourOffice } from './office.ts';
import { openTourParks, tourParks } from './parks.ts';
import { tourPayment } from './payment.ts';
import { tourProfile } from './profile.ts';

const AREAS: readonly (readonly [string, (tour: Tour) => Promise<void>])[] = [
  ['auth', tourAccounts],
  ['user', tourProfile],
  ['park', tourParks],
  ['booking', tourBooking],
  ['payment', tourPayment],
  ['admission', tourAdmission],
  ['loyalty', tourLoyalty],
  ['office', tourOffice],
  ['contract', tourContract],
];

type Where = { readonly baseUrl: string; readonly dataDir: string; readonly patience: Patience };

/**
 * Walks every capability through the client, one line each; answers how many there were.
 * @throws DemoFailure that names the first capability that is not as it should be
 */
export async function takeTour({ baseUrl, dataDir, patience }: Where, print: (line: string) => void): Promise<number> {
  const book: StepBook = createSteps(print);
  const { admin: login } = await demoLogins(dataDir);
  const admin = new Session(baseUrl, login, patience);
  const parks = await book.stepsOf('park')('an admin opens two parks', async () => {
    await admin.signIn();
    return openTourParks(admin);
  });
  for (const [area, walk] of AREAS) await walk({ baseUrl, patience, admin, parks, step: book.stepsOf(area) });
  return book.count();
}
