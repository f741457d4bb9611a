import { Inject, Injectable, Logger, Module } from '@nestjs/common';
import {
  type AuthenticationCode,
  SentianceUserLinkClient,
  type UserLinkClient,
} from 'sentiance-user-link';

// sentiance-user-link: the client is made once, at boot, where a missing key is an error. Whoever
// logs in is let in with or without a code, within 1.5 seconds, and the app can ask again later.
export const USER_LINK_CLIENT = Symbol('UserLinkClient');

const userLinkClient = {
  provide: USER_LINK_CLIENT,
  useFactory: () => {
    const baseUrl = process.env.SENTIANCE_BASE_URL;
    return new SentianceUserLinkClient({ baseUrl, timeout: 1_500 });
  },
};

@Injectable()
export class SentianceService {
  private readonly logger = new Logger(SentianceService.name);

  constructor(@Inject(USER_LINK_CLIENT) private readonly client: UserLinkClient) {}

  async codeFor(userId: string, signal: AbortSignal): Promise<AuthenticationCode | null> {
    const result = await this.client.tryCreateAuthenticationCode(userId, { signal });
    if (result.ok) return result.value;
    const level = result.error.action === 'alert' ? 'error' : 'warn';
    this.logger[level]({ err: result.error }, 'No Sentiance code');
    return null;
  }
}

@Module({ providers: [userLinkClient, SentianceService], exports: [SentianceService] })
export class SentianceModule {}
