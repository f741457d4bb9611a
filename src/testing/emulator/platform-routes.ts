/**
 * Requests for codes, by REST and by GraphQL. It is strict where the vendor documents a rule; what
 * nobody documents and is assumed here is listed in docs/linking.md.
 */
import { applyFault } from './apply-fault.js';
import type { EmulatedPlatform } from './emulated-platform.js';
import { graphqlError, readGraphqlRequest, runGraphql } from './graphql-api.js';
import { parseJson, readBody } from './request-body.js';
import type { RequestRecord } from './request-log.js';
import { json } from './responses.js';

const REST_PATH = '/users/auth-code';
const GRAPHQL_PATH = '/v4/gql';

const BAD_EXTERNAL_ID = 'external_id must be a string that is not empty';

/** Which way of asking for codes a path is, if it is one. */
export function apiOf(path: string): 'rest' | 'graphql' | undefined {
  if (path === GRAPHQL_PATH) return 'graphql';
  return path === REST_PATH ? 'rest' : undefined;
}

/** One request to the platform. */
export class PlatformRequest {
  readonly #platform: EmulatedPlatform;
  readonly #request: Request;
  readonly #record: RequestRecord;
  readonly #origin: string;

  constructor(platform: EmulatedPlatform, request: Request, record: RequestRecord) {
    this.#platform = platform;
    this.#request = request;
    this.#record = record;
    this.#origin = new URL(request.url).origin;
  }

  async respond(): Promise<Response> {
    const body = await readBody(this.#request);
    if (body === undefined) {
      const why = 'the body is larger than 64 KiB';
      return this.#error(413, why, 'The body is too large', 'PAYLOAD_TOO_LARGE');
    }
    if (this.#record.api === undefined) {
      return this.#error(404, 'there is no such path', 'Not found', 'NOT_FOUND');
    }
    if (this.#request.method !== 'POST') {
      const allow = { Allow: 'POST' };
      return this.#error(405, 'POST only', 'Method not allowed', 'METHOD_NOT_ALLOWED', allow);
    }
    // Before a fault comes in between: whose request it was is what people want to know.
    const externalId = externalIdOf(parseJson(body));
    if (typeof externalId === 'string') this.#record.externalId = externalId;
    const fault = this.#platform.faults.nextOfRequest();
    const respond = async () =>
      this.#record.api === 'graphql' ? this.#graphql(body) : this.#rest(body);
    if (fault === undefined) return respond();
    this.#record.fault = fault.type;
    return applyFault(fault, {
      respond,
      record: this.#record,
      client: this.#request.signal,
      error: (status, message, errorCode, headers) =>
        this.#error(status, 'the fault you asked for', message, errorCode, headers),
    });
  }

  #rest(text: string): Response {
    const externalId = externalIdOf(parseJson(text));
    const refusal = this.#platform.refusalOf(this.#request);
    if (refusal !== undefined) {
      return this.#error(refusal.status, refusal.why, refusal.message, refusal.errorCode);
    }
    if (!isJson(this.#request)) return this.#notJson();
    if (typeof externalId !== 'string' || externalId === '') {
      return this.#error(400, BAD_EXTERNAL_ID, BAD_EXTERNAL_ID, 'BAD_REQUEST');
    }
    const { code, expiresAt } = this.#issueCode(externalId);
    const expires = new Date(expiresAt).toISOString();
    return json(200, { authentication_code: code, expires_at: expires });
  }

  #graphql(text: string): Response {
    if (!isJson(this.#request)) return this.#notJson();
    const asked = readGraphqlRequest(parseJson(text));
    if (asked === undefined) {
      const message = 'The body must be a JSON object with a query';
      return this.#error(400, 'the body is no JSON object with a query', message, 'BAD_REQUEST');
    }
    this.#record.why = 'the document does not ask for a code as it should';
    const result = runGraphql(asked, (externalId) => {
      this.#record.externalId = externalId;
      const refusal = this.#platform.refusalOf(this.#request);
      if (refusal !== undefined) {
        this.#record.why = refusal.why;
        throw graphqlError(refusal.graphqlCode, refusal.message);
      }
      if (externalId === '') {
        this.#record.why = BAD_EXTERNAL_ID;
        throw graphqlError('BAD_REQUEST', BAD_EXTERNAL_ID);
      }
      return this.#issueCode(externalId).code;
    });
    this.#record.hasErrors = result.errors !== undefined;
    return json(200, result);
  }

  #issueCode(externalId: string) {
    this.#record.why = 'a code';
    return this.#platform.issueCode(externalId, this.#origin);
  }

  #notJson(): Response {
    const message = 'Content-Type must be application/json';
    return this.#error(415, message, message, 'UNSUPPORTED_MEDIA_TYPE');
  }

  #error(
    status: number,
    why: string,
    message: string,
    errorCode: string | undefined,
    headers?: Record<string, string>,
  ): Response {
    this.#record.why = why;
    const code = this.#record.api === 'graphql' ? { code: errorCode } : { errorCode };
    return json(status, { message, ...code, ref: this.#platform.nextRef() }, headers);
  }
}

function isJson(request: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers.get('Content-Type') ?? '');
}

/** The `external_id` of REST, or the variable of GraphQL as the vendor's sample names it. */
function externalIdOf(body: unknown): unknown {
  const { external_id: ofRest, variables } = fieldsOf(body);
  return ofRest ?? fieldsOf(variables).externalId;
}

function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? { ...json } : {};
}
