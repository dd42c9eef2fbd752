import { createChangePassword, type ChangePassword } from './change-password.ts';
import { createListSessions, type ListSessions } from './list-sessions.ts';
import { createLogout, type Logout } from './logout.ts';
import { createRefresh, type Refresh } from './refresh.ts';
import { createRequestCode, type RequestCode } from './request-code.ts';
import { createResetPassword, type ResetPassword } from './reset-password.ts';
import { createVerifyCode, type VerifyCode } from './verify-code.ts';

/** What is done with sessions, passwords and codes by SMS once there is an account. */
export type SignInUseCases = {
  readonly refresh: Refresh;
  readonly logout: Logout;
  readonly listSessions: ListSessions;
  readonly changePassword: ChangePassword;
  readonly requestCode: RequestCode;
  readonly verifyCode: VerifyCode;
  readonly resetPassword: ResetPassword;
};

type Dependencies = Parameters<typeof createListSessions>[0] &
  Parameters<typeof createLogout>[0] &
  Parameters<typeof createRefresh>[0] &
  Parameters<typeof createChangePassword>[0] &
  Parameters<typeof createRequestCode>[0] &
  Parameters<typeof createVerifyCode>[0] &
  Parameters<typeof createResetPassword>[0];

export const createSignInUseCases = (parts: Dependencies): SignInUseCases => ({
  refresh: createRefresh(parts),
  logout: createLogout(parts),
  listSessions: createListSessions(parts),
  changePassword: createChangePassword(parts),
  requestCode: createRequestCode(parts),
  verifyCode: createVerifyCode(parts),
  resetPassword: createResetPassword(parts),
});
