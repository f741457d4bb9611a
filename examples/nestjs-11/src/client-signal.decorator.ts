import { finished } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';

/** Aborts when whoever sent the request has gone away. */
export const ClientSignal = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const gone = new AbortController();
  finished(context.switchToHttp().getResponse<Response>(), () => gone.abort());
  return gone.signal;
});
