import { finished } from 'node:stream';
import {
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  Module,
} from '@nestjs/common';
import type { Response } from 'express';
import {
  type AuthenticationCode,
  SentianceUserLinkClient,
  type UserLinkClient,
} from 'sentiance-user-link';

export const USER_LINK_CLIENT = Symbol('UserLinkClient');

/**
 * Aborts when the app hangs up, and only then: a response that is sent in full aborts nothing. Not
 * `req.on('close')`: a request closes when its body has been read.
 */
export const ClientSignal = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const gone = new AbortController();
  const response = context.switchToHttp().getResponse<Response>();
  finished(response, (error) => error && gone.abort());
  return gone.signal;
});

@Injectable()
export class SentianceService {
  private readonly logger = new Logger(SentianceService.name);

  constructor(@Inject(USER_LINK_CLIENT) private readonly client: UserLinkClient) {}

  /** A code for the user's app, or `null`: nobody is kept out because there is none. */
  async codeFor(userId: string, signal: AbortSignal): Promise<AuthenticationCode | null> {
    const result = await this.client.tryCreateAuthenticationCode(userId, { signal });
    if (result.ok) return result.value;
    // The error holds no secret. 'alert' does not pass by itself: page someone.
    const level = result.error.action === 'alert' ? 'error' : 'warn';
    this.logger[level]({ err: result.error }, 'No Sentiance code');
    return null;
  }
}

@Module({
  providers: [
    {
      provide: USER_LINK_CLIENT,
      // Once, at boot, where a missing key is an error: it reads SENTIANCE_USER_LINK_API_KEY, and
      // SENTIANCE_REGION or SENTIANCE_BASE_URL. A login waits for a code for 1.5 seconds at most.
      useFactory: () => new SentianceUserLinkClient({ timeout: 1_500 }),
    },
    SentianceService,
  ],
  exports: [SentianceService],
})
export class SentianceModule {}
