/** A fault in place of the right response, or with it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestFault } from './fault-queue.js';
import type { RequestRecord } from './request-log.js';
import { cutInHalf, noResponse, wrongResponse } from './responses.js';

interface FaultyExchange {
  /** Gives the right response. */
  respond: () => Promise<Response>;
  record: RequestRecord;
  /** Aborts when the client goes away. */
  client: AbortSignal;
  error: (
    status: number,
    message: string,
    errorCode: string | undefined,
    headers: Record<string, string>,
  ) => Response;
}

export async function applyFault(fault: RequestFault, exchange: FaultyExchange): Promise<Response> {
  const { record } = exchange;
  if (fault.type === 'delay') return respondLate(fault.ms, exchange);
  const response = await faultyResponse(fault, exchange);
  record.why = 'the fault you asked for';
  record.hasErrors = false;
  return response;
}

async function faultyResponse(
  fault: Exclude<RequestFault, { type: 'delay' }>,
  { respond, client, error }: FaultyExchange,
): Promise<Response> {
  switch (fault.type) {
    case 'status': {
      const { status, message = 'Fault by request', errorCode, retryAfter } = fault;
      const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
      return error(status, message, errorCode, headers);
    }
    case 'hang':
      await hasGone(client);
      return noResponse();
    case 'disconnect':
      return fault.phase === 'during_body' ? cutInHalf(await respond()) : noResponse();
    case 'lost_response':
      await respond();
      return noResponse();
    case 'redirect':
      return new Response(null, { status: 302, headers: { Location: fault.location } });
    default:
      return wrongResponse(fault.type);
  }
}

async function respondLate(ms: number, { respond, record, client }: FaultyExchange) {
  record.why = 'late by the fault you asked for';
  const isStillThere = await delay(ms, true, { signal: client }).catch(() => false);
  if (!isStillThere) {
    record.why = 'the client left during the delay you asked for';
    return noResponse();
  }
  const response = await respond();
  record.why += ', after the delay you asked for';
  return response;
}

function hasGone(client: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (client.aborted) resolve();
    else client.addEventListener('abort', () => resolve(), { once: true });
  });
}
