import type { Route } from '../../../infrastructure/http/route.ts';
import type { LoginFailed } from '../application/attempts.ts';
import type { Login } from '../application/login.ts';
import type { Register } from '../application/register.ts';
import type { SignInUseCases } from '../application/sign-in.ts';
import type { Limits } from './auth-schema.ts';
import { changePasswordRoute } from './change-password.ts';
import { endSessionRoute } from './end-session.ts';
import { listSessionsRoute } from './list-sessions.ts';
import { loginRoute } from './login.ts';
import { logoutAllRoute } from './logout-all.ts';
import { logoutRoute } from './logout.ts';
import { refreshRoute } from './refresh.ts';
import { registerRoute } from './register.ts';
import { requestCodeRoute } from './request-code.ts';
import { resetPasswordRoute } from './reset-password.ts';
import { verifyCodeRoute } from './verify-code.ts';

type UseCases = SignInUseCases & { readonly register: Register; readonly login: Login };

/** Accounts, passwords, codes by SMS, and the sessions they open. */
export const signInRoutes = (
  useCases: UseCases,
  limits: Limits & { readonly loginFailed: LoginFailed },
): readonly Route[] => [
  registerRoute(useCases.register, limits),
  loginRoute(useCases.login, limits),
  refreshRoute(useCases.refresh),
  logoutRoute(useCases.logout),
  logoutAllRoute(useCases.logout),
  listSessionsRoute(useCases.listSessions),
  endSessionRoute(useCases.logout),
  changePasswordRoute(useCases.changePassword, limits.attempt),
  requestCodeRoute(useCases.requestCode),
  verifyCodeRoute(useCases.verifyCode),
  resetPasswordRoute(useCases.resetPassword),
];
