import { readFile } from 'node:fs/promises';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * Something a client was told with a 2xx, one JSON line each in a journal that the client wrote to disk before it went on. It
 * must be found in the log whatever happened since.
 */
const FactSchema = Type.Union([
  Type.Object({ fact: Type.Literal('registered'), userId: Type.String() }),
  Type.Object({ fact: Type.Literal('child'), userId: Type.String(), childId: Type.String() }),
  Type.Object({ fact: Type.Literal('ticket'), userId: Type.String(), ticketId: Type.String() }),
  Type.Object({ fact: Type.Literal('payment'), paymentId: Type.String(), ticketId: Type.String() }),
  Type.Object({ fact: Type.Literal('paid'), paymentId: Type.String() }),
  Type.Object({ fact: Type.Literal('active'), ticketId: Type.String() }),
  Type.Object({
    fact: Type.Literal('admitted'),
    ticketId: Type.String(),
    scanId: Type.String(),
    people: Type.Integer(),
  }),
  Type.Object({ fact: Type.Literal('points'), userId: Type.String(), points: Type.Integer() }),
  /** Nothing is left to do for this guest, who wanted one ticket and paid once. */
  Type.Object({ fact: Type.Literal('finished'), userId: Type.String() }),
]);

export type Fact = Static<typeof FactSchema>;

const isFact = Compile(FactSchema);

/**
 * Reads a journal. An end without a newline is a line that a crash cut off: nothing was built on it.
 * @throws when a whole line is no fact.
 */
export async function readJournal(file: string): Promise<readonly Fact[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const fact: unknown = JSON.parse(line);
    if (!isFact.Check(fact)) throw new Error(`${file}, line ${index + 1} is no fact: ${line}`);
    return fact;
  });
}
