import type { Notice } from '../contract.ts';

/** Whether anybody can make it happen, as often as they like and without paying: a text message of it is paid by us alone. */
export function costsNothing(notice: Notice): boolean {
  switch (notice.kind) {
    case 'new_device':
    case 'password_changed':
    case 'signed_out_everywhere':
    case 'session_stolen':
    case 'phone_verified':
    case 'roles_changed':
    case 'factor_enrolled':
    case 'factor_removed':
    case 'factor_reset':
    case 'recovery_code_used':
    case 'recovery_codes_renewed':
    case 'factor_guessed':
    case 'factor_closed':
    case 'passkey_copied':
    case 'hold_expired':
      return true;
    case 'ticket_cancelled':
      return notice.refundTyiyn === 0n;
    case 'ticket_paid':
    case 'day_cancelled':
    case 'cancel_denied':
    case 'ticket_moved':
    case 'move_undone':
    case 'money_returned':
    case 'place_offered':
      return false;
  }
}
