import { defineEvent } from '../../../kernel/event-definition.ts';
import type { AdmissionVoided } from '../contract.ts';
import type { PeopleAdmitted, PeopleExited } from '../domain/admission.ts';

/** How the events of this module are stored. None of them holds anything personal. */
export const admissionEvents = [
  defineEvent<PeopleAdmitted>({ type: 'PeopleAdmitted', version: 1 }),
  defineEvent<PeopleExited>({ type: 'PeopleExited', version: 1 }),
  defineEvent<AdmissionVoided>({ type: 'AdmissionVoided', version: 1 }),
];
