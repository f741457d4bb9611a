import { userLinkClient } from './lib/user-link-client';

export function register(): void {
  userLinkClient();
}
