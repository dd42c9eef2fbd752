/** What must be true of all nodes together, and the file that looks: at the end of every seed, or a test of its own. */
export type Invariant = { readonly what: string; readonly by: string };

const ofSeeds = (what: string, by: string): Invariant => ({ what, by: `test/simulation/${by}` });
const ofTests = (what: string, by: string): Invariant => ({ what, by });

export const invariants: readonly Invariant[] = [
  ofSeeds('What a node acknowledged is at headquarters, or its machine was lost before it could tell', 'judge.ts'),
  ofSeeds('Whatever is told twice is answered as the first time, and counts once', 'scan.ts'),
  ofSeeds('Nobody holds another event than its author wrote in its place', 'judge-logs.ts'),
  ofSeeds('Nobody holds more of a node than it wrote, and headquarters holds all that a park wrote', 'judge-logs.ts'),
  ofTests('An event that rests on others waits until they are there', 'test/convergence/arrival-order.int.test.ts'),
  ofSeeds('What headquarters and a park must hold alike they hold alike, table by table', 'judge.ts'),
  ofSeeds('Places of a day: sold, held, granted and free are its quota; nobody sells what it has not', 'judge.ts'),
  ofSeeds('Who comes in beyond what a ticket is for is an incident, and nobody else is', 'judge.ts'),
  ofSeeds('A gate turns away only whom what really happened gives a reason for', 'scan.ts'),
  ofSeeds('A ticket lets nobody in at another park, also where a gate is alone', 'judge.ts'),
  ofSeeds('A ticket that was moved is good on one of its days', 'judge-gates.ts'),
  ofSeeds('A ticket by which somebody came in ends only where a manager insists', 'judge-ends.ts'),
  ofSeeds('A paid ticket ends because somebody cancelled it, and for nothing else', 'judge-ends.ts'),
  ofSeeds('What the bank took is the price of a good ticket, or went back, to the tyiyn', 'judge.ts'),
  ofSeeds(
    'Points are spent no further than they were earned; the ledger sums to zero on every node that keeps it',
    'judge.ts',
  ),
  ofSeeds('Who is inside by the books is who really is inside', 'judge-occupancy.ts'),
  ofSeeds('What a revoked node or a stolen device says counts no more', 'devices.ts'),
  ofSeeds('Whoever was dismissed does nothing more at a node that has heard of it', 'staff.ts'),
  ofSeeds('Stamps of one life of a node rise, whatever its clock did', 'judge-logs.ts'),
  ofSeeds('Once all is mended nothing waits, nothing was set apart, nothing has failed', 'judge.ts'),
  ofTests('A backlog of any length takes bounded memory', 'bench/sync/drain.ts'),
  ofTests(
    'What an older program does not know is kept as it came, and read once it does',
    'src/sync/park/versions.test.ts',
  ),
  ofTests('Gates of one park see what the others admitted', 'src/modules/admission/gates.int.test.ts'),
  ofSeeds('A device alone lets in no more in an hour than its quota and its margin, and says so', 'judge-gates.ts'),
  ofSeeds('Lived again, a seed happens again as it did', 'simulation.int.test.ts'),
];
