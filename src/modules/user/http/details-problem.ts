import { unreachable } from '../../../kernel/assert.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import type { ChildFault } from '../application/children.ts';

const wrong = (path: string, message: string) => problem('validation_failed', { errors: [{ path, message }] });

/** Names the field that cannot be right. */
export function detailsProblem(fault: ChildFault) {
  switch (fault.code) {
    case 'bad_name':
      return wrong('name', 'must have a letter or a digit, and no line ends or control characters');
    case 'no_such_date':
      return wrong('birth_date', 'must be a date that exists');
    case 'born_in_the_future':
      return wrong('birth_date', 'must not be in the future');
    case 'not_a_child':
      return wrong('birth_date', `must be less than ${fault.belowAge} years ago; grown-ups are not entered`);
    default:
      return unreachable(fault, 'fault of details');
  }
}
